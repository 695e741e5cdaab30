import { join } from 'node:path';
import { type GitCall, git } from './git.ts';
import type { Repository } from './probe.ts';
import { Failed } from './verdict.ts';
import { hashFile, writeRandom } from './workspace.ts';

export type Transport = Pick<GitCall, 'config' | 'env'> & { readonly url: string };

export interface Trip {
  readonly branch: string;
  readonly bytes: number;
  /** Seconds for each git command. */
  readonly timeout?: number;
}

/** Clone, commit random content on a branch, push, clone afresh, compare. Gives the milliseconds that the push took. */
export async function roundTrip(repository: Repository, transport: Transport, trip: Trip): Promise<number> {
  const { directory, site, onLine } = repository;
  const { url, ...way } = transport;
  const limit = trip.timeout === undefined ? {} : { timeout: trip.timeout };
  // Random bytes do not compress: trying would only measure this machine.
  const config = [...(way.config ?? []), ['core.compression', '0'], ['core.bigFileThreshold', '1m']] as const;
  const run = (cwd: string, ...args: string[]) =>
    git({ args, cwd, ...way, config, signal: site.signal, onLine, ...limit });
  const before = `${trip.branch}-before`;
  const after = `${trip.branch}-after`;
  await run(directory, 'clone', '--quiet', url, before);
  const work = join(directory, before);
  const sent = await writeRandom(join(work, trip.branch), trip.bytes, site.signal);
  await run(work, 'checkout', '--quiet', '--orphan', trip.branch);
  await run(work, 'add', trip.branch);
  await run(work, 'commit', '--quiet', '-m', 'Probe');
  const start = performance.now();
  await run(work, 'push', '--progress', 'origin', `HEAD:refs/heads/${trip.branch}`);
  const took = performance.now() - start;
  await run(directory, 'clone', '--quiet', '--depth', '1', '--branch', trip.branch, url, after);
  const received = await hashFile(join(directory, after, trip.branch));
  if (received !== sent) {
    throw new Failed(
      `what was cloned differs from what was pushed (${received} instead of ${sent})`,
      'check the disk of the host, then git fsck in the repository',
    );
  }
  return took;
}
