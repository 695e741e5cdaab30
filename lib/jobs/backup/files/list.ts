import { type Dirent, readdirSync } from 'node:fs';
import { entriesOf, native, printable } from './bytes.ts';
import { isRepositoryPath } from './paths.ts';
import { inByteOrder } from './refs-text.ts';

export interface Listed {
  /** `owner/name.git` of each directory that may be a repository, sorted by bytes. */
  readonly paths: readonly string[];
  readonly degraded: readonly string[];
}

/** The repositories below a folder (a byte string), wikis among them. Throws when the folder cannot be read. */
export function listRepositories(root: string): Listed {
  const paths: string[] = [];
  const degraded: string[] = [];
  const note = (entry: Dirent, path: string) => {
    if (entry.isSymbolicLink()) degraded.push(`${printable(path)} is a symbolic link: what it leads to is not saved`);
    else if (entry.isDirectory() && path.endsWith('.git')) {
      degraded.push(`${printable(path)} has a name that Gitea gives to no repository: its refs are not saved apart`);
    }
  };
  for (const owner of readdirSync(native(root), { withFileTypes: true, encoding: 'latin1' })) {
    if (!owner.isDirectory()) {
      note(owner, owner.name);
      continue;
    }
    for (const entry of entriesOf(`${root}/${owner.name}`)) {
      const path = `${owner.name}/${entry.name}`;
      if (entry.isDirectory() && isRepositoryPath(path)) paths.push(path);
      else note(entry, path);
    }
  }
  return { paths: paths.sort(inByteOrder), degraded };
}
