/** Up to 1.25 a signed token in cookie and form; from 1.26 the browser's own Sec-Fetch-Site and Origin headers. */
import { createHmac } from 'node:crypto';
import { addCookie, type Context, cookieOf } from './http.ts';
import { atLeast, currentRelease } from './release.ts';

const DAY = 24 * 3600 * 1000;
const byToken = (): boolean => !atLeast(currentRelease(), 1, 26);

export function csrfToken(secret: Buffer, uid: number, at: number): string {
  const mac = createHmac('sha1', secret).update(`${uid}:POST:${at}`).digest('base64url');
  return `${mac}:${at}`;
}

export function validCsrf(token: string, secret: Buffer, uid: number): boolean {
  const at = Number(token.split(':')[1]);
  if (!Number.isFinite(at) || Math.abs(Date.now() - at) > DAY) return false;
  return csrfToken(secret, uid, at) === token;
}

/** The hidden field of a form; sets the cookie that goes with it. Empty from 1.26 on. */
export function csrfField(c: Context): string {
  if (!byToken()) return '';
  const uid = c.user?.id ?? 0;
  const had = cookieOf(c, '_csrf');
  const token = validCsrf(had, c.s.csrfSecret, uid) ? had : csrfToken(c.s.csrfSecret, uid, Date.now());
  const secure = c.s.appUrl.startsWith('https://') ? '; Secure' : '';
  if (token !== had) {
    addCookie(
      c,
      `_csrf=${encodeURIComponent(token)}; Path=${c.s.appSubUrl || '/'}; Max-Age=86400; HttpOnly${secure}; SameSite=Lax`,
    );
  }
  return `<input type="hidden" name="_csrf" value="${token}">`;
}

/** From 1.26, for every POST: undefined, or the text of the 403. */
export function crossOrigin(c: Context): string | undefined {
  if (byToken() || ['GET', 'HEAD', 'OPTIONS'].includes(c.req.method ?? '')) return undefined;
  const site = c.req.headers['sec-fetch-site'];
  if (site === 'same-origin' || site === 'none') return undefined;
  if (site !== undefined) return 'cross-origin request detected from Sec-Fetch-Site header';
  const { origin, host } = c.req.headers;
  if (!origin || origin.replace(/^[a-z]+:\/\//, '') === host) return undefined;
  return 'cross-origin request detected, and/or browser is out of date: Sec-Fetch-Site is missing, and Origin does not match Host';
}

/** Up to 1.25: may this form of a signed-in user be taken? */
export function formAllowed(c: Context, form: URLSearchParams): boolean {
  if (!byToken()) return true;
  const given = c.req.headers['x-csrf-token'] ?? form.get('_csrf') ?? '';
  return validCsrf(String(given), c.s.csrfSecret, c.user?.id ?? 0);
}
