import { chownSync, lstatSync, mkdirSync, renameSync, rmdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path/posix';
import { entriesOf, native, readBytes } from './bytes.ts';
import { inByteOrder, isSymbolic, type RepositoryRefs } from './refs-text.ts';

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** Without these git takes a directory for no repository, or (the last two) makes them again by itself. */
const folders = ['refs', 'refs/heads', 'refs/tags'];

/**
 * Writes the refs of a repository that nobody uses. All go into packed-refs first, so that a cut leaves loose ones over it and
 * none is lost; then the loose ones go. Symbolic refs cannot be packed and are written as files.
 */
export function writeRefs(directory: string, { head, refs }: RepositoryRefs, owner: Owner): void {
  makeFolder(`${directory}/refs`, owner);
  put(`${directory}/packed-refs`, packedRefs(refs), owner);
  clear(directory, 'refs');
  for (const folder of folders) makeFolder(`${directory}/${folder}`, owner);
  for (const [name, value] of refs) {
    if (!isSymbolic(value)) continue;
    for (const folder of foldersOf(name)) makeFolder(`${directory}/${folder}`, owner);
    put(`${directory}/${name}`, `${value}\n`, owner);
  }
  // Seldom another one, and to replace a file costs a wait for the disk.
  if (readBytes(`${directory}/HEAD`) !== `${head}\n`) put(`${directory}/HEAD`, `${head}\n`, owner);
}

/**
 * Sorted is all that may be said of it: `peeled` would promise that a tag without a line of what it stands for stands for
 * nothing, and only the objects tell that. git looks it up as long as it is not promised, and promises it at its next packing.
 */
export function packedRefs(refs: ReadonlyMap<string, string>): string {
  const names = [...refs.keys()].filter((name) => !isSymbolic(refs.get(name)!)).sort(inByteOrder);
  return `# pack-refs with: sorted \n${names.map((name) => `${refs.get(name)} ${name}\n`).join('')}`;
}

/** What git, killed while it worked, leaves behind: it refuses to work until that is gone. Other processes must not be at work. */
export function removeLocks(directory: string): void {
  for (const folder of ['', 'objects/info', 'objects/info/commit-graphs', 'objects/pack']) {
    removeLocksIn(`${directory}/${folder}`, false);
  }
  removeLocksIn(`${directory}/refs`, true);
  removeLocksIn(`${directory}/logs`, true);
}

function removeLocksIn(folder: string, deep: boolean): void {
  for (const entry of entriesOf(folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (deep) removeLocksIn(path, deep);
    } else if (/\.lock$|^packed-refs\.new$|^gc\.pid$/.test(entry.name)) unlinkSync(native(path));
  }
}

/** Takes away all that lies below a folder. Follows no link. */
function clear(directory: string, folder: string): void {
  for (const entry of entriesOf(`${directory}/${folder}`)) {
    const name = `${folder}/${entry.name}`;
    if (!entry.isDirectory()) unlinkSync(native(`${directory}/${name}`));
    else {
      clear(directory, name);
      rmdirSync(native(`${directory}/${name}`));
    }
  }
}

/** `refs/a/b/c`: `refs/a`, `refs/a/b`. */
const foldersOf = (name: string): string[] => {
  const parent = dirname(name);
  return parent === 'refs' ? [] : [...foldersOf(parent), parent];
};

function makeFolder(path: string, { uid, gid }: Owner): void {
  const stat = lstatSync(native(path), { throwIfNoEntry: false });
  if (stat?.isDirectory()) return;
  if (stat) unlinkSync(native(path));
  mkdirSync(native(path), { mode: 0o755 });
  chownSync(native(path), uid, gid);
}

/**
 * In one step, by the name that git itself would take for it while it writes: what a cut leaves is a lock, which the next call
 * takes away. The name must be free, so that root follows no link that somebody put there.
 */
function put(path: string, content: string, { uid, gid }: Owner): void {
  const next = native(`${path}.lock`);
  writeFileSync(next, content, { encoding: 'latin1', flag: 'wx', mode: 0o644 });
  chownSync(next, uid, gid);
  renameSync(next, native(path));
}
