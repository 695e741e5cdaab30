import type { Config } from '../../../config/config.types.ts';
import { counted } from '../../../core/counted.ts';
import type { Host } from '../../../host/port.ts';
import { giteaData } from '../../../phases/layout.ts';
import { type Rows, repositoryPath } from '../../backup/index.ts';
import {
  type AtPoint,
  bringUpToDate,
  dropPoint,
  type Recovered,
  readRows,
  rolesInUse,
  takePoint,
} from '../database/index.ts';
import { type Arranged, arrange, type Git, listed, type Tree } from '../files/index.ts';
import { putRight, refsIn } from './ahead.ts';
import { withoutFiles } from './ahead-files.ts';
import { makeEmpty } from './empty.ts';
import { goBack } from './go-back.ts';

interface Work {
  readonly config: Config;
  readonly host: Host;
  readonly tell: (text: string) => void;
}

interface Parts {
  readonly recovered: Recovered;
  readonly git: Git;
  readonly tree: Omit<Tree, 'rows' | 'heads'>;
}

interface Settled {
  /** What the database says. */
  readonly rows: Rows;
  /** Repositories that the database has and nobody has a file of. */
  readonly missing: readonly string[];
}

/** Database and files in line with each other: the database is of the restore point, or of a moment before it. */
export async function settle({ host, tell }: Work, { recovered, git, tree }: Parts): Promise<Settled> {
  await bringUpToDate(recovered, await rolesInUse(host));
  const rows = await rowsOf(recovered);
  const { missing } = await arranged({ host, tell }, git, { ...tree, rows });
  tellMissing(tell, missing);
  return { rows, missing };
}

/**
 * The same for a database that is ahead of the files: what it says of git goes back to the restore point, what was made since
 * gets an empty repository, and what has a row and no file is told.
 */
export async function settleAhead(
  { host, tell }: Work,
  { recovered, git, tree, atPoint }: Parts & { readonly atPoint: AtPoint },
): Promise<Settled> {
  const { at } = tree.manifest.database.point;
  await takePoint(recovered, atPoint);
  const { made, pulls, notes } = await goBack(recovered, atPoint, at);
  await bringUpToDate(recovered, await rolesInUse(host));
  const rows = await rowsOf(recovered);
  const paths = new Map(rows.repositories.map((row) => [row.id, repositoryPath(row)]));
  const pathOf = (id: number) => paths.get(id) ?? '';
  const heads = pulls.flatMap(({ repository, number, head }) =>
    head === null ? [] : [{ path: pathOf(repository), number, branch: head }],
  );
  const { missing, refs } = await arranged({ host, tell }, git, { ...tree, rows, heads });
  const data = `${tree.folder}/generation/data`;
  const empty = made.map(({ id, branch, format }) => ({ path: pathOf(id), branch, format }));
  const lacking = new Set(missing);
  const toMake = empty.filter(({ path }) => lacking.delete(path));
  await makeEmpty(host, git, `${data}/${giteaData.repositories}`, toMake);
  tellMissing(tell, [...lacking]);
  const more = await putRight(recovered, atPoint, pulls, pathOf, refsIn(refs));
  const files = await withoutFiles(recovered, data, Date.parse(at));
  for (const text of [...notes, ...more, ...files]) tell(text);
  await dropPoint(recovered, atPoint);
  return { rows, missing: [...lacking] };
}

async function arranged({ host, tell }: Omit<Work, 'config'>, git: Git, tree: Tree): Promise<Arranged> {
  tell(`putting ${counted(tree.rows.repositories.length, 'repository', 'repositories')} in line with the database`);
  const result = await arrange(host, git, tree);
  for (const text of result.notes) tell(text);
  return result;
}

function tellMissing(tell: (text: string) => void, missing: readonly string[]): void {
  if (missing.length > 0) tell(`${listed(missing)}: in the database, but not in the files`);
}

async function rowsOf(recovered: Recovered): Promise<Rows> {
  return {
    repositories: await readRows(
      recovered,
      "select json_build_object('id', id, 'owner', lower(owner_name), 'name', lower_name, 'empty', is_empty) from repository order by id",
    ),
    branches: await readRows(
      recovered,
      "select json_build_object('repository', repo_id, 'name', name, 'commit', commit_id) from branch where not is_deleted order by id",
    ),
  };
}
