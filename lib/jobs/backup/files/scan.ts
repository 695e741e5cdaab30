import { setImmediate } from 'node:timers/promises';
import { sha256 } from '../../../core/hash.ts';
import { byteString, codeOf } from './bytes.ts';
import { listRepositories } from './list.ts';
import { type Reading, readRefs } from './read-refs.ts';
import { formatRepository } from './refs-text.ts';
import { type Before, knownOf, type Seen, type SeenRepository } from './seen.ts';
import { signatureOf } from './signature.ts';

export interface Scan {
  /** refs.txt: every ref that was there from the beginning to the end of the scan, each with a value that it had meanwhile. */
  readonly refs: Buffer;
  /** For the next scan, with `refs`; to be kept only when what the scan was for succeeded. */
  readonly seen: Seen;
  /** Paths of the repositories that may have changed since the scan before; of all when there was none. */
  readonly changed: readonly string[];
  /** Those of the scan before that are not there any more. */
  readonly gone: readonly string[];
  readonly repositories: number;
  /** Sentences about what could not be read as it should. */
  readonly degraded: readonly string[];
}

/** How many repositories are looked at before others get their turn: a signal, a timer. */
const atOnce = 64;

/**
 * Reads the refs of all repositories below `root`, while others write to them. A repository that looks as it did `before` costs
 * its stats and nothing else. One that vanishes meanwhile is left out; who needs to know compares the database before and after.
 * Throws when `root` itself cannot be read. `clock`: ms epoch, the one that the file system goes by.
 */
export async function scan(root: string, before?: Before, clock: () => number = Date.now): Promise<Scan> {
  const base = byteString(root);
  const known = knownOf(before);
  const listed = listRepositories(base);
  const parts: Buffer[] = [];
  const repositories: SeenRepository[] = [];
  const changed: string[] = [];
  const degraded = [...listed.degraded];
  let count = 0;
  for (const [index, path] of listed.paths.entries()) {
    if (index % atOnce === 0) await setImmediate();
    const directory = `${base}/${path}`;
    const old = known.get(path);
    if (old && old.mark !== '' && old.mark === signatureOf(directory, old.directories)) {
      const { text, ...same } = old;
      parts.push(text);
      repositories.push(same);
    } else {
      const fresh = look(directory, path, clock());
      if (!fresh) continue;
      parts.push(fresh.text);
      repositories.push(fresh.seen);
      changed.push(path);
    }
    known.delete(path);
    const last = repositories.at(-1)!;
    if (last.bytes > 0) count += 1;
    degraded.push(...(last.degraded ?? []));
  }
  const refs = Buffer.concat(parts);
  return {
    refs,
    seen: { format: 1, refs: sha256(refs), repositories },
    changed,
    gone: [...known.keys()],
    repositories: count,
    degraded,
  };
}

function look(directory: string, path: string, now: number): { text: Buffer; seen: SeenRepository } | undefined {
  let reading: Reading;
  try {
    reading = readRefs(directory);
  } catch (error) {
    // One repository that cannot be read must not cost the backup of all others.
    const degraded = [`${path} cannot be read: ${codeOf(error)}`];
    return { text: Buffer.alloc(0), seen: { path, mark: '', directories: [], bytes: 0, degraded } };
  }
  const settled = reading.signature.settledAt(now);
  const broken = [...reading.broken];
  if (reading.head === '' && broken.length === 0) {
    // It is being made or deleted, unless nobody has touched it for a while, nor since it was looked at.
    if (!settled || String(reading.signature) !== signatureOf(directory, reading.directories)) return undefined;
    broken.push('has no HEAD that git would take: it is no repository to git, and its refs are not saved apart');
  }
  const text =
    reading.head === '' ? Buffer.alloc(0) : formatRepository({ path, head: reading.head, refs: reading.refs });
  const seen = {
    path,
    // What is broken is read again until it is not: a reftable changes in ways that a signature does not see.
    mark: settled && broken.length === 0 ? reading.signature.toString() : '',
    directories: reading.directories,
    bytes: text.length,
  };
  return { text, seen: broken.length === 0 ? seen : { ...seen, degraded: broken.map((end) => `${path} ${end}`) } };
}
