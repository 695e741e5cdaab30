/** Who a request comes from. Which ways count differs between the API, git, LFS and the pages. */
import type { Context } from './http.ts';
import { log } from './log.ts';
import { atLeast, currentRelease } from './release.ts';
import { findToken } from './tokens.ts';
import { notExist, Refusal, signIn, userById, userByName } from './users.ts';
import { bool, requireSignIn, text } from './values.ts';

export interface Credentials {
  basic?: { name: string; password: string };
  bearer?: string;
}

export function credentials(header: string | undefined): Credentials {
  const [scheme = '', value = ''] = (header ?? '').split(/ +(.*)/s);
  const kind = scheme.toLowerCase();
  if (kind === 'token' || kind === 'bearer') return value === '' ? {} : { bearer: value };
  if (kind !== 'basic') return {};
  const decoded = Buffer.from(value, 'base64').toString();
  const at = decoded.indexOf(':');
  return at < 0 ? {} : { basic: { name: decoded.slice(0, at), password: decoded.slice(at + 1) } };
}

async function byToken(c: Context, token: string): Promise<boolean> {
  const found = await findToken(c.db, token);
  const user = found && (await userById(c.db, found.uid));
  if (!found || !user) return false;
  c.user = user;
  c.tokenScope = found.scope;
  return true;
}

/** `Authorization: token X`, `Bearer X` and the query. Throws Refusal for an unknown token. */
export async function bearerAuth(c: Context): Promise<void> {
  const header = credentials(c.req.headers.authorization).bearer;
  const closed = bool(c.s, 'security', 'DISABLE_QUERY_AUTH_TOKEN');
  const token = (closed ? '' : c.query.get('token') || c.query.get('access_token')) || header;
  if (token && !(await byToken(c, token))) throw new Refusal(notExist(0, ''));
}

/** Basic, with a password or a token in either place. Throws Refusal for a wrong password. */
export async function basicAuth(c: Context): Promise<void> {
  const basic = c.user ? undefined : credentials(c.req.headers.authorization).basic;
  if (!basic) return;
  const tokenIsName = basic.password === '' || basic.password === 'x-oauth-basic';
  if (await byToken(c, tokenIsName ? basic.name : basic.password)) return;
  if (!bool(c.s, 'service', 'ENABLE_BASIC_AUTHENTICATION', true)) return;
  c.user = await signIn(c.db, basic.name, basic.password);
}

/** X-WEBAUTH-USER, only where [service] switches it on. Gitea does not ask whether the peer is a trusted proxy. */
export async function proxyAuth(c: Context, forApi: boolean): Promise<void> {
  if (
    c.user ||
    !bool(c.s, 'service', forApi ? 'ENABLE_REVERSE_PROXY_AUTHENTICATION_API' : 'ENABLE_REVERSE_PROXY_AUTHENTICATION')
  )
    return;
  const name =
    c.req.headers[text(c.s, 'security', 'REVERSE_PROXY_AUTHENTICATION_USER', 'X-WEBAUTH-USER').toLowerCase()];
  const user = typeof name === 'string' && name.trim() !== '' ? await userByName(c.db, name.trim()) : undefined;
  if (user) c.user = user;
}

/** API: undefined when the caller may go on, otherwise status and message of the refusal. */
export async function apiAuth(c: Context): Promise<{ status: number; message: string } | undefined> {
  try {
    await bearerAuth(c);
    await basicAuth(c);
    await proxyAuth(c, true);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const message = atLeast(currentRelease(), 1, 23) ? 'invalid username, password or token' : error.message;
    return { status: 401, message };
  }
  const { user } = c;
  if (user) {
    if (!user.isActive || user.prohibitLogin) {
      log(
        'I',
        'api/v1/api.go:819:verifyAuthWithOptions()',
        `Failed authentication attempt for ${user.name} from ${c.remote}`,
      );
      return {
        status: 403,
        message: 'This account is prohibited from signing in, please contact your site administrator.',
      };
    }
    if (user.mustChangePassword) {
      return {
        status: 403,
        message: `You must change your password. Change it at: ${c.s.appUrl}/user/change_password`,
      };
    }
  } else if (requireSignIn(c.s)) {
    return { status: 403, message: 'Only signed in user is allowed to call APIs.' };
  }
  return undefined;
}
