import type { CheckResult } from '../core/event.ts';
import { explain } from './explain.ts';
import type { Site } from './site.ts';
import type { Verdict } from './verdict.ts';

/** One thing to look at from outside. */
export interface Check {
  readonly id: string;
  readonly title: string;
  readonly look: (site: Site) => Promise<Verdict>;
}

/** Looks, takes the time, and turns whatever goes wrong on the way into a failed check with a next step. Never rejects. */
export async function perform(check: Check, site: Site): Promise<CheckResult> {
  const start = performance.now();
  const verdict = await check.look(site).catch((error: unknown) => explain(error, site.domain));
  return { id: check.id, title: check.title, ...verdict, took: Math.round(performance.now() - start) };
}
