import { createHash } from 'node:crypto';
import { type BigIntStats, statSync } from 'node:fs';
import { codeOf, native } from './bytes.ts';

/**
 * What git and Gitea move in a repository when anything in it changes, apart from the directories below `refs`. git puts each
 * file in its place by a rename, so the directory tells; HEAD, config and packed-refs are asked for by themselves because
 * people edit them. `info` has info/refs; hooks are rewritten by Gitea. Not here: objects/xx, which a push moves only with
 * `objects` or a directory of refs, and `logs`, which no restore needs.
 */
const watched = ['', 'HEAD', 'config', 'packed-refs', 'objects', 'objects/pack', 'objects/info', 'info'].concat([
  'hooks',
  'hooks/pre-receive.d',
  'hooks/update.d',
  'hooks/post-receive.d',
  'hooks/proc-receive.d',
]);

/** A change within this many milliseconds of another may bear the same time: file systems count in ticks, some in seconds. */
export const tick = 3000;

/** Collects inode, mtime and ctime of files. ctime sees a rename, which leaves the mtime as it was. */
export class Signature {
  #text = '';
  #newest = 0n;

  add(path: string): void {
    const stat = statOf(path);
    if (typeof stat === 'string') {
      this.#text += `${stat};`;
      return;
    }
    this.#text += `${stat.ino},${stat.mtimeNs},${stat.ctimeNs};`;
    if (stat.mtimeNs > this.#newest) this.#newest = stat.mtimeNs;
    if (stat.ctimeNs > this.#newest) this.#newest = stat.ctimeNs;
  }

  /** Whether the newest change is long enough ago for the next one to bear another time. `now`: ms epoch, before any stat. */
  settledAt(now: number): boolean {
    return this.#newest > 0n && Number(this.#newest / 1_000_000n) < now - tick;
  }

  /** 96 bits of a hash: short enough to keep one for each of many repositories. */
  toString(): string {
    return createHash('sha1').update(this.#text).digest('base64').slice(0, 16);
  }
}

/** Or why there is none, which is a property like any other: who reads the file says it aloud. */
function statOf(path: string): BigIntStats | string {
  try {
    return statSync(native(path), { bigint: true, throwIfNoEntry: false }) ?? '-';
  } catch (error) {
    return codeOf(error);
  }
}

export function watch(signature: Signature, directory: string): void {
  for (const name of watched) signature.add(name === '' ? directory : `${directory}/${name}`);
}

/** The signature of a repository whose directories below and with `refs` are known. A new one among them moves its parent. */
export function signatureOf(directory: string, directories: readonly string[]): string {
  const signature = new Signature();
  watch(signature, directory);
  for (const name of directories) signature.add(`${directory}/${name}`);
  return signature.toString();
}
