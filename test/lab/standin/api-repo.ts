import { apiError, apiNotFound } from './api-answer.ts';
import { repoJson } from './api-json.ts';
import { body, paged, str } from './api-user.ts';
import { type Context, json } from './http.ts';
import { twoFactorEnforced } from './policies.ts';
import { publicUrl } from './proxy.ts';
import { redirected } from './redirects.ts';
import { createRepo, deleteRepo, renameRepo } from './repo-life.ts';
import { type Access, accessOf, findRepo, type Repo, visibleRepos } from './repos.ts';
import { publicOnly } from './scopes.ts';
import { Refusal, type User, userById, userByName } from './users.ts';
import { text } from './values.ts';

export interface Found {
  repo: Repo;
  owner: User;
  access: Access;
}

/** The repository of the path; answers 404 (also for one the caller may not see) and gives undefined. */
export async function assigned(c: Context, [ownerName = '', repoName = '']: string[]): Promise<Found | undefined> {
  const owner = await userByName(c.db, ownerName);
  if (owner && (await redirected(c, owner, ownerName, repoName))) return undefined;
  const repo = owner && (await findRepo(c.db, owner.id, repoName));
  const access = repo && !(await lacksSecondFactor(c)) ? accessOf(repo, c.user) : 'none';
  if (!owner || !repo || access === 'none') {
    apiNotFound(c);
    return undefined;
  }
  if (repo.isPrivate && c.tokenScope !== undefined && publicOnly(c.tokenScope)) {
    apiError(c, 403, 'token scope is limited to public repos');
    return undefined;
  }
  return { repo, owner, access };
}

/** With the policy "enforced" the API knows no repository for who has no second factor; making one is let through. */
async function lacksSecondFactor(c: Context): Promise<boolean> {
  if (!c.user || !twoFactorEnforced(c.s.ini)) return false;
  return (await c.db.query('SELECT 1 FROM two_factor WHERE uid = $1', [c.user.id])).length === 0;
}

export async function createUserRepo(c: Context): Promise<void> {
  const form = await body(c);
  if (!form) return;
  const name = str(form.name);
  if (name === '') return apiError(c, 422, '[Name]: Required');
  if (!/^[-.\w]+$/.test(name)) return apiError(c, 422, '[Name]: AlphaDashDot');
  if (name.length > 100) return apiError(c, 422, '[Name]: MaxSize');
  const owner = c.user as User;
  try {
    const repo = await createRepo(c.db, c.s, owner, {
      name,
      description: str(form.description),
      isPrivate: form.private === true || text(c.s, 'repository', 'FORCE_PRIVATE') === 'true',
      autoInit: form.auto_init === true,
      defaultBranch: str(form.default_branch) || text(c.s, 'repository', 'DEFAULT_BRANCH', 'main'),
    });
    if (repo === 'exists') return apiError(c, 409, 'The repository with the same name already exists.');
    json(c, 201, repoJson(c.s, repo, owner, 'owner', publicUrl(c.req, c.s)));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    apiError(c, 422, error.message);
  }
}

export async function getRepo(c: Context, parts: string[]): Promise<void> {
  const found = await assigned(c, parts);
  if (found) json(c, 200, repoJson(c.s, found.repo, found.owner, found.access, publicUrl(c.req, c.s)));
}

export async function getRepoById(c: Context, [id]: string[]): Promise<void> {
  const [row] = await c.db.query('SELECT owner_name, name FROM repository WHERE id = $1', [Number(id)]);
  if (!row) return apiNotFound(c);
  await getRepo(c, [String(row.owner_name), String(row.name)]);
}

export async function deleteOneRepo(c: Context, parts: string[]): Promise<void> {
  const found = await assigned(c, parts);
  if (!found) return;
  if (found.access !== 'owner') return apiError(c, 403, 'user should be the owner of the repo');
  await deleteRepo(c.db, c.s, found.repo);
  c.res.writeHead(204).end();
}

/** Only a new name is taken up here. */
export async function editRepo(c: Context, parts: string[]): Promise<void> {
  const found = await assigned(c, parts);
  if (!found) return;
  if (found.access !== 'owner')
    return apiError(c, 403, 'user should be an owner or a collaborator with admin write of a repository');
  const form = await body(c);
  if (!form) return;
  const name = str(form.name);
  if (name !== '' && !/^[-.\w]+$/.test(name)) return apiError(c, 422, '[Name]: AlphaDashDot');
  try {
    if (name !== '') await renameRepo(c.db, c.s, found.repo, name);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return apiError(c, 422, error.message);
  }
  const repo = (await findRepo(c.db, found.owner.id, name || found.repo.name)) as Repo;
  json(c, 200, repoJson(c.s, repo, found.owner, found.access, publicUrl(c.req, c.s)));
}

export async function searchRepos(c: Context): Promise<void> {
  const hidePrivate = c.tokenScope !== undefined && publicOnly(c.tokenScope);
  const all = await visibleRepos(c.db, c.user, (c.query.get('q') ?? '').trim());
  const data: unknown[] = [];
  for (const repo of paged(
    c,
    all.filter((one) => !(hidePrivate && one.isPrivate)),
  )) {
    const owner = (await userById(c.db, repo.ownerId)) as User;
    data.push(repoJson(c.s, repo, owner, accessOf(repo, c.user), publicUrl(c.req, c.s)));
  }
  json(c, 200, { ok: true, data });
}
