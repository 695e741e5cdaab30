import { setTimeout as sleep } from 'node:timers/promises';
import { RunbookError } from '../../core/errors.ts';
import { type Lock, lock } from '../../engine/lock.ts';
import { operator } from '../../engine/record.ts';
import type { Host } from '../../host/port.ts';

/** The shared lock for a job of a timer. A deploy may be under way: wait for its end, a quarter of an hour at most, rather than count as a failed unit. */
export async function lockPatiently(host: Host, what: string): Promise<Lock> {
  for (let tries = 180; ; tries--) {
    try {
      return await lock(host, { who: operator(), what, mode: 'shared' });
    } catch (error) {
      if (tries === 0 || !(error instanceof RunbookError && error.kind === 'locked')) throw error;
      await sleep(5_000);
    }
  }
}
