/** GITEA__section__KEY and GITEA__section__KEY__FILE into app.ini, on every start of the container. */
import { readFileSync } from 'node:fs';
import { getKey, type Ini, setKey } from './ini.ts';

const PREFIX = 'GITEA__';
const FILE_SUFFIX = '__FILE';
const ESCAPE = /_0[xX]((?:[0-9a-fA-F]{2})+)_/g;

export interface EnvKey {
  section: string;
  key: string;
  fromFile: boolean;
}

/** Decodes an environment name; undefined for names that are not of the form GITEA__section__KEY. */
export function decodeEnvName(name: string): EnvKey | undefined {
  if (!name.startsWith(PREFIX)) return undefined;
  const fromFile = name.endsWith(FILE_SUFFIX);
  const encoded = name.slice(PREFIX.length, fromFile ? -FILE_SUFFIX.length : undefined);
  let section = '';
  let key = '';
  let inKey = false;
  const plain = (text: string): void => {
    // Only an unescaped "__" parts section from key, and only the first one.
    const split = inKey ? -1 : text.indexOf('__');
    if (inKey) key += text;
    else if (split < 0) section += text;
    else {
      section += text.slice(0, split);
      key += text.slice(split + 2);
      inKey = true;
    }
  };
  let last = 0;
  for (const match of encoded.matchAll(ESCAPE)) {
    plain(encoded.slice(last, match.index));
    const decoded = Buffer.from(match[1] as string, 'hex').toString();
    if (inKey) key += decoded;
    else section += decoded;
    last = match.index + match[0].length;
  }
  plain(encoded.slice(last));
  return key === '' ? undefined : { section: section.toLowerCase(), key, fromFile };
}

export interface Merge {
  changed: boolean;
  /** One text for each file that could not be read; Gitea goes on with the old value. */
  errors: string[];
}

/** Merges the environment into `ini`: additive, an absent variable leaves its old value. */
export function mergeEnvironment(ini: Ini, env: Record<string, string | undefined>): Merge {
  const merge: Merge = { changed: false, errors: [] };
  for (const [name, given] of Object.entries(env)) {
    const target = decodeEnvName(name);
    if (!target || given === undefined) continue;
    let value = given;
    if (target.fromFile) {
      try {
        value = readFileSync(given, 'utf8').replace(/\r?\n$/, '');
      } catch (error) {
        // One argument too many for the format: this is how the line looks in Gitea's log.
        merge.errors.push(`Error reading file for ${name} : ${given}%!(EXTRA *fs.PathError=${goPathError(error)})`);
        continue;
      }
    }
    if (getKey(ini, target.section, target.key) === value) continue;
    setKey(ini, target.section, target.key, value);
    merge.changed = true;
  }
  return merge;
}

/** A file error in Go's words. */
export function goPathError(error: unknown): string {
  const { code, path } = error as NodeJS.ErrnoException;
  const words: Record<string, string> = {
    ENOENT: 'no such file or directory',
    EACCES: 'permission denied',
    EISDIR: 'is a directory',
    EROFS: 'read-only file system',
    EPERM: 'operation not permitted',
    ENOSPC: 'no space left on device',
  };
  const verb = code === 'EISDIR' ? 'read' : 'open';
  return `${verb} ${path ?? ''}: ${words[code ?? ''] ?? String(error)}`;
}
