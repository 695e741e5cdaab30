/** What an administrator does with directories that no row stands for. */
import { apiError, apiNotFound } from './api-answer.ts';
import type { Context } from './http.ts';
import { log } from './log.ts';
import { adoptRepo } from './repo-life.ts';
import { userByName } from './users.ts';

export async function adoptRepository(c: Context, [ownerName = '', name = '']: string[]): Promise<void> {
  const owner = await userByName(c.db, ownerName);
  if (!owner) return apiNotFound(c);
  try {
    if ((await adoptRepo(c.db, c.s, owner, name)) === 'absent') return apiNotFound(c);
  } catch (error) {
    log('E', 'routers/api/v1/admin/adopt.go:110:AdoptRepository()', `APIErrorInternal: ${(error as Error).message}`);
    return apiError(c, 500, (error as Error).message);
  }
  c.res.writeHead(204).end();
}
