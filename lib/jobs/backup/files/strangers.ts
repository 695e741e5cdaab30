import { byteString, entriesOf, printable } from './bytes.ts';
import { type Named, repositoryPath, wikiPath } from './paths.ts';

export interface Strangers {
  /**
   * `owner/x.git` of directories that no row stands for. They must be set aside before Gitea starts: it deletes such a one when
   * somebody makes a repository of its name.
   */
  readonly strangers: readonly string[];
  /** Paths of the repositories that have a row and no directory. */
  readonly missing: readonly string[];
}

/** Compares the directories below `root` with the database. A wiki belongs to its repository, and need not be there. */
export function strangers(root: string, rows: readonly Named[]): Strangers {
  const missing = new Set(rows.map(repositoryPath));
  const wikis = new Set(rows.map(wikiPath));
  const found: string[] = [];
  const base = byteString(root);
  for (const owner of entriesOf(base)) {
    if (!owner.isDirectory()) continue;
    for (const entry of entriesOf(`${base}/${owner.name}`)) {
      if (!entry.isDirectory() || !entry.name.endsWith('.git')) continue;
      const path = `${owner.name}/${entry.name}`;
      if (!missing.delete(path) && !wikis.has(path)) found.push(printable(path));
    }
  }
  return { strangers: found.sort(), missing: [...missing].sort() };
}
