/** /api/v1: the routes the runbooks and their checks use. */

import { adoptRepository } from './api-admin-repo.ts';
import { apiError } from './api-answer.ts';
import { branch, branches, commits, contents } from './api-git.ts';
import { editIssue, getIssue, listAttachments, listIssues, postAttachment, postIssue } from './api-issue.ts';
import { createUserRepo, deleteOneRepo, editRepo, getRepo, getRepoById, searchRepos } from './api-repo.ts';
import { adminUsers, createAdminUser, currentUser, deleteUserKey, listKeys, postKey } from './api-user.ts';
import { getWikiPage, newWikiPage } from './api-wiki.ts';
import { apiAuth } from './auth.ts';
import { type Context, json } from './http.ts';
import { currentRelease } from './release.ts';
import { type Category, scopeRefusal } from './scopes.ts';

interface Route {
  method: string;
  path: RegExp;
  /** Checked one after the other: each must be granted. */
  scopes: Category[];
  signedIn: boolean;
  siteAdmin?: boolean;
  handler: string;
  run(c: Context, parts: string[]): Promise<void>;
}

const name = '([-.\\w]+)';
const routes: Route[] = [
  route('GET', '/version', [], false, 'misc/version.go:14(misc.Version)', async (c) =>
    json(c, 200, { version: currentRelease().version }),
  ),
  route('GET', '/user', ['user'], true, 'user/user.go:119(user.GetAuthenticatedUser)', currentUser),
  route('GET', '/user/keys', ['user'], true, 'user/key.go:105(user.ListMyPublicKeys)', listKeys),
  route('POST', '/user/keys', ['user'], true, 'user/key.go:233(user.CreatePublicKey)', postKey),
  route('DELETE', '/user/keys/(\\d+)', ['user'], true, 'user/key.go:256(user.DeletePublicKey)', deleteUserKey),
  route('POST', '/user/repos', ['user', 'repository'], true, 'repo/repo.go:292(repo.Create)', createUserRepo),
  route('GET', '/repos/search', ['repository'], false, 'repo/repo.go:37(repo.Search)', searchRepos),
  route('GET', `/repos/${name}/${name}`, ['repository'], false, 'repo/repo.go:555(repo.Get)', getRepo),
  route('GET', '/repositories/(\\d+)', ['repository'], false, 'repo/repo.go:580(repo.GetByID)', getRepoById),
  route('DELETE', `/repos/${name}/${name}`, ['repository'], true, 'repo/repo.go:1143(repo.Delete)', deleteOneRepo),
  repoRoute('PATCH', '', 'repository', true, 'repo/repo.go:600(repo.Edit)', editRepo),
  repoRoute('GET', '/commits', 'repository', false, 'repo/commits.go:120(repo.GetAllCommits)', commits),
  repoRoute('GET', '/branches', 'repository', false, 'repo/branch.go:300(repo.ListBranches)', branches),
  repoRoute('GET', '/branches/(.+)', 'repository', false, 'repo/branch.go:32(repo.GetBranch)', branch),
  repoRoute('GET', '/contents(?:/(.*))?', 'repository', false, 'repo/file.go:792(repo.GetContents)', contents),
  repoRoute('GET', '/issues', 'issue', false, 'repo/issue.go:330(repo.ListIssues)', listIssues),
  repoRoute('POST', '/issues', 'issue', true, 'repo/issue.go:633(repo.CreateIssue)', postIssue),
  repoRoute('GET', '/issues/(\\d+)', 'issue', false, 'repo/issue.go:580(repo.GetIssue)', getIssue),
  repoRoute('PATCH', '/issues/(\\d+)', 'issue', true, 'repo/issue.go:756(repo.EditIssue)', editIssue),
  repoRoute('GET', '/issues/(\\d+)/assets', 'issue', false, 'repo/issue_attachment.go:78(repo)', listAttachments),
  repoRoute('POST', '/issues/(\\d+)/assets', 'issue', true, 'repo/issue_attachment.go:111(repo)', postAttachment),
  repoRoute('POST', '/wiki/new', 'repository', true, 'repo/wiki.go:25(repo.NewWikiPage)', newWikiPage),
  repoRoute('GET', '/wiki/page/([^/]+)', 'repository', false, 'repo/wiki.go:220(repo.GetWikiPage)', getWikiPage),
  {
    ...route('POST', `/admin/unadopted/${name}/${name}`, ['admin'], true, 'admin/adopt.go:55(admin)', adoptRepository),
    siteAdmin: true,
  },
  {
    ...route('GET', '/admin/users', ['admin'], true, 'admin/user.go:392(admin.SearchUsers)', adminUsers),
    siteAdmin: true,
  },
  {
    ...route('POST', '/admin/users', ['admin'], true, 'admin/user.go:60(admin.CreateUser)', createAdminUser),
    siteAdmin: true,
  },
];

function route(
  method: string,
  path: string,
  scopes: Category[],
  signedIn: boolean,
  handler: string,
  run: Route['run'],
): Route {
  return { method, path: new RegExp(`^/api/v1${path}/?$`), scopes, signedIn, handler, run };
}

function repoRoute(
  method: string,
  rest: string,
  scope: Category,
  signedIn: boolean,
  handler: string,
  run: Route['run'],
): Route {
  return route(method, `/repos/${name}/${name}${rest}`, [scope], signedIn, handler, run);
}

export async function api(c: Context): Promise<void> {
  c.res.setHeader('Cache-Control', 'max-age=0, private, must-revalidate, no-transform');
  c.res.setHeader('X-Content-Type-Options', 'nosniff');
  c.res.setHeader('X-Frame-Options', 'SAMEORIGIN');
  const refused = await apiAuth(c);
  if (refused) {
    // Bodies of the 403s of this check have no url.
    return refused.status === 401 ? apiError(c, 401, refused.message) : json(c, 403, { message: refused.message });
  }
  const at = routes.filter((one) => one.path.test(c.path));
  const hit = at.find((one) => one.method === (c.req.method === 'HEAD' ? 'GET' : c.req.method));
  if (!hit) {
    c.handler = 'web/router.go:1(NotFound)';
    c.res.writeHead(at.length > 0 ? 405 : 404);
    c.res.end(at.length > 0 ? undefined : '404 page not found\n');
    return;
  }
  c.handler = hit.handler;
  if (c.tokenScope !== undefined) {
    for (const category of hit.scopes) {
      const why = scopeRefusal(c.tokenScope, c.req.method ?? 'GET', category);
      if (why) return apiError(c, 403, why);
    }
  }
  if (hit.signedIn && !c.user) return apiError(c, 401, 'token is required');
  if (hit.siteAdmin && !c.user?.isAdmin) return apiError(c, 403, 'user should be the site admin');
  await hit.run(c, (hit.path.exec(c.path) as RegExpExecArray).slice(1));
}
