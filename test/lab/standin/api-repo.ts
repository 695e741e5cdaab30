import { apiError, apiNotFound } from './api-answer.ts';
import { repoJson } from './api-json.ts';
import { body, paged, str } from './api-user.ts';
import { type Context, json } from './http.ts';
import { twoFactorEnforced } from './policies.ts';
import { publicUrl } from './proxy.ts';
import {
  type Access,
  accessOf,
  createRepo,
  deleteRepo,
  findRepo,
  git,
  type Repo,
  repoPath,
  visibleRepos,
} from './repos.ts';
import { publicOnly } from './scopes.ts';
import { Refusal, type User, userById, userByName } from './users.ts';
import { text } from './values.ts';

interface Found {
  repo: Repo;
  owner: User;
  access: Access;
}

/** The repository of the path; answers 404 (also for one the caller may not see) and gives undefined. */
async function assigned(c: Context, [ownerName = '', repoName = '']: string[]): Promise<Found | undefined> {
  const owner = await userByName(c.db, ownerName);
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

export async function deleteOneRepo(c: Context, parts: string[]): Promise<void> {
  const found = await assigned(c, parts);
  if (!found) return;
  if (found.access !== 'owner') return apiError(c, 403, 'user should be the owner of the repo');
  await deleteRepo(c.db, c.s, found.repo);
  c.res.writeHead(204).end();
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

export async function commits(c: Context, parts: string[]): Promise<void> {
  const found = await assigned(c, parts);
  if (!found) return;
  const { repo } = found;
  if (repo.isEmpty) return json(c, 409, { message: 'Git Repository is empty.', url: `${c.s.appUrl}api/swagger` });
  const ref = c.query.get('sha') || repo.defaultBranch;
  const limit = Math.min(Number(c.query.get('limit')) || 30, 50);
  const path = repoPath(c.s, repo.owner, repo.name);
  try {
    const format = '%H%x1f%an%x1f%ae%x1f%aI%x1f%s';
    const { stdout } = await git('git', [
      '-C',
      path,
      'log',
      `--max-count=${limit}`,
      `--format=${format}`,
      '--end-of-options',
      ref,
    ]);
    const lines = stdout.split('\n').filter((line) => line !== '');
    json(
      c,
      200,
      lines.map((line) => {
        const [sha, author, email, date, message] = line.split('\x1f');
        const url = `${c.s.appUrl}api/v1/repos/${repo.owner}/${repo.name}/git/commits/${sha}`;
        return {
          url,
          sha,
          created: date,
          commit: { url, author: { name: author, email, date }, message: `${message}\n` },
        };
      }),
    );
  } catch {
    apiNotFound(c);
  }
}

export async function branches(c: Context, parts: string[]): Promise<void> {
  const found = await assigned(c, parts);
  if (!found) return;
  const path = repoPath(c.s, found.repo.owner, found.repo.name);
  const { stdout } = await git('git', [
    '-C',
    path,
    'for-each-ref',
    '--format=%(refname:lstrip=2) %(objectname)',
    'refs/heads',
  ]);
  const rows = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(' '));
  json(
    c,
    200,
    paged(c, rows).map(([name, id]) => ({
      name,
      commit: { id },
      protected: false,
      user_can_push: found.access === 'owner',
    })),
  );
}
