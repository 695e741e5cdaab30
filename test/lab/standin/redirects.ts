/** The names that repositories had before: whoever asks for one is sent on. */
import type { Database, Queries } from './db.ts';
import type { Context } from './http.ts';
import { findRepo, type Repo, toRepo } from './repos.ts';
import type { User } from './users.ts';

export async function dropRedirect(db: Queries, ownerId: number, name: string): Promise<void> {
  await db.run('DELETE FROM repo_redirect WHERE owner_id = $1 AND lower_name = $2', [ownerId, name.toLowerCase()]);
}

export async function addRedirect(db: Queries, repo: Repo, before: string, after: string): Promise<void> {
  await dropRedirect(db, repo.ownerId, after);
  await db.run('INSERT INTO repo_redirect (owner_id, lower_name, redirect_repo_id) VALUES ($1, $2, $3)', [
    repo.ownerId,
    before.toLowerCase(),
    repo.id,
  ]);
}

async function target(db: Database, ownerId: number, name: string): Promise<Repo | undefined> {
  const [row] = await db.query(
    `SELECT repository.* FROM repo_redirect JOIN repository ON repository.id = redirect_repo_id
     WHERE repo_redirect.owner_id = $1 AND repo_redirect.lower_name = $2`,
    [ownerId, name.toLowerCase()],
  );
  return row && toRepo(row);
}

/** True when the name is one from before and the request was answered with the new place. */
export async function redirected(c: Context, owner: User, ownerName: string, name: string): Promise<boolean> {
  if (await findRepo(c.db, owner.id, name)) return false;
  const repo = await target(c.db, owner.id, name);
  if (!repo) return false;
  const path = c.path.replace(`/${ownerName}/${name}`, `/${repo.owner}/${repo.name}`);
  const query = c.query.toString();
  c.res.writeHead(301, { Location: `${c.s.appSubUrl}${path}${query === '' ? '' : `?${query}`}` }).end();
  return true;
}
