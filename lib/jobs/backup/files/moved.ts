import { type Named, repositoryPath, wikiPath } from './paths.ts';

export interface Identified extends Named {
  readonly id: number;
}

/** What happened to repositories between two lists of them, by id. Paths are those of the files, in lower case. */
export interface Moved {
  readonly renamed: readonly { readonly id: number; readonly from: string; readonly to: string }[];
  readonly deleted: readonly { readonly id: number; readonly path: string }[];
  readonly made: readonly { readonly id: number; readonly path: string }[];
  /**
   * Paths to be saved again, sorted: a scan of the files that ran meanwhile may have seen a renamed repository under neither
   * name. Wikis are among them, whether there is one or not.
   */
  readonly again: readonly string[];
}

/** `before` is the list of the restore point, `after` one of when the files had been read. */
export function moved(before: readonly Identified[], after: readonly Identified[]): Moved {
  const old = new Map(before.map((row) => [row.id, row]));
  const fresh = new Map(after.map((row) => [row.id, row]));
  const renamed = after.flatMap((row) => {
    const was = old.get(row.id);
    const [from, to] = [was && repositoryPath(was), repositoryPath(row)];
    return from === undefined || from === to ? [] : [{ id: row.id, from, to }];
  });
  const made = after.filter(({ id }) => !old.has(id));
  const again = [...made, ...renamed.map(({ id }) => fresh.get(id)!)];
  return {
    renamed,
    deleted: before.filter(({ id }) => !fresh.has(id)).map((row) => ({ id: row.id, path: repositoryPath(row) })),
    made: made.map((row) => ({ id: row.id, path: repositoryPath(row) })),
    again: [...new Set(again.flatMap((row) => [repositoryPath(row), wikiPath(row)]))].sort(),
  };
}
