import { inOneStep } from '../../../kinds/database/index.ts';
import type { RepositoryRefs } from '../../backup/index.ts';
import { type AtPoint, type Recovered, readRows, schema } from '../database/index.ts';
import { listed, type PullSince } from './go-back.ts';

/** A release, or a tag that Gitea has as one, of which the row is another one than at the restore point. */
export interface ReleaseSince {
  readonly id: number;
  /** Path of its repository below the folder of repositories. */
  readonly path: string;
  readonly name: string;
  readonly tag: string;
  /** A tag alone, without a release. */
  readonly isTag: boolean;
  /** Whether the restore point has that row too. */
  readonly known: boolean;
}

/** Whether a repository has a ref. */
type HasRef = (path: string, ref: string) => boolean;

export const refsIn = (list: readonly RepositoryRefs[]): HasRef => {
  const byPath = new Map(list.map(({ path, refs }) => [path, refs]));
  return (path, ref) => byPath.get(path)?.has(Buffer.from(ref, 'utf8').toString('latin1')) ?? false;
};

/**
 * What becomes of a release; pure. Where its tag is gone Gitea itself keeps a release as a draft, and no row of a tag alone.
 * `back`: its tag stands where it stood at the restore point.
 */
export function releaseFate(release: ReleaseSince, has: HasRef): 'stays' | 'back' | 'draft' | 'gone' {
  if (has(release.path, `refs/tags/${release.tag}`)) return release.known ? 'back' : 'stays';
  return release.isTag ? 'gone' : 'draft';
}

/**
 * What becomes of a pull request that was made after the restore point; pure. With its head it is whole. Without it Gitea shows
 * it as broken until its branch is pushed again, but only where the branch is there that it is to be merged into: without that
 * its page is an error. Then it stays as an issue, with all that was said.
 */
export function pullFate(pull: PullSince, path: string, has: HasRef): 'whole' | 'broken' | 'issue' {
  if (has(path, `refs/pull/${pull.number}/head`)) return 'whole';
  return !pull.agit && has(path, `refs/heads/${pull.base}`) ? 'broken' : 'issue';
}

const releases = `select json_build_object('id', n.id, 'path', lower(r.owner_name) || '/' || r.lower_name || '.git', 'name', r.owner_name || '/' || r.name, 'tag', n.tag_name, 'isTag', n.is_tag, 'known', was.id is not null)
from release n join repository r on r.id = n.repo_id left join ${schema}.release was on was.id = n.id and was.tag_name = n.tag_name and not was.is_draft
where not n.is_draft and n.sha1 is distinct from was.sha1 order by n.id`;

const tagsBack = `select json_build_object('id', was.id, 'path', lower(r.owner_name) || '/' || r.lower_name || '.git', 'name', r.owner_name || '/' || r.name, 'tag', was.tag_name, 'isTag', true, 'known', true)
from ${schema}.release was join repository r on r.id = was.repo_id where not was.is_draft
and not exists (select from release n where n.id = was.id or (n.repo_id = was.repo_id and n.lower_tag_name = was.lower_tag_name)) order by was.id`;

const ids = (rows: readonly { readonly id: number }[]) => rows.map(({ id }) => id).join(', ') || '0';

/** Releases and pull requests that the refs which were laid do not bear out are put right. Gives what people have to know. */
export async function putRight(
  database: Recovered,
  { tables }: AtPoint,
  pulls: readonly PullSince[],
  pathOf: (repository: number) => string,
  has: HasRef,
): Promise<readonly string[]> {
  const statements: string[] = [];
  const notes: string[] = [];
  const told = (what: string, names: readonly string[]) => {
    if (names.length > 0) notes.push(`${what}: ${listed(names)}`);
  };
  if (tables.includes('release')) {
    const found = await readRows<ReleaseSince>(database, releases);
    const fated = (fate: ReturnType<typeof releaseFate>) => found.filter((one) => releaseFate(one, has) === fate);
    const tags = (await readRows<ReleaseSince>(database, tagsBack)).filter(({ path, tag }) =>
      has(path, `refs/tags/${tag}`),
    );
    statements.push(
      `delete from release where id in (${ids(fated('gone'))});`,
      `update release set is_draft = true, num_commits = 0, sha1 = '' where id in (${ids(fated('draft'))});`,
      `update release n set sha1 = was.sha1, num_commits = was.num_commits from ${schema}.release was where was.id = n.id and n.id in (${ids(fated('back'))});`,
      `insert into release select was.* from ${schema}.release was where was.id in (${ids(tags)});`,
      `update release set is_tag = true where id in (${ids(tags)});`,
    );
    const names = (rows: readonly ReleaseSince[]) => rows.map(({ name, tag }) => `${name} ${tag}`);
    told('tags made after it are gone', names(fated('gone')));
    told('releases whose tags are gone are drafts', names(fated('draft')));
    told('tags moved after it stand where they stood', names(fated('back')));
    told('tags deleted after it are back', names(tags));
  }
  const fated = (fate: ReturnType<typeof pullFate>) =>
    pulls.filter((pull) => pullFate(pull, pathOf(pull.repository), has) === fate);
  const issues = fated('issue');
  if (issues.length > 0) {
    statements.push(
      `update issue set is_pull = false where id in (${issues.map(({ issue }) => issue).join(', ')});`,
      `delete from pull_request where id in (${ids(issues)});`,
      `select 'delete from pull_auto_merge where pull_id in (${ids(issues)})' where to_regclass('public.pull_auto_merge') is not null \\gexec`,
      `select 'delete from review_state where pull_id in (${ids(issues)})' where to_regclass('public.review_state') is not null \\gexec`,
    );
  }
  const names = (rows: readonly PullSince[]) => rows.map(({ name, number }) => `${name}#${number}`);
  told('pull requests made after it, broken until their branches are pushed again', names(fated('broken')));
  told('pull requests made after it, now issues, for neither of their branches is there', names(issues));
  if (statements.length > 0) await database.tell(inOneStep(statements));
  return notes;
}
