import type { Moved } from '../../../core/generation.ts';
import { type Rows, repositoryPath } from '../../backup/index.ts';

type Row = Rows['repositories'][number];

/** A repository's directory that has another name than the database has it by: `owner/name.git`. */
export interface Placement {
  readonly from: string;
  readonly to: string;
}

/**
 * Which directories have to be renamed so that each has the name of its row; pure. A repository that was renamed after the
 * moment that the database is of lies under the name that it had when its files were read, or under that of the restore point.
 * What lies under the name that it shall have is not it then, but what an older layer had of it, or another one. `there` says
 * which directories there are.
 */
export function placements(
  rows: readonly Row[],
  atPoint: readonly Row[],
  { renamed }: Moved,
  there: (path: string) => boolean,
): readonly Placement[] {
  const point = pathsOf(atPoint);
  const read = new Map([...point, ...renamed.map(({ id, to }) => [id, to] as const)]);
  const readers = new Map([...read].map(([id, path]) => [path, id]));
  return rows.flatMap((row) => {
    const to = repositoryPath(row);
    const from = [read.get(row.id), point.get(row.id)].find(
      (path) => path !== undefined && (readers.get(path) ?? row.id) === row.id && there(path),
    );
    return from === undefined || from === to ? [] : [{ from, to }];
  });
}

/** By what path of the list of refs, which is of the restore point, a repository is known in the database; pure. */
export function renamedSince(rows: readonly Row[], atPoint: readonly Row[]): ReadonlyMap<string, string> {
  const point = pathsOf(atPoint);
  return new Map(
    rows.flatMap((row) => {
      const [was, is] = [point.get(row.id), repositoryPath(row)];
      return was === undefined || was === is ? [] : [[was, is] as const, [wikiOf(was), wikiOf(is)] as const];
    }),
  );
}

/**
 * Directories of repositories, and of their wikis, that were deleted while they were read, by the names of their rows; pure. What
 * was read of such a one may be half of it, unless the whole generation below (`below`: its rows) has it too. By id: another one
 * may have had its name at the moment that the database is of.
 */
export function torn(rows: readonly Row[], { deleted }: Moved, below: readonly Row[]): readonly string[] {
  const had = new Set(below.map(({ id }) => id));
  const gone = new Set(deleted.map(({ id }) => id).filter((id) => !had.has(id)));
  return rows
    .filter(({ id }) => gone.has(id))
    .map(repositoryPath)
    .flatMap((path) => [path, wikiOf(path)]);
}

/**
 * Which of the directories that no row stands for are what the whole generation below had of a repository that was renamed or
 * deleted between the two; pure. `below`: its rows. Nothing of such a one is missed.
 */
export function outdated(paths: readonly string[], below: readonly Row[]): ReadonlySet<string> {
  const had = new Set(pathsOf(below).values());
  return new Set(paths.filter((path) => had.has(path) || had.has(path.replace(/\.wiki\.git$/, '.git'))));
}

const pathsOf = (rows: readonly Row[]) => new Map(rows.map((row) => [row.id, repositoryPath(row)]));

export const wikiOf = (path: string) => path.replace(/\.git$/, '.wiki.git');
