import { setTimeout as sleep } from 'node:timers/promises';
import { RunbookError } from '../core/errors.ts';
import { call } from './call.ts';
import { route53 } from './clients.ts';
import { type Aws, placeOf } from './settings.ts';

export interface SyncOptions {
  /** Seconds to wait at most; Route 53 promises 60. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

/** Waits until all of Route 53's name servers know a change. Throws `changeFailed` when the limit is over. */
export async function waitInSync(aws: Aws, changeId: string, { limit = 120, signal }: SyncOptions = {}): Promise<void> {
  const client = await route53(aws);
  const end = performance.now() + limit * 1000;
  for (;;) {
    const { ChangeInfo } = await call(aws, `route53:GetChange on ${changeId}`, (options) =>
      client.getChange({ Id: changeId }, options),
    );
    if (ChangeInfo?.Status === 'INSYNC') return;
    if (performance.now() > end) break;
    await sleep(2000, undefined, signal ? { signal } : {});
  }
  throw new RunbookError('changeFailed', {
    where: placeOf(aws),
    what: `Route 53 has not brought the change ${changeId} to all its name servers within ${limit} s`,
    next: `it goes on by itself; look with: aws route53 get-change --id ${changeId}`,
  });
}
