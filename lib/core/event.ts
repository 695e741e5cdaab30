import type { Change } from './change.ts';
import type { InfraSummary } from './infra.ts';

export type CheckStatus = 'pass' | 'fail' | 'warn' | 'skip';

/** The outcome of one check. A failed one says what to do next. */
export interface CheckResult {
  readonly id: string;
  readonly title: string;
  readonly status: CheckStatus;
  readonly detail: string;
  readonly next?: string;
  /** Milliseconds that the check took. */
  readonly took: number;
}

export type Outcome = 'converged' | 'changed' | 'planned' | 'failed' | 'interrupted';

/** Everything the library has to say while it works. Renderers print; the library does not. Times are milliseconds. */
export type RunEvent =
  | { readonly type: 'step'; readonly text: string; readonly took?: number }
  | { readonly type: 'plan'; readonly host: string; readonly changes: readonly Change[]; readonly unchanged: number }
  | { readonly type: 'infra'; readonly place: string; readonly summary: InfraSummary }
  | { readonly type: 'change.start'; readonly change: Change; readonly index: number; readonly total: number }
  | { readonly type: 'change.output'; readonly change: Change; readonly line: string }
  | {
      readonly type: 'change.end';
      readonly change: Change;
      readonly took: number;
      readonly ok: boolean;
      readonly error?: string;
    }
  | { readonly type: 'check'; readonly result: CheckResult }
  | { readonly type: 'warning'; readonly text: string }
  | { readonly type: 'end'; readonly outcome: Outcome; readonly took: number; readonly changes: number };

export type OnEvent = (event: RunEvent) => void;
