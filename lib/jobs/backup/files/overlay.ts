import { lstatSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { byteString, native } from './bytes.ts';
import { listRepositories } from './list.ts';
import { readRefs } from './read-refs.ts';
import type { RepositoryRefs } from './refs-text.ts';
import { type Owner, removeLocks, writeRefs } from './write-refs.ts';

export interface Overlaid {
  /** Repositories that had other refs, or broken ones. */
  readonly changed: readonly string[];
  /** On the disk and not in the list: not touched. */
  readonly unlisted: readonly string[];
  /** In the list, without a directory. */
  readonly missing: readonly string[];
}

/** How many repositories are written before others get their turn. */
const atOnce = 64;

/**
 * Makes the refs of every listed repository below `root` exactly those of the list, HEAD among them. For restored files that
 * nobody uses yet: it takes away what other processes have locked. Reflogs stay; a repository that has its refs already is not
 * written to, so that what git knows of its tags stays. May be cut off anywhere and called again. Throws what the system says.
 */
export async function overlay(root: string, list: Iterable<RepositoryRefs>, owner: Owner): Promise<Overlaid> {
  const base = byteString(root);
  const unlisted = new Set(listRepositories(base).paths);
  const changed: string[] = [];
  const missing: string[] = [];
  let count = 0;
  for (const repository of list) {
    if (count % atOnce === 0) await setImmediate();
    count += 1;
    const directory = `${base}/${repository.path}`;
    unlisted.delete(repository.path);
    if (!isDirectory(directory)) {
      missing.push(repository.path);
      continue;
    }
    removeLocks(directory);
    if (hasThem(directory, repository)) continue;
    writeRefs(directory, repository, owner);
    changed.push(repository.path);
  }
  return { changed, unlisted: [...unlisted], missing };
}

const isDirectory = (path: string): boolean =>
  lstatSync(native(path), { throwIfNoEntry: false })?.isDirectory() ?? false;

function hasThem(directory: string, { head, refs }: RepositoryRefs): boolean {
  const found = readRefs(directory);
  if (found.head !== head || found.broken.length > 0 || found.litter.length > 0 || found.refs.size !== refs.size) {
    return false;
  }
  for (const [name, value] of refs) if (found.refs.get(name) !== value) return false;
  return isDirectory(`${directory}/refs`);
}
