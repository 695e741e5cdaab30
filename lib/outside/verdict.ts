import type { CheckStatus } from '../core/event.ts';

/** What a check found. Every failed or doubtful one says what to do next. */
export interface Verdict {
  readonly status: CheckStatus;
  readonly detail: string;
  readonly next?: string;
}

export const pass = (detail: string): Verdict => ({ status: 'pass', detail });
export const skip = (detail: string): Verdict => ({ status: 'skip', detail });
export const warn = (detail: string, next: string): Verdict => ({ status: 'warn', detail, next });
export const fail = (detail: string, next: string): Verdict => ({ status: 'fail', detail, next });

/** A verdict that is reached deep inside a check. */
export class Failed extends Error {
  readonly verdict: Verdict;

  constructor(detail: string, next: string) {
    super(detail);
    this.verdict = fail(detail, next);
  }
}
