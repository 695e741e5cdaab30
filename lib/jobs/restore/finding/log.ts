import { chownSync, closeSync, copyFileSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { RunbookError } from '../../../core/errors.ts';
import type { Manifest, RestorePoint } from '../../../core/generation.ts';
import { beginOf, gapIn, lastWords, type Place, type Restic, segmentOf } from '../../backup/index.ts';

/** The log of the database behind the restore point of the newest generation. */
export interface Log {
  /** Up to which moment (ISO 8601) it is replayed; all that there is where none is named. */
  readonly until?: string;
  /** The snapshot that holds it, in `recent` off the host. On the host it lies in the folder that it is received in. */
  readonly snapshot?: string;
}

const file = /^[0-9A-F]{24}(\.partial)?$/;

/** When the log of the host was last written, in milliseconds since 1970; undefined where there is none. */
export function writtenAt(directory: string): number | undefined {
  const times = namesIn(directory).map((name) => statSync(`${directory}/${name}`, { throwIfNoEntry: false })?.mtimeMs);
  return times.length === 0 ? undefined : Math.max(...times.map((time) => time ?? 0));
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory).filter((name) => file.test(name));
  } catch {
    return [];
  }
}

/** Seconds. */
const limit = 6 * 3600;

/**
 * Lays the log behind a generation over the one that came with it, in `folder`. `received`: where the host receives it.
 * Throws `changeFailed`.
 */
export async function fetchLog(
  { restic, tell }: { restic: Restic; tell: (text: string) => void },
  where: { what: string; place: Place; log: Log; folder: string; received: string },
  { database }: Pick<Manifest, 'database'>,
): Promise<void> {
  const { what, place, log, folder, received } = where;
  tell('getting the log of the database behind it');
  const target = `${folder}/generation/wal`;
  if (log.snapshot === undefined) return copyFrom(received, target, database.point);
  const mounts = [{ source: folder, target: '/target', writable: true }];
  const script = `recent restore --no-lock ${log.snapshot} --target /target`;
  const output = await restic({ what, place, script, mounts, restores: true, timeout: limit, onLine: tell });
  if (output.code === 0) return;
  throw new RunbookError('changeFailed', {
    what: 'the log of the database behind the newest generation could not be restored',
    cause: lastWords(output),
    next: 'nothing in use was touched. The same command again goes on; --to latest needs none of it',
  });
}

/** While it is received: the newest file gets its final name some time, and a new one begins. */
function copyFrom(received: string, target: string, point: Pick<RestorePoint, 'timeline' | 'lsn'>): void {
  const first = segmentOf(point.timeline, point.lsn);
  for (let again = true; again; ) {
    again = false;
    for (const name of namesIn(received)
      .filter((one) => one.slice(0, 24) >= first)
      .sort()) {
      try {
        const { uid, gid } = statSync(`${received}/${name}`);
        copyFileSync(`${received}/${name}`, `${target}/${name}`);
        // PostgreSQL takes a file that it may not read for one that is not there.
        chownSync(`${target}/${name}`, uid, gid);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        again = true;
      }
    }
  }
}

/**
 * What of the log is missing behind a restore point, up to the newest file that there is; pure. Only that one may be half of
 * one: PostgreSQL takes a half one in the middle for the end, and a file that is missing too, and says nothing.
 */
export function holeBehind(
  names: readonly string[],
  point: Pick<RestorePoint, 'timeline' | 'lsn'>,
): { readonly first: string; readonly last: string } | undefined {
  const line = segmentOf(point.timeline, point.lsn).slice(0, 8);
  const own = names.filter((name) => file.test(name) && name.startsWith(line));
  const newest = own
    .map((name) => name.slice(0, 24))
    .sort()
    .at(-1);
  const usable = own.filter((name) => name.length === 24 || name.startsWith(newest!)).map((name) => name.slice(0, 24));
  const end = newest === undefined ? point.lsn : beginOf(newest);
  return gapIn(usable, point, { timeline: point.timeline, lsn: end });
}

/** Which database the first bytes of a file of the log are of; undefined where nothing has been written to it yet; pure. */
export function systemIn(head: Buffer): string | undefined {
  const system = head.length < 32 ? 0n : head.readBigUInt64LE(24);
  return system === 0n ? undefined : String(system);
}

/**
 * Throws `refused` for a log that leads elsewhere than on from the restore point: of another database, or of one that was
 * brought back meanwhile and went another way from there.
 */
export function mustLeadOn(directory: string, { database }: Pick<Manifest, 'database'>): void {
  const { point, system } = database;
  const first = segmentOf(point.timeline, point.lsn);
  const behind = namesIn(directory).filter((name) => name.slice(8, 24) >= first.slice(8));
  const other = behind.find((name) => ![undefined, system].includes(systemIn(headOf(`${directory}/${name}`))));
  const line = behind.find((name) => name.slice(0, 8) > first.slice(0, 8));
  const why = other
    ? `${other} is of another database`
    : line && `the database was restored after it, and its log went another way: ${line}`;
  if (!why) return;
  throw new RunbookError('refused', {
    what: 'the log of the database does not lead on from the newest generation',
    cause: why,
    next: 'nothing in use was touched. --to latest takes the generation without it',
  });
}

function headOf(path: string): Buffer {
  const head = Buffer.alloc(32);
  const handle = openSync(path, 'r');
  try {
    return head.subarray(0, readSync(handle, head, 0, head.length, 0));
  } finally {
    closeSync(handle);
  }
}

/** For the sentence of a refusal: which files of the log are missing. */
export const namesOf = ({ first, last }: { readonly first: string; readonly last: string }) =>
  first === last ? first : `${first} to ${last}`;
