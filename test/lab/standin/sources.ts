/**
 * Sign-in by OpenID Connect as far as a source goes: its button, the way to the provider, and the exchange of the code that
 * it sends back. Nobody is signed in by it. A source is registered when Gitea starts, or when somebody first asks for one
 * that is not; one that has changed since is not looked at again (services/auth/source/oauth2, routers/web/auth/oauth.go).
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import type { Database } from './db.ts';
import { type Context, httpError, redirect } from './http.ts';
import { log } from './log.ts';
import type { Settings } from './values.ts';

interface Source {
  readonly name: string;
  readonly cfg: string;
}

/** What is in `cfg`, by Gitea's names. */
interface Config {
  readonly Provider: string;
  readonly ClientID: string;
  readonly ClientSecret: string;
  readonly OpenIDConnectAutoDiscoveryURL: string;
  readonly Scopes: readonly string[] | null;
}

interface Provider extends Config {
  readonly callback: string;
  readonly authorize: string;
  readonly token: string;
}

const registered = new Map<string, Provider>();

const OAUTH2 = 6;

export async function activeSources(db: Database): Promise<Source[]> {
  const rows = await db.query('SELECT name, cfg FROM login_source WHERE is_active = true AND type = $1', [OAUTH2]);
  return rows as unknown as Source[];
}

/** All of them anew, at the start and for one that is not there. One that fails is left out, and the others go on. */
export async function registerSources(db: Database, s: Settings): Promise<void> {
  registered.clear();
  for (const { name, cfg } of await activeSources(db)) {
    try {
      registered.set(name, await providerOf(name, JSON.parse(cfg) as Config, s));
    } catch (error) {
      log(
        'C',
        'services/auth/source/oauth2/init.go:75:initOAuth2Sources()',
        `Unable to register source: ${name} due to Error: ${(error as Error).message}.`,
      );
    }
  }
}

async function providerOf(name: string, config: Config, s: Settings): Promise<Provider> {
  const callback = `${s.appUrl}user/oauth2/${encodeURIComponent(name)}/callback`;
  if (config.Provider !== 'openidConnect') throw new Error(`the stand-in knows no provider ${config.Provider}`);
  const url = config.OpenIDConnectAutoDiscoveryURL;
  const { status, body } = await fetched(url);
  if (status < 200 || status >= 300)
    throw new Error(
      `Failed to initialize OpenID Connect Provider with name '${name}' with url '${url}': Non-success code for Discovery URL: ${status}`,
    );
  const document = JSON.parse(body) as Record<string, string>;
  return {
    ...config,
    callback,
    authorize: document.authorization_endpoint ?? '',
    token: document.token_endpoint ?? '',
  };
}

/** Go looks into this file, and Debian's image has it. */
const roots = () => readFileSync('/etc/ssl/certs/ca-certificates.crt', 'utf8');

function fetched(url: string, form?: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    const method = form === undefined ? 'GET' : 'POST';
    const sent = request(url, { method, headers, ca: roots(), agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.on('error', reject).end(form);
  });
}

/** The active source of this name, or Gitea's answer where there is none. */
async function sourceFor(c: Context, name: string): Promise<boolean> {
  const there = (await activeSources(c.db)).some((source) => source.name === name);
  if (!there) serverError(c, `oauth2 source not found, name: "${name}"`);
  return there;
}

function serverError(c: Context, message: string): void {
  log('E', 'routers/web/auth/oauth.go:39:SignInOAuth()', `SignIn: ${message}`);
  httpError(c, 500);
}

/** The way to the provider. */
export async function callout(c: Context, name: string): Promise<void> {
  c.handler = 'auth/oauth.go:35(auth.SignInOAuth)';
  if (!(await sourceFor(c, name))) return;
  if (!registered.has(name)) await registerSources(c.db, c.s);
  const provider = registered.get(name);
  if (!provider) return serverError(c, `no provider for ${name} exists`);
  const query = new URLSearchParams({
    ...{ client_id: provider.ClientID, redirect_uri: provider.callback, response_type: 'code' },
    ...{ scope: ['openid', ...(provider.Scopes ?? [])].join(' '), state: randomUUID() },
  });
  c.res.setHeader('Location', `${provider.authorize}?${query}`);
  c.res.writeHead(307).end();
}

/** And back: the code is exchanged with the secret that the source had when it was registered. */
export async function callback(c: Context, name: string): Promise<void> {
  c.handler = 'auth/oauth.go:71(auth.SignInOAuthCallback)';
  if (!(await sourceFor(c, name))) return;
  const provider = registered.get(name);
  if (!provider) return redirect(c, '/user/login');
  const form = new URLSearchParams({
    ...{ grant_type: 'authorization_code', code: c.query.get('code') ?? '', redirect_uri: provider.callback },
  });
  const [id, secret] = [provider.ClientID, provider.ClientSecret].map(encodeURIComponent);
  const { status } = await fetched(provider.token, String(form), {
    authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
    'content-type': 'application/x-www-form-urlencoded',
  }).catch(() => ({ status: 0 }));
  redirect(c, status === 200 ? '/user/link_account' : '/user/login');
}
