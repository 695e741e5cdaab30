import { STATUS_CODES } from 'node:http';
import type { Context } from './http.ts';
import { log } from './log.ts';
import { atLeast, currentRelease } from './release.ts';

/** A Go duration of milliseconds as the router prints it: one decimal, "1.2ms" or "3.4s". */
export function goDuration(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(1)}ms` : `${(ms / 1000).toFixed(1)}s`;
}

/** The router's line for an answered request. */
export function logRequest(c: Context, startedAt: number): void {
  const { method = '', url = '' } = c.req;
  const status = c.res.statusCode;
  const quiet = status < 400 && url.startsWith('/assets/');
  const where = atLeast(currentRelease(), 1, 24) ? 'HTTPRequest' : 'modules/web/routing/logger.go:102:func1()';
  const took = goDuration(performance.now() - startedAt);
  const words = STATUS_CODES[status] ?? '';
  log(
    quiet ? 'T' : 'I',
    where,
    `router: completed ${method} ${url} for ${c.remote}, ${status} ${words} in ${took} @ ${c.handler}`,
  );
}
