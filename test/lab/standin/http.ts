/** What all routes share: the request with its context, and the shapes of answers. */
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Database } from './db.ts';
import type { User } from './users.ts';
import type { Settings } from './values.ts';

export interface Context {
  req: IncomingMessage;
  res: ServerResponse;
  s: Settings;
  db: Database;
  /** Path without the sub-path of ROOT_URL, still percent-encoded. */
  path: string;
  query: URLSearchParams;
  remote: string;
  /** The Go handler that the router line of the log names. */
  handler: string;
  user?: User;
  /** Scope of the access token the user came with; undefined for passwords and sessions. */
  tokenScope?: string;
}

/** The path that Gitea routes by: slashes merged, none at the end. So `//metrics/` is `/metrics`, behind a proxy as well. */
export function routedPath(raw: string): string {
  return raw.replace(/\/+$/, '').replace(/\/{2,}/g, '/') || '/';
}

export function json(c: Context, status: number, body: unknown): void {
  c.res.setHeader('Content-Type', 'application/json;charset=utf-8');
  c.res.statusCode = status;
  c.res.end(`${JSON.stringify(body)}\n`);
}

/** Go's http.Error. */
export function httpError(c: Context, status: number, message = STATUS_CODES[status] ?? ''): void {
  c.res.setHeader('Content-Type', 'text/plain; charset=utf-8');
  c.res.setHeader('X-Content-Type-Options', 'nosniff');
  c.res.statusCode = status;
  c.res.end(`${message}\n`);
}

export function plainText(c: Context, status: number, message: string): void {
  c.res.setHeader('Content-Type', 'text/plain;charset=utf-8');
  c.res.statusCode = status;
  c.res.end(message);
}

export function html(c: Context, status: number, page: string): void {
  c.res.setHeader('Content-Type', 'text/html; charset=utf-8');
  c.res.setHeader('X-Frame-Options', 'SAMEORIGIN');
  c.res.setHeader('Cache-Control', 'max-age=0, private, must-revalidate, no-transform');
  c.res.statusCode = status;
  c.res.end(c.req.method === 'HEAD' ? undefined : page);
}

export function redirect(c: Context, path: string): void {
  c.res.setHeader('Location', `${c.s.appSubUrl}${path}`);
  c.res.writeHead(303);
  c.res.end();
}

/** The whole body, at most `limit` bytes. Throws beyond that. */
export async function readBytes(c: Context, limit: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of c.req as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > limit) throw new Error('http: request body too large');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** The same as text. */
export const readBody = async (c: Context, limit = 10 * 1024 * 1024): Promise<string> =>
  (await readBytes(c, limit)).toString();

export function escapeHtml(value: string): string {
  const map: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' };
  return value.replace(/[&<>"']/g, (char) => map[char] as string);
}

export function addCookie(c: Context, cookie: string): void {
  const old = c.res.getHeader('Set-Cookie');
  c.res.setHeader('Set-Cookie', [...(Array.isArray(old) ? old : old ? [String(old)] : []), cookie]);
}

export function cookieOf(c: Context, name: string): string {
  for (const pair of (c.req.headers.cookie ?? '').split(/;\s*/)) {
    const at = pair.indexOf('=');
    if (pair.slice(0, at) === name) return decodeURIComponent(pair.slice(at + 1));
  }
  return '';
}
