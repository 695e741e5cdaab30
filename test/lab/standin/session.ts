/** Web sessions: cookie i_like_gitea, kept in memory, in a folder or in the table `session`. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addCookie, type Context, cookieOf } from './http.ts';
import { int, pathOf, type Settings, text } from './values.ts';

export interface SessionData {
  uid?: number;
  uname?: string;
}

const memory = new Map<string, SessionData>();

const provider = (s: Settings): string => {
  const named = text(s, 'session', 'PROVIDER', 'memory');
  return ['memory', 'file', 'db'].includes(named) ? named : 'memory';
};
const cookieName = (s: Settings): string => text(s, 'session', 'COOKIE_NAME', 'i_like_gitea');
const folder = (s: Settings): string => pathOf(s, 'session', 'PROVIDER_CONFIG', join(s.dataPath, 'sessions'));
const valid = (id: string): boolean => /^[0-9a-f]{16}$/.test(id);
const fileOf = (s: Settings, id: string): string => join(folder(s), id[0] as string, id[1] as string, id);

/** The id from the cookie, or a new one that is sent to the client. */
export function sessionId(c: Context): string {
  const had = cookieOf(c, cookieName(c.s));
  if (valid(had)) return had;
  const id = randomBytes(8).toString('hex');
  sendCookie(c, id);
  return id;
}

function sendCookie(c: Context, id: string, expire = false): void {
  const secure = text(c.s, 'session', 'COOKIE_SECURE', c.s.appUrl.startsWith('https://') ? 'true' : 'false') === 'true';
  const site = text(c.s, 'session', 'SAME_SITE', 'lax');
  const parts = [`${cookieName(c.s)}=${id}`, `Path=${c.s.appSubUrl || '/'}`];
  if (expire) parts.push('Max-Age=0');
  parts.push('HttpOnly');
  if (secure) parts.push('Secure');
  addCookie(c, [...parts, `SameSite=${site[0]?.toUpperCase()}${site.slice(1).toLowerCase()}`].join('; '));
}

export async function readSession(c: Context, id: string): Promise<SessionData> {
  const parse = (raw: string): SessionData => (raw === '' ? {} : (JSON.parse(raw) as SessionData));
  switch (provider(c.s)) {
    case 'db': {
      const oldest = Math.floor(Date.now() / 1000) - int(c.s, 'session', 'SESSION_LIFE_TIME', 86400);
      const [row] = await c.db.query('SELECT data FROM session WHERE key = $1 AND expiry > $2', [id, oldest]);
      return row ? parse((row.data as Buffer).toString()) : {};
    }
    case 'file':
      try {
        return parse(readFileSync(fileOf(c.s, id), 'utf8'));
      } catch {
        return {};
      }
    default:
      return memory.get(id) ?? {};
  }
}

async function store(c: Context, id: string, data: SessionData): Promise<void> {
  switch (provider(c.s)) {
    case 'db':
      await c.db.run(
        'INSERT INTO session (key, data, expiry) VALUES ($1,$2,$3) ON CONFLICT (key) DO UPDATE SET data = $2, expiry = $3',
        [id, Buffer.from(JSON.stringify(data)), Math.floor(Date.now() / 1000)],
      );
      return;
    case 'file':
      mkdirSync(join(fileOf(c.s, id), '..'), { recursive: true });
      writeFileSync(fileOf(c.s, id), JSON.stringify(data), { mode: 0o600 });
      return;
    default:
      memory.set(id, data);
  }
}

/** Signs in under a fresh id: an id from before the sign-in never carries a user. */
export async function startSession(c: Context, old: string, data: SessionData): Promise<void> {
  await endSession(c, old, false);
  const id = randomBytes(8).toString('hex');
  await store(c, id, data);
  sendCookie(c, id);
}

export async function endSession(c: Context, id: string, clearCookie = true): Promise<void> {
  if (provider(c.s) === 'db') await c.db.run('DELETE FROM session WHERE key = $1', [id]);
  else if (provider(c.s) === 'file') rmSync(fileOf(c.s, id), { force: true });
  else memory.delete(id);
  if (clearCookie) sendCookie(c, '', true);
}
