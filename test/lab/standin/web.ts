/** The HTTP side: listener, routing, health. */
import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { api } from './api.ts';
import { ATTACHMENT_PATH, download } from './api-issue.ts';
import { PACKAGE_PATH, packages } from './api-package.ts';
import type { Database } from './db.ts';
import { GIT_PATH, gitHttp } from './githttp.ts';
import { goTime } from './go-time.ts';
import { HOOK_PATH, hookCall } from './hook-api.ts';
import { type Context, html, httpError, json, plainText, readBody, routedPath } from './http.ts';
import { LFS_PATH, lfs } from './lfs.ts';
import { log } from './log.ts';
import { logRequest } from './logger.ts';
import { metricsText } from './metrics.ts';
import { pages } from './pages.ts';
import { remoteAddress } from './proxy.ts';
import { flushQueues } from './pushes.ts';
import { shutDown } from './shutdown.ts';
import { bool, type Settings, text } from './values.ts';

function sameSecret(got: string, want: string): boolean {
  const [a, b] = [Buffer.from(got), Buffer.from(want)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function health(c: Context, body: Record<string, unknown>, status: number): void {
  c.handler = 'healthcheck/check.go:67(healthcheck.Check)';
  c.res.setHeader('Content-Type', 'application/json');
  c.res.statusCode = status;
  c.res.end(JSON.stringify(body, null, 2));
}

async function healthInstalled(c: Context): Promise<void> {
  const time = goTime(Date.now() / 1000);
  let ok = true;
  try {
    await c.db.query('SELECT 1');
  } catch (error) {
    ok = false;
    log(
      'E',
      'routers/web/healthcheck/check.go:101:checkDatabase()',
      `database ping failed with error: ${(error as Error).message}`,
    );
  }
  const checks = {
    'cache:ping': [{ status: 'pass', time }],
    'database:ping': [{ status: ok ? 'pass' : 'fail', time }],
  };
  health(c, { status: ok ? 'pass' : 'fail', description: c.s.appName, checks }, ok ? 200 : 424);
}

async function metrics(c: Context): Promise<void> {
  c.handler = 'web/metrics.go:16(web.Metrics)';
  const token = text(c.s, 'metrics', 'TOKEN');
  if (token !== '' && !sameSecret(c.req.headers.authorization ?? '', `Bearer ${token}`)) return httpError(c, 401, '');
  const body = await metricsText(c.db);
  c.res.setHeader('Content-Type', 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores');
  c.res.end(body);
}

async function flush(c: Context): Promise<void> {
  const asked = JSON.parse((await readBody(c)) || '{}') as { Timeout?: number; NonBlocking?: boolean };
  const limit = (asked.Timeout ?? 0) / 1e6 || 60_000;
  if (asked.NonBlocking) {
    void flushQueues(limit);
    return json(c, 202, { user_msg: 'Flushing' });
  }
  if (await flushQueues(limit)) return plainText(c, 200, 'success');
  json(c, 408, { user_msg: 'context deadline exceeded' });
}

async function internal(c: Context): Promise<void> {
  c.handler = 'private/internal.go:22(private.authInternal)';
  const said = String(c.req.headers['x-gitea-internal-auth'] ?? '');
  if (!sameSecret(said, `Bearer ${c.s.internalToken}`)) return httpError(c, 403);
  if (c.path === '/api/internal/manager/flush-queues' && c.req.method === 'POST') return flush(c);
  if (HOOK_PATH.test(c.path) && c.req.method === 'POST') return hookCall(c);
  if (c.path === '/api/internal/manager/shutdown' && c.req.method === 'POST') {
    plainText(c, 200, 'success');
    shutDown();
    return;
  }
  httpError(c, 404, '404 page not found');
}

async function asset(c: Context): Promise<void> {
  c.handler = 'public/public.go:30(public.FileHandlerFunc)';
  const types: Record<string, string> = {
    css: 'text/css; charset=utf-8',
    svg: 'image/svg+xml',
    js: 'text/javascript; charset=utf-8',
  };
  const known: Record<string, string> = {
    '/assets/css/index.css': 'body{font-family:sans-serif}\n',
    '/assets/js/index.js': '/* */\n',
    '/assets/img/favicon.svg': '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>\n',
    '/assets/img/logo.svg': '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>\n',
  };
  const body = known[c.path];
  if (body === undefined) return httpError(c, 404, '404 page not found');
  c.res.setHeader('Content-Type', types[c.path.split('.').pop() as string] ?? 'application/octet-stream');
  c.res.setHeader('Cache-Control', 'max-age=21600, private, must-revalidate, no-transform');
  c.res.end(c.req.method === 'HEAD' ? undefined : body);
}

async function installed(c: Context): Promise<void> {
  const { method } = c.req;
  const get = method === 'GET';
  // Registered for GET only: HEAD falls through to the pages, which do not know the path.
  if (c.path === '/api/healthz' && get) return healthInstalled(c);
  if (c.path === '/metrics' && get && bool(c.s, 'metrics', 'ENABLED')) return metrics(c);
  if (/^\/api\/internal(\/|$)/.test(c.path)) return internal(c);
  if (c.path.startsWith('/api/v1/')) return api(c);
  if (PACKAGE_PATH.test(c.path)) return packages(c);
  if (ATTACHMENT_PATH.test(c.path) && get) return download(c);
  if (c.path.startsWith('/assets/')) return asset(c);
  if (c.path === '/' && method === 'HEAD') return void c.res.writeHead(200).end();
  if (c.path === '/robots.txt') return httpError(c, 404);
  if (c.path === '/ssh_info' && get) return json(c, 200, { type: 'agit', version: 1 });
  if (LFS_PATH.test(c.path)) return lfs(c);
  if (GIT_PATH.test(c.path)) return gitHttp(c);
  return pages(c);
}

async function notInstalled(c: Context): Promise<void> {
  if (c.path === '/api/healthz' && c.req.method === 'GET')
    return health(c, { status: 'pass', description: c.s.appName }, 200);
  if (c.path.startsWith('/assets/')) return asset(c);
  if (c.path === '/') {
    c.handler = 'install/install.go:70(install.Install)';
    const title = 'Installation - Gitea: Git with a cup of tea';
    return html(
      c,
      200,
      `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h3>Initial Configuration</h3></body></html>\n`,
    );
  }
  c.res.setHeader('Refresh', `1; url=${c.s.appSubUrl}/`);
  html(c, 404, `Not Found. <a href="${c.s.appSubUrl}/">Go to default page</a>.`);
}

async function handle(c: Context): Promise<void> {
  const started = performance.now();
  c.res.on('close', () => logRequest(c, started));
  try {
    await (c.s.installLock ? installed(c) : notInstalled(c));
  } catch (error) {
    log(
      'E',
      'services/context/context_response.go:160:ServerError()',
      `InternalServerError: ${(error as Error).message}`,
    );
    if (c.res.headersSent) c.res.destroy();
    else if (c.path.startsWith('/api/')) json(c, 500, { message: '', url: `${c.s.appUrl}api/swagger` });
    else
      html(c, 500, '<!DOCTYPE html>\n<html><head><title>Internal Server Error</title></head><body>500</body></html>\n');
  }
}

/** A server that is not listening yet. */
export function webServer(s: Settings, db: Database): Server {
  const server = createServer((req: IncomingMessage, res: ServerResponse) => {
    const [raw = '/', search = ''] = (req.url ?? '/').split(/\?(.*)/s);
    const sub = s.appSubUrl;
    const inside = sub !== '' && (raw === sub || raw.startsWith(`${sub}/`)) ? raw.slice(sub.length) || '/' : raw;
    const path = routedPath(inside);
    const query = new URLSearchParams(search);
    void handle({ req, res, s, db, path, query, remote: remoteAddress(req, s), handler: 'web/web.go:1(unknown)' });
  });
  // Gitea sets no limits of time: a push may take long, and a proxy may keep an idle connection for its next request.
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  server.keepAliveTimeout = 0;
  return server;
}
