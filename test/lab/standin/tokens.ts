import { createHash, pbkdf2Sync, randomBytes } from 'node:crypto';
import type { Database } from './db.ts';
import { randomText } from './secrets.ts';

const now = (): number => Math.floor(Date.now() / 1000);

const hashToken = (token: string, salt: string): string => pbkdf2Sync(token, salt, 10000, 50, 'sha256').toString('hex');

/** Makes a token and returns its only readable copy (40 hexadecimal digits). */
export async function newToken(db: Database, uid: number, name: string, scope: string): Promise<string> {
  const token = randomBytes(20).toString('hex');
  const salt = randomText(10);
  await db.run(
    `INSERT INTO access_token (uid, name, token_hash, token_salt, token_last_eight, scope, created_unix, updated_unix)
     VALUES ($1,$2,$3,$4,$5,$6,$7,$7)`,
    [uid, name, hashToken(token, salt), salt, token.slice(-8), scope, now()],
  );
  return token;
}

export async function tokenNameUsed(db: Database, uid: number, name: string): Promise<boolean> {
  return (await db.query('SELECT 1 FROM access_token WHERE uid = $1 AND name = $2', [uid, name])).length > 0;
}

// A hash costs milliseconds: Gitea keeps the last tokens that matched, too.
const matched = new Map<string, number>();

/** The owner and scope of a token, undefined for an unknown one. */
export async function findToken(db: Database, token: string): Promise<{ uid: number; scope: string } | undefined> {
  if (!/^[0-9a-f]{40}$/.test(token)) return undefined;
  const key = createHash('sha256').update(token).digest('hex');
  const rows = await db.query('SELECT * FROM access_token WHERE token_last_eight = $1', [token.slice(-8)]);
  for (const row of rows) {
    if (matched.get(key) !== row.id && hashToken(token, String(row.token_salt)) !== row.token_hash) continue;
    matched.set(key, Number(row.id));
    if (matched.size > 20) matched.delete(matched.keys().next().value as string);
    await db.run('UPDATE access_token SET updated_unix = $2 WHERE id = $1', [row.id, now()]);
    return { uid: Number(row.uid), scope: String(row.scope ?? '') };
  }
  return undefined;
}
