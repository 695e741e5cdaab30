import { apiError, apiNotFound } from './api-answer.ts';
import { keyJson, userJson } from './api-json.ts';
import { type Context, json, readBody } from './http.ts';
import { addKey, deleteKey, keyById, keysOf } from './keys.ts';
import { complexEnough } from './password.ts';
import { allUsers, createUser, Refusal, type User } from './users.ts';
import { int, list } from './values.ts';

/** The JSON body as an object; answers 422 and gives undefined where it is none. */
export async function body(c: Context): Promise<Record<string, unknown> | undefined> {
  try {
    const value: unknown = JSON.parse((await readBody(c)) || '{}');
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    throw new Error('not an object');
  } catch (error) {
    apiError(c, 422, `[]: ${(error as Error).message}`);
    return undefined;
  }
}

export const str = (value: unknown): string => (typeof value === 'string' ? value : '');

export async function currentUser(c: Context): Promise<void> {
  json(c, 200, userJson(c.s, c.user as User, true, true));
}

export async function listKeys(c: Context): Promise<void> {
  const user = c.user as User;
  json(
    c,
    200,
    (await keysOf(c.db, user.id)).map((key) => keyJson(c.s, key, user)),
  );
}

export async function postKey(c: Context): Promise<void> {
  const form = await body(c);
  if (!form) return;
  for (const [field, label] of [
    ['title', 'Title'],
    ['key', 'Key'],
  ] as const) {
    if (str(form[field]) === '') return apiError(c, 422, `[${label}]: Required`);
  }
  const user = c.user as User;
  try {
    json(c, 201, keyJson(c.s, await addKey(c.db, user.id, str(form.title), str(form.key)), user));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    apiError(c, 422, error.message);
  }
}

export async function deleteUserKey(c: Context, [id]: string[]): Promise<void> {
  const key = await keyById(c.db, Number(id));
  if (!key) return apiNotFound(c);
  if (key.ownerId !== c.user?.id && !c.user?.isAdmin) return apiError(c, 403, 'You do not have access to this key');
  await deleteKey(c.db, key.id);
  c.res.writeHead(204).end();
}

/** A page of a list, with the headers that go with it. */
export function paged<T>(c: Context, all: T[]): T[] {
  const limit = Math.min(
    Number(c.query.get('limit')) || int(c.s, 'api', 'DEFAULT_PAGING_NUM', 30),
    int(c.s, 'api', 'MAX_RESPONSE_ITEMS', 50),
  );
  const page = Math.max(Number(c.query.get('page')) || 1, 1);
  c.res.setHeader('X-Total-Count', String(all.length));
  return all.slice((page - 1) * limit, page * limit);
}

export async function adminUsers(c: Context): Promise<void> {
  const users = (await allUsers(c.db)).filter((user) => user.type === 0).sort((a, b) => (a.name < b.name ? -1 : 1));
  json(
    c,
    200,
    paged(c, users).map((user) => userJson(c.s, user, true, true)),
  );
}

export async function createAdminUser(c: Context): Promise<void> {
  const form = await body(c);
  if (!form) return;
  for (const [field, label] of [
    ['username', 'Username'],
    ['email', 'Email'],
  ] as const) {
    if (str(form[field]) === '') return apiError(c, 422, `[${label}]: Required`);
  }
  const password = str(form.password);
  if (password.length < int(c.s, 'security', 'MIN_PASSWORD_LENGTH', 8)) return apiError(c, 400, 'PasswordIsRequired');
  const complexity = list(c.s, 'security', 'PASSWORD_COMPLEXITY');
  if (!complexEnough(password, complexity.length > 0 ? complexity : ['off']))
    return apiError(c, 400, 'PasswordComplexity');
  try {
    const user = await createUser(c.db, {
      name: str(form.username),
      email: str(form.email),
      password,
      fullName: str(form.full_name),
      mustChangePassword: form.must_change_password !== false,
      isRestricted: form.restricted === true,
    });
    json(c, 201, userJson(c.s, user, true, true));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    apiError(c, 422, error.message);
  }
}
