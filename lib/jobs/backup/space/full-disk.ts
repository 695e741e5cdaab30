import { statfsSync, statSync } from 'node:fs';
import type { Config } from '../../../config/config.types.ts';
import { RunbookError } from '../../../core/errors.ts';
import { size } from '../../../core/size.ts';
import { backupPaths } from '../../../phases/layout.ts';
import { chainNow, dropOthers } from '../database/index.ts';
import { beingCopied } from '../off-host/index.ts';
import type { Work } from '../store/index.ts';

/** Of each disk so much stays free, for the log of the database and for others: a part of it, and at most so many bytes. */
const reserve = { part: 0.02, most: 512 * 1024 ** 2 };

const next =
  'docs/runbooks/disk-full.md. Nothing of what there is was touched, and the next run with room goes on by itself';

/** Free bytes and size of the disk of a folder. */
function diskOf(path: string) {
  const { bavail, blocks, bsize } = statfsSync(path);
  return { device: statSync(path).dev, free: bavail * bsize, size: blocks * bsize };
}

/**
 * Throws `refused` where a disk of the backups has less left than its reserve; looks at the folders of each disk of its own too.
 * Copies of the database that came to nothing go first.
 */
export function mustHaveReserve(config: Config): void {
  dropOthers(config, chainNow(config));
  const paths = backupPaths(config);
  for (const path of [paths.root, paths.archive, paths.recent, paths.base, paths.wal, paths.stage]) {
    const { free, size: whole } = diskOf(path);
    const kept = Math.min(whole * reserve.part, reserve.most);
    if (free >= kept) continue;
    const what = `the disk of ${path} has ${size(free)} left, and ${size(kept)} stay free for the log of the database`;
    throw new RunbookError('refused', { what, next });
  }
}

const fullWords = /no space left on device|ENOSPC|disk quota exceeded|EDQUOT/i;

/** Whether a failure is that of a full disk. */
export function saysFull(error: unknown): boolean {
  const text = error instanceof RunbookError ? `${error.parts.what}\n${error.parts.cause ?? ''}` : String(error);
  return fullWords.test(text);
}

/** Work of which a file that could not be written names the disk and what to do. What a place off the host says is of its disk. */
export async function namingFullDisk<T>(config: Config, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const own = !(error instanceof RunbookError) && saysFull(error);
    throw own ? fullDisk(config, error) : error;
  }
}

/** The failure of a full disk, with the disk that it was and what to do. */
export function fullDisk(config: Config, error: unknown): RunbookError {
  const paths = backupPaths(config);
  const folders = ['stage', 'archive', 'recent', 'base', 'wal', 'cache'] as const;
  const disks = folders.map((folder) => ({ path: paths[folder], ...diskOf(paths[folder]) }));
  const { path, device, free, size: whole } = disks.sort((a, b) => a.free - b.free)[0]!;
  const named = device === diskOf(paths.root).device ? paths.root : path;
  const own =
    error instanceof RunbookError ? error.parts : { what: 'a file could not be written', cause: String(error) };
  return new RunbookError(
    'changeFailed',
    {
      what: `the disk of ${named} is full (${size(free)} of ${size(whole)} left): ${own.what}`,
      ...(own.cause ? { cause: own.cause } : {}),
      next,
    },
    { cause: error },
  );
}

/** Takes away what a run has written before its disk was full: it would keep the next one from having room. */
export async function clearAway({ config, host, restic, tell }: Work): Promise<void> {
  dropOthers(config, chainNow(config));
  if (await beingCopied(host)) return;
  // Only what nothing names: nothing is written again, for which there is no room.
  const script = ['archive', 'recent'].map((name) => `${name} prune --quiet --max-unused unlimited`).join('\n');
  const { code } = await restic({ what: 'clear-away', place: 'local', script, timeout: 3600 });
  tell(code === 0 ? 'what was written of it was taken away again' : 'what was written of it could not be taken away');
}
