import { readFileSync } from 'node:fs';
import { createServer as createPlain, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Config } from '../../../lib/config/config.types.ts';

export const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/test-only${name}`, import.meta.url));
const read = (name: string) => readFileSync(fixture(name));

export interface Page {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

const form = '<form><input name="user_name"><input type="password" name="password"></form>';

/** The pages of a healthy service; a test changes one. */
export const healthy: Readonly<Record<string, Page>> = {
  '/user/login': { body: form },
  '/user/sign_up': { body: '<p>Registration is disabled.</p>' },
  '/api/healthz': {
    body: '{"status":"pass","checks":{"database:ping":[{"status":"pass"}],"cache:ping":[{"status":"pass"}]}}',
  },
  '/api/v1/version': { body: '{"version":"1.27.3"}' },
  '/metrics': { status: 404 },
  '/api/internal/manager/processes': { status: 403 },
};

export const goodHeaders: Readonly<Record<string, string>> = {
  'strict-transport-security': 'max-age=63072000',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'x-frame-options': 'SAMEORIGIN',
  server: 'nginx',
};

export interface Wanted {
  readonly certificate?: string;
  readonly pages?: Readonly<Record<string, Page>>;
  readonly headers?: Record<string, string>;
  readonly tls?: ServerOptions;
  /** Where port 80 leads to; undefined serves the page itself. */
  readonly redirect?: ((url: string) => Page) | undefined;
  /** Answers instead of the pages where it returns true. */
  readonly handler?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

export interface Service {
  readonly elsewhere: { readonly address: string; readonly https: number; readonly http: number };
  close(): Promise<void>;
}

/** A service on 127.0.0.1 as it looks from outside. */
export async function serve(wanted: Wanted = {}): Promise<Service> {
  const pages = { ...healthy, ...wanted.pages };
  const secure = createServer(
    { key: read('.key'), cert: read(`-${wanted.certificate ?? 'good'}.crt`), ...wanted.tls },
    (request, response) => {
      if (wanted.handler?.(request, response)) return;
      const page = request.method === 'GET' ? pages[request.url ?? ''] : undefined;
      response.writeHead(page?.status ?? (page ? 200 : 404), { ...(wanted.headers ?? goodHeaders), ...page?.headers });
      response.end(page?.body);
    },
  );
  const redirect: (url: string) => Page =
    wanted.redirect ?? ((url) => ({ status: 301, headers: { location: `https://git.example.com${url}` } }));
  const plain = createPlain((request, response) => {
    const { status = 200, headers = {}, body } = redirect(request.url ?? '');
    response.writeHead(status, headers).end(body);
  });
  const [https, http] = await Promise.all([listen(secure), listen(plain)]);
  return {
    elsewhere: { address: '127.0.0.1', https, http },
    async close() {
      secure.closeAllConnections();
      plain.closeAllConnections();
      await Promise.all([secure, plain].map((server) => new Promise((done) => server.close(done))));
    },
  };
}

export async function listen(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

/** A whole configuration for git.example.com on 127.0.0.1, with the test root as caBundle. */
export function config(change: { domain?: string; address?: string; [section: string]: unknown } = {}): Config {
  const { domain = 'git.example.com', address = '127.0.0.1', ...sections } = change;
  return {
    host: { address },
    domain,
    images: { gitea: 'gitea/gitea:1.27.3-rootless' },
    gitea: { sshPort: 2222, requireSignIn: false, signIn: { passwordForm: true, sources: [] } },
    tls: { staging: false, caBundle: fixture('-root.crt') },
    verify: { pushSizeMiB: 3 },
    ...sections,
  } as unknown as Config;
}
