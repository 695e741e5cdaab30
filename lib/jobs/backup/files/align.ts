import { byteString, printable } from './bytes.ts';
import { isWiki, repositoryPath } from './paths.ts';
import { isHash, isRefName, type RepositoryRefs } from './refs-text.ts';
import type { BranchRow, RepositoryRow, Rows } from './rows.ts';

/** What happens to a branch so that it is what the database says, or why it stays as it is. */
export interface Move {
  readonly repository: string;
  /** `refs/heads/...`, as a byte string. */
  readonly ref: string;
  /**
   * `set`, `made`, `deleted`: as the database has it. Left alone: `lost`, the database names a commit that is not there;
   * `unsynced`, a branch of a repository whose branches Gitea has not written down yet; `unnamed`, a branch whose name no
   * database can hold; `blocked`, a branch whose name is a folder of another one, or in it.
   */
  readonly kind: 'set' | 'made' | 'deleted' | 'lost' | 'unsynced' | 'unnamed' | 'blocked';
  /** The commit that the files have. */
  readonly from?: string;
  /** The commit that the database has. */
  readonly to?: string;
}

export interface Aligned {
  readonly refs: RepositoryRefs[];
  readonly moves: Move[];
}

/** Whether a commit is among the objects of a repository. */
export type Has = (repository: string, commit: string) => boolean;

/**
 * Makes the branches of each repository what the database said at the restore point, which comes before the reading of the
 * refs: what differs is a push or merge that was under way, and Gitea never mends a pull request whose merge is in git alone.
 * Tags, pull requests and wikis have no rows and stay. To know of which commits it will ask, call it once with a `has` that
 * takes notes and says yes.
 */
export function align(list: Iterable<RepositoryRefs>, rows: Rows, has: Has): Aligned {
  const byPath = new Map(rows.repositories.map((row) => [repositoryPath(row), row]));
  const branches = new Map<number, BranchRow[]>();
  for (const branch of rows.branches) {
    const others = branches.get(branch.repository);
    if (others) others.push(branch);
    else branches.set(branch.repository, [branch]);
  }
  const refs: RepositoryRefs[] = [];
  const moves: Move[] = [];
  for (const repository of list) {
    const row = isWiki(repository.path) ? undefined : byPath.get(repository.path);
    if (!row) refs.push(repository);
    else {
      const aligned = alignOne(repository, row, branches.get(row.id) ?? [], has);
      refs.push(aligned.repository);
      moves.push(...aligned.moves);
    }
  }
  return { refs, moves };
}

function alignOne(found: RepositoryRefs, row: RepositoryRow, rows: readonly BranchRow[], has: Has) {
  const { path } = found;
  const refs = new Map(found.refs);
  const moves: Move[] = [];
  const wanted = new Map(rows.map(({ name, commit }) => [`refs/heads/${byteString(name)}`, commit]));
  const told = !row.empty && rows.length > 0;
  // What goes, goes first: it may be in the way of what is made.
  for (const [ref, from] of found.refs) {
    if (!ref.startsWith('refs/heads/') || wanted.has(ref)) continue;
    const kind = !isText(ref) ? 'unnamed' : told ? 'deleted' : 'unsynced';
    if (kind === 'deleted') refs.delete(ref);
    moves.push({ repository: path, ref, kind, from });
  }
  for (const [ref, to] of wanted) {
    const from = found.refs.get(ref);
    if (from === to) continue;
    const move = { repository: path, ref, to, ...(from === undefined ? {} : { from }) };
    if (!isHash(to) || !isRefName(ref) || !has(path, to)) moves.push({ ...move, kind: 'lost' });
    else if (from === undefined && isBlocked(ref, refs)) moves.push({ ...move, kind: 'blocked' });
    else {
      refs.set(ref, to);
      moves.push({ ...move, kind: from === undefined ? 'made' : 'set' });
    }
  }
  return { repository: { ...found, refs }, moves };
}

/** PostgreSQL holds only UTF-8, so a name in anything else has no row, whether Gitea knows it or not. */
const isText = (ref: string): boolean => byteString(printable(ref)) === ref;

/** A ref is a file or a folder, never both. */
function isBlocked(ref: string, refs: ReadonlyMap<string, string>): boolean {
  for (let slash = ref.indexOf('/'); slash !== -1; slash = ref.indexOf('/', slash + 1)) {
    if (refs.has(ref.slice(0, slash))) return true;
  }
  for (const name of refs.keys()) if (name.startsWith(`${ref}/`)) return true;
  return false;
}

/** A move as a sentence, for people. */
export function sentenceOf({ repository, ref, kind, from, to }: Move): string {
  const name = printable(ref).slice('refs/heads/'.length);
  const short = (commit = '') => commit.slice(0, 10);
  const ends: Record<Move['kind'], string> = {
    set: `set from ${short(from)} to ${short(to)}, where the database has it`,
    made: `made at ${short(to)}, where the database has it`,
    deleted: `deleted, since the database has none of that name; it was at ${short(from)}`,
    lost: `${from ? `stays at ${short(from)}` : 'is not there'}: the database has it at ${short(to)}, and that commit is missing`,
    unsynced: `stays at ${short(from)}, although Gitea has no row of it: it has not looked at this repository yet`,
    unnamed: `stays at ${short(from)}: its name is not UTF-8, and so Gitea has no row of it`,
    blocked: `is not made at ${short(to)}: another branch has its name as a folder`,
  };
  return `${repository}: branch ${name} ${ends[kind]}`;
}
