import { lstatSync, type Stats } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { byteString, entriesOf, native, printable } from './bytes.ts';
import { tick } from './signature.ts';

/** How many directories are looked at before others get their turn. */
const atOnce = 256;

/** Where Gitea writes an upload before it moves it to its place, at the top of each storage. */
const uploads = 'tmp';

/**
 * The regular files below these folders that were made, written or moved there since then (ms epoch, with a margin for file
 * systems that count in seconds). For Gitea's storages: LFS, attachments, avatars, packages, logs and artifacts of Actions.
 * Gitea puts each file there by a rename, so a folder that has no folders in it and has not moved is not even opened. What
 * vanishes meanwhile, and a root that is not there, is left out. Paths come as they are on the disk, one that is not UTF-8
 * with marks in it.
 */
export async function newerFiles(roots: readonly string[], since: number): Promise<string[]> {
  const limit = since - tick;
  const found: string[] = [];
  const open = roots.map(byteString);
  const tops = new Set(open);
  for (let count = 1; open.length > 0; count += 1) {
    if (count % atOnce === 0) await setImmediate();
    const folder = open.pop()!;
    const stat = statOf(folder);
    if (!stat?.isDirectory() || isSettledLeaf(stat, limit)) continue;
    for (const entry of entriesOf(folder)) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!(tops.has(folder) && entry.name === uploads)) open.push(path);
      } else if (entry.isFile()) {
        const file = statOf(path);
        if (file && newest(file) >= limit) found.push(printable(path));
      }
    }
  }
  return found.sort();
}

const statOf = (path: string): Stats | undefined => lstatSync(native(path), { throwIfNoEntry: false });

const newest = ({ mtimeMs, ctimeMs }: Stats): number => Math.max(mtimeMs, ctimeMs);

/** Two links are its name and its own `.`; each folder in it would be one more. Where links are not counted there is one. */
const isSettledLeaf = (stat: Stats, limit: number): boolean => stat.nlink === 2 && newest(stat) < limit;
