import type { CheckResult, CheckStatus } from '../../core/event.ts';

/** A finding; the next step is only for one that is not good. */
export const result = (id: string, status: CheckStatus, title: string, detail: string, next?: string): CheckResult => ({
  id,
  title,
  status,
  detail,
  ...(next && status !== 'pass' ? { next } : {}),
  took: 0,
});
