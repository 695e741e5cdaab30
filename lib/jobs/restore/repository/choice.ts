import { distance } from '../../../core/distance.ts';
import { RunbookError } from '../../../core/errors.ts';
import type { Manifest } from '../../../core/generation.ts';
import { type RepositoryRow, repositoryPath, wikiPath } from '../../backup/index.ts';

/** A repository as people write it: `owner/name`. */
export interface Name {
  readonly owner: string;
  readonly name: string;
}

export const fullName = ({ owner, name }: Name) => `${owner}/${name}`;

const nameOf = (text: string): Name | undefined => {
  const [, owner, name] = /^([\w.-]+)\/([\w.-]+?)(?:\.git)?$/.exec(text) ?? [];
  return owner === undefined || name === undefined ? undefined : { owner, name };
};

/** What `--repo` says; pure. Throws `refused`. */
export function askedName(text: string): Name {
  const name = nameOf(text);
  if (name) return name;
  throw new RunbookError('refused', {
    what: `--repo ${text}: that is no repository`,
    next: 'write it as owner/name, for example --repo alice/work',
  });
}

/**
 * The row that is meant, among those of a generation; pure. Gitea tells no upper from lower case, and so never has two that
 * differ in nothing else. `now`: what the repositories have for names today, so that one that was renamed since is found by
 * either. Throws `refused`, with the name that may be meant.
 */
export function chosen(rows: readonly RepositoryRow[], asked: Name, now: ReadonlyMap<number, Name>): RepositoryRow {
  const path = repositoryPath(asked);
  const row =
    rows.find((one) => repositoryPath(one) === path) ??
    rows.find(({ id }) => now.has(id) && repositoryPath(now.get(id)!) === path);
  if (row) return row;
  const near = nearby(rows, asked);
  throw new RunbookError('refused', {
    what: `the generation has no repository ${fullName(asked)}${near.length > 0 ? `; did you mean ${near.join(' or ')}?` : ''}`,
    cause: `it has ${rows.length}`,
    next:
      near.length > 0
        ? `--repo ${near[0]}`
        : 'name it as it was called at that moment, or take another generation: npx zx runbooks/backup.mjs --list',
  });
}

/**
 * The repository in use that a row of a generation is of, whatever its name is today; or else `other`, which only has its name;
 * pure.
 */
export function liveOf<T extends Name & { readonly id: number }>(
  row: RepositoryRow,
  now: readonly T[],
): { readonly live: T | undefined; readonly other: T | undefined } {
  const live = now.find(({ id }) => id === row.id);
  return { live, other: live ? undefined : now.find((one) => repositoryPath(one) === repositoryPath(row)) };
}

/** Names that are nearly the one that was typed, or the same one of somebody else: three at most. */
function nearby(rows: readonly RepositoryRow[], asked: Name): string[] {
  const typed = fullName(asked).toLowerCase();
  return rows
    .map((row) => ({
      text: fullName(row),
      steps: distance(typed, fullName(row)),
      same: row.name === asked.name.toLowerCase(),
    }))
    .filter(({ steps, text, same }) => same || steps <= Math.max(1, Math.floor(text.length / 4)))
    .sort((a, b) => a.steps - b.steps)
    .slice(0, 3)
    .map(({ text }) => text);
}

/** Gitea's limit for the name of a repository. */
const longest = 100;

/**
 * Where the restored one goes; pure. `beside`: the live one, or what it was called. Names the generation and not today, so that
 * it says what is in it. Throws `refused` for a name that Gitea takes for no repository.
 */
export function targetOf(beside: Name, generation: string, as?: string): Name {
  if (as === undefined) {
    const end = `-restored-${generation}`;
    return { owner: beside.owner, name: `${beside.name.slice(0, longest - end.length)}${end}` };
  }
  const given = nameOf(as.includes('/') ? as : `${beside.owner}/${as}`);
  if (given && given.name.length <= longest && usable(given.name)) return given;
  throw new RunbookError('refused', {
    what: `--as ${as}: Gitea takes that for no name of a repository`,
    next: `name, or owner/name: at most ${longest} letters, digits, "-", "_" and "."`,
  });
}

const usable = (name: string) => !/^(\.{1,2}|-)$|\.\.|\.(wiki|git|rss|atom)$/i.test(name);

/** Where the files of a repository and its wiki lie in a generation, in the order in which to look; and by what its refs are. */
export interface Source {
  readonly row: RepositoryRow;
  /** Its path in the list of refs. */
  readonly path: string;
  /** Where its directory may be: `owner/name.git`. */
  readonly places: readonly string[];
  /** It was deleted while the files were read: the whole generation below has the last of it, and its refs. */
  readonly below: boolean;
}

/** Pure. One that was renamed while the files were read lies under its newer name, and may under the older one as well. */
export function sourceOf(row: RepositoryRow, { moved }: Manifest['files']): Source {
  const path = repositoryPath(row);
  const renamed = moved.renamed.find(({ id }) => id === row.id);
  const below = moved.deleted.some(({ id }) => id === row.id);
  return { row, path, places: [...new Set([...(renamed ? [renamed.to] : []), path])], below };
}

/** Paths below the folder of repositories that have to be fetched of each layer; the whole generation first. Pure. */
export function wantedOfLayers({ places, below }: Source, manifest: Manifest): readonly (readonly string[])[] {
  const all = places.flatMap((path) => [path, wikiOf(path)]);
  if (manifest.kind === 'full') return [all];
  // What has changed is in the newer one from its first file to its last.
  const changed = new Set(below ? [] : (manifest.files.changed ?? []));
  return [all.filter((path) => !changed.has(path)), below ? [] : all];
}

export const wikiOf = (path: string) => {
  const [owner = '', name = ''] = path.split('/');
  return wikiPath({ owner, name: name.replace(/\.git$/, '') });
};
