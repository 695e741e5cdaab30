import { type Context, json } from './http.ts';
import { atLeast, currentRelease } from './release.ts';

export function apiError(c: Context, status: number, message: string): void {
  json(c, status, { message, url: `${c.s.appUrl}api/swagger` });
}

export function apiNotFound(c: Context): void {
  const message = atLeast(currentRelease(), 1, 24) ? 'not found' : "The target couldn't be found.";
  json(c, 404, { message, url: `${c.s.appUrl}api/swagger`, errors: null });
}
