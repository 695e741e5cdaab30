import { inOneStep } from '../../../kinds/database/index.ts';
import { type AtPoint, type Recovered, readRows, schema, type Table } from '../database/index.ts';

/** A branch that is another one at the restore point than at the moment that the database is of. */
interface BranchThen {
  /** `owner/name`, as people write it. */
  readonly repository: string;
  readonly name: string;
  /** What became of it after the restore point. */
  readonly since: 'pushed' | 'made' | 'deleted';
}

/** A repository that was made after the restore point: there are no files of it. */
export interface MadeSince {
  readonly id: number;
  readonly repository: string;
  readonly branch: string;
  readonly format: string;
}

/** A pull request that was made after the restore point. */
export interface PullSince {
  readonly id: number;
  readonly issue: number;
  /** The repository that it is to be merged into. */
  readonly repository: number;
  readonly name: string;
  readonly number: number;
  readonly base: string;
  /** The branch that it comes from, where that is one of the same repository. */
  readonly head: string | null;
  /** `refs/for`: what it is about is in its own ref and on no branch. */
  readonly agit: boolean;
}

/** What has to be known, and told, of the rows that went back. */
export interface WentBack {
  readonly made: readonly MadeSince[];
  readonly pulls: readonly PullSince[];
  readonly notes: readonly string[];
}

/** One that Gitea may not have yet makes no row. */
const has = (tables: readonly Table[], name: Table, sql: readonly string[]) => (tables.includes(name) ? sql : []);

/** By name and not by id: a branch that was deleted and made again is another row. */
const branches = `select json_build_object('repository', r.owner_name || '/' || r.name, 'name', coalesce(now.name, was.name), 'since',
  case when was.name is null then 'made' when now.name is null then 'deleted' else 'pushed' end)
from (select * from branch where not is_deleted) now
full join (select * from ${schema}.branch where not is_deleted) was on was.repo_id = now.repo_id and was.name = now.name
join repository r on r.id = coalesce(now.repo_id, was.repo_id)
join ${schema}.repository known on known.id = r.id
where now.commit_id is distinct from was.commit_id order by r.id, coalesce(now.name, was.name)`;

const made = `select json_build_object('id', r.id, 'repository', r.owner_name || '/' || r.name, 'branch', coalesce(nullif(r.default_branch, ''), 'main'), 'format', r.object_format_name)
from repository r where not exists (select from ${schema}.repository p where p.id = r.id) order by r.id`;

const unmerged = `select json_build_object('name', r.owner_name || '/' || r.name || '#' || p.index) from pull_request p
left join ${schema}.pull_request was on was.id = p.id join repository r on r.id = p.base_repo_id
where p.has_merged and not coalesce(was.has_merged, false) order by r.id, p.index`;

const pullsSince = `select json_build_object('id', p.id, 'issue', p.issue_id, 'repository', r.id, 'name', r.owner_name || '/' || r.name, 'number', p.index,
  'base', p.base_branch, 'head', case when p.head_repo_id = p.base_repo_id and p.flow = 0 then p.head_branch end, 'agit', p.flow <> 0)
from pull_request p join repository r on r.id = p.base_repo_id
where not exists (select from ${schema}.pull_request was where was.id = p.id) order by p.id`;

/** What a rename of a branch changed elsewhere, undone from the last one to the first: the branch has its old name again. */
const renames = `do $$ declare one record; begin
for one in select * from renamed_branch n where not exists (select from ${schema}.renamed_branch p where p.id = n.id) order by id desc loop
  update protected_branch set branch_name = one."from" where repo_id = one.repo_id and branch_name = one."to";
  update pull_request set base_branch = one."from" where base_repo_id = one.repo_id and base_branch = one."to";
  update pull_request set head_branch = one."from" where head_repo_id = one.repo_id and head_branch = one."to";
  delete from renamed_branch where id = one.id;
end loop; end $$;`;

/** A merge that git does not have is none: the pull request is open again, as it was. As text, for json cannot be compared. */
const pulls = [
  `update issue set is_closed = false, closed_unix = 0 where id in (select p.issue_id from pull_request p left join ${schema}.pull_request was on was.id = p.id where p.has_merged and not coalesce(was.has_merged, false));`,
  `update pull_request set has_merged = false, merged_commit_id = '', merger_id = 0, merged_unix = 0, status = 1 where not exists (select from ${schema}.pull_request was where was.id = pull_request.id);`,
  `create temp table known_pull on commit drop as select was.* from ${schema}.pull_request was join pull_request p on p.id = was.id where p::text is distinct from was::text;`,
  'delete from pull_request where id in (select id from known_pull);',
  'insert into pull_request select * from known_pull;',
];

const rows = [
  'delete from branch;',
  `insert into branch select was.* from ${schema}.branch was join repository r on r.id = was.repo_id;`,
  `update repository r set default_branch = was.default_branch, is_empty = was.is_empty from ${schema}.repository was
where was.id = r.id and (r.default_branch, r.is_empty) is distinct from (was.default_branch, was.is_empty);`,
  `update repository r set is_empty = true where not exists (select from ${schema}.repository was where was.id = r.id);`,
];

/**
 * Puts what the database says of git back to the restore point, which is what the files are of; all else stays of the moment
 * that it was brought to. Throws `changeFailed`.
 */
export async function goBack(database: Recovered, { tables }: AtPoint, since: string): Promise<WentBack> {
  const withPulls = tables.includes('pull_request');
  const then = await readRows<BranchThen>(database, branches);
  const repositories = await readRows<MadeSince>(database, made);
  const merges = withPulls ? await readRows<{ name: string }>(database, unmerged) : [];
  await database.tell(
    inOneStep([
      ...has(tables, 'renamed_branch', [renames]),
      ...has(tables, 'pull_request', pulls),
      ...has(tables, 'branch', rows),
    ]),
  );
  const since_ = withPulls ? await readRows<PullSince>(database, pullsSince) : [];
  return { made: repositories, pulls: since_, notes: sentences(since, then, repositories, merges) };
}

/** What people have to know, by name; pure. */
export function sentences(
  since: string,
  then: readonly BranchThen[],
  repositories: readonly Pick<MadeSince, 'repository'>[],
  merges: readonly { readonly name: string }[],
): string[] {
  const of = (kind: BranchThen['since']) =>
    then.filter((one) => one.since === kind).map(({ repository, name }) => `${repository} ${name}`);
  const told = (what: string, names: readonly string[]) => (names.length === 0 ? [] : [`${what}: ${listed(names)}`]);
  return [
    ...told(`pushes after ${since} are gone`, of('pushed')),
    ...told('branches made after it are gone', of('made')),
    ...told('branches deleted after it are back', of('deleted')),
    ...told(
      'repositories made after it are empty',
      repositories.map(({ repository }) => repository),
    ),
    ...told(
      'pull requests merged after it are open again, for the merge is not in git',
      merges.map(({ name }) => name),
    ),
  ];
}

/** How many names of a sort are told. */
const most = 20;

export const listed = (names: readonly string[]) =>
  `${names.slice(0, most).join(', ')}${names.length > most ? ` and ${names.length - most} more` : ''}`;
