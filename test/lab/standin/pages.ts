/** The few pages: home, sign in, sign out, forced change of the password, a repository's front page. */
import { proxyAuth } from './auth.ts';
import { branchesOf } from './branches.ts';
import { crossOrigin, csrfField, formAllowed } from './csrf.ts';
import { type Context, escapeHtml, html, httpError, readBody, redirect } from './http.ts';
import { log } from './log.ts';
import { complexEnough } from './password.ts';
import { accessOf, findRepo, type Repo } from './repos.ts';
import { endSession, readSession, sessionId, startSession } from './session.ts';
import { activeSources, callback, callout } from './sources.ts';
import { Refusal, setPassword, signIn, userById, userByName } from './users.ts';
import { bool, int, list, repoPath, requireSignIn } from './values.ts';

function page(c: Context, title: string, body: string): string {
  const name = escapeHtml(c.s.appName);
  const shown = title === '' ? name : `${escapeHtml(title)} - ${name}`;
  const sub = c.s.appSubUrl;
  const nav = c.user
    ? `<a href="${sub}/${escapeHtml(c.user.name)}">${escapeHtml(c.user.name)}</a>`
    : `<a class="item" rel="nofollow" href="${sub}/user/login">Sign In</a>`;
  return (
    `<!DOCTYPE html>\n<html lang="en-US" data-theme="gitea-auto">\n<head>\n<meta charset="utf-8">\n<title>${shown}</title>\n` +
    `<link rel="icon" href="${sub}/assets/img/favicon.svg" type="image/svg+xml">\n` +
    `<meta property="og:title" content="${name}">\n<meta property="og:url" content="${escapeHtml(c.s.appUrl)}">\n` +
    `<link rel="stylesheet" href="${sub}/assets/css/index.css">\n</head>\n<body>\n<nav id="navbar">${nav}</nav>\n` +
    `<div role="main" class="page-content">${body}</div>\n</body>\n</html>\n`
  );
}

export function notFoundPage(c: Context): void {
  c.handler = 'web/base.go:1(NotFound)';
  html(c, 404, page(c, 'Page Not Found', '<h1>404</h1><p>Not Found</p>'));
}

async function loginForm(c: Context, error = '', name = ''): Promise<string> {
  const flash = error === '' ? '' : `<div class="ui negative message flash-message flash-error"><p>${error}</p></div>`;
  if (!bool(c.s, 'service', 'ENABLE_PASSWORD_SIGNIN_FORM', true))
    return page(c, 'Sign In', `${flash}<h4 class="ui top attached header center">Sign In</h4>${await buttons(c)}`);
  return page(
    c,
    'Sign In',
    `${flash}<h4 class="ui top attached header center">Sign In</h4>
<form class="ui form" action="${c.s.appSubUrl}/user/login" method="post">${csrfField(c)}
<label for="user_name">Username or Email Address</label>
<input id="user_name" type="text" name="user_name" value="${escapeHtml(name)}" autofocus required tabindex="1">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required tabindex="2">
<input name="remember" type="checkbox" tabindex="5"><button class="ui primary button tw-w-full" tabindex="3">Sign In</button>
</form>${await buttons(c)}`,
  );
}

/** One for each active source, whether its provider can be reached or not. */
async function buttons(c: Context): Promise<string> {
  const names = (await activeSources(c.db)).map(({ name }) => escapeHtml(name));
  const link = (name: string) =>
    `<a class="ui button oauth-login-link" href="${c.s.appSubUrl}/user/oauth2/${name}">Sign in with ${name}</a>`;
  return names.map(link).join('');
}

const changeForm = (c: Context, error = ''): string =>
  page(
    c,
    'Update your password',
    `<p>${error}</p><form class="ui form" action="${c.s.appSubUrl}/user/settings/change_password" method="post">${csrfField(c)}
<input id="password" name="password" type="password" required><input id="retype" name="retype" type="password" required>
<button class="ui primary button">Update Password</button></form>`,
  );

async function login(c: Context, session: string): Promise<void> {
  if (c.user) return redirect(c, '/');
  if (c.req.method !== 'POST') {
    c.handler = 'auth/auth.go:187(auth.SignIn)';
    return html(c, 200, await loginForm(c));
  }
  c.handler = 'auth/auth.go:201(auth.SignInPost)';
  if (!bool(c.s, 'service', 'ENABLE_PASSWORD_SIGNIN_FORM', true)) return httpError(c, 403);
  // A POST of the sign-in form needs no CSRF token: it is only checked for those who are signed in.
  const form = new URLSearchParams(await readBody(c));
  const name = form.get('user_name') ?? '';
  if (name === '' || !form.get('password')) return html(c, 200, await loginForm(c, 'Username cannot be empty.', name));
  try {
    const user = await signIn(c.db, name, form.get('password') as string);
    await startSession(c, session, { uid: user.id, uname: user.name });
    await c.db.run('UPDATE "user" SET last_login_unix = $2 WHERE id = $1', [user.id, Math.floor(Date.now() / 1000)]);
    return redirect(c, '/');
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    log(
      'W',
      'routers/web/auth/auth.go:229:SignInPost()',
      `Failed authentication attempt for ${name} from ${c.remote}: ${error.message}`,
    );
    return html(c, 200, await loginForm(c, 'Username or password is incorrect.', name));
  }
}

async function changePassword(c: Context): Promise<void> {
  c.handler = 'auth/password.go:264(auth.MustChangePassword)';
  if (!c.user) return redirect(c, '/user/login');
  if (!c.user.mustChangePassword) return redirect(c, '/');
  if (c.req.method !== 'POST') return html(c, 200, changeForm(c));
  const form = new URLSearchParams(await readBody(c));
  if (!formAllowed(c, form)) return httpError(c, 400, 'Invalid CSRF token.');
  const password = form.get('password') ?? '';
  const min = int(c.s, 'security', 'MIN_PASSWORD_LENGTH', 8);
  if (password !== form.get('retype')) return html(c, 200, changeForm(c, 'The passwords do not match.'));
  if (password.length < min)
    return html(c, 200, changeForm(c, `Password length cannot be less than ${min} characters.`));
  const complexity = list(c.s, 'security', 'PASSWORD_COMPLEXITY');
  if (!complexEnough(password, complexity.length > 0 ? complexity : ['off'])) {
    return html(c, 200, changeForm(c, 'Password does not pass complexity requirements'));
  }
  await setPassword(c.db, c.user.id, password, false);
  return redirect(c, '/');
}

/** A repository that is held for empty and is not: its page sees that, and nothing else does. */
async function mended(c: Context, repo: Repo): Promise<boolean> {
  const branches = await branchesOf(repoPath(c.s, repo.owner, repo.name)).catch(() => []);
  if (branches.length === 0) return false;
  await c.db.run('UPDATE repository SET is_empty = false WHERE id = $1', [repo.id]);
  return true;
}

async function repoPage(c: Context): Promise<void> {
  const [ownerName = '', repoName = ''] = c.path.slice(1).split('/').map(decodeURIComponent);
  const owner = await userByName(c.db, ownerName);
  if (owner && repoName === '') {
    c.handler = 'web/web.go:1107(UsernameSubRoute)';
    return html(c, 200, page(c, owner.name, `<h1>${escapeHtml(owner.name)}</h1>`));
  }
  const repo = owner && (await findRepo(c.db, owner.id, repoName));
  if (!repo || accessOf(repo, c.user) === 'none') return notFoundPage(c);
  c.handler = 'repo/view_home.go:370(repo.Home)';
  if (repo.isEmpty && (await mended(c, repo))) return redirect(c, c.path);
  const clone = `${escapeHtml(c.s.appUrl)}${escapeHtml(repo.owner)}/${escapeHtml(repo.name)}.git`;
  html(c, 200, page(c, `${repo.owner}/${repo.name}`, `<input id="repo-clone-url" value="${clone}" readonly>`));
}

/** Every request that is neither API, git, LFS nor an asset. */
export async function pages(c: Context): Promise<void> {
  const refused = crossOrigin(c);
  if (refused) return httpError(c, 403, refused);
  const session = sessionId(c);
  const { uid } = await readSession(c, session);
  const user = uid === undefined ? undefined : await userById(c.db, uid);
  if (user) c.user = user;
  await proxyAuth(c, false);
  if (!['GET', 'HEAD', 'POST'].includes(c.req.method ?? '')) return httpError(c, 405);
  if (c.user?.mustChangePassword && c.path !== '/user/settings/change_password' && c.path !== '/user/logout') {
    if ((c.req.headers['user-agent'] ?? '').startsWith('git')) return httpError(c, 401, 'Update your password');
    return redirect(c, '/user/settings/change_password');
  }
  const [, source, back] = /^\/user\/oauth2\/([^/]+)(\/callback)?$/.exec(c.path) ?? [];
  if (source !== undefined) return (back ? callback : callout)(c, decodeURIComponent(source));
  switch (c.path) {
    case '/user/login':
      return login(c, session);
    case '/user/logout':
      c.handler = 'auth/auth.go:420(auth.SignOut)';
      await endSession(c, session);
      return redirect(c, '/');
    case '/user/settings/change_password':
      return changePassword(c);
    case '/user/sign_up':
      c.handler = 'auth/auth.go:440(auth.SignUp)';
      return html(
        c,
        200,
        page(
          c,
          'Register',
          bool(c.s, 'service', 'DISABLE_REGISTRATION')
            ? 'Registration is disabled. Please contact your site administrator.'
            : '',
        ),
      );
    case '/':
      c.handler = 'web/home.go:32(web.Home)';
      if (!c.user && requireSignIn(c.s)) return redirect(c, '/user/login');
      return html(
        c,
        200,
        page(c, c.user ? 'Dashboard' : '', `<h1 class="ui icon header title">${escapeHtml(c.s.appName)}</h1>`),
      );
    default:
      if (!c.user && requireSignIn(c.s)) return redirect(c, '/user/login');
      return /^\/[^/]+(\/[^/]+)?$/.test(c.path) ? repoPage(c) : notFoundPage(c);
  }
}
