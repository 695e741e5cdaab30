/** LFS objects on disk (ab/cd/rest of the hash), their rows, and the token that SSH hands out for them. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Database } from './db.ts';
import type { Repo } from './repos.ts';
import { signJwt } from './secrets.ts';
import { duration, lfsPath, type Settings } from './values.ts';

const HOUR = 3_600_000;

export interface Pointer {
  oid: string;
  size: number;
}

export const validPointer = (p: Pointer): boolean =>
  /^[a-f\d]{64}$/.test(p.oid) && Number.isInteger(p.size) && p.size >= 0;
export const objectFile = (s: Settings, oid: string): string =>
  join(lfsPath(s), oid.slice(0, 2), oid.slice(2, 4), oid.slice(4));

export const openObject = (s: Settings, oid: string, start: number, end: number): Readable =>
  createReadStream(objectFile(s, oid), { start, end });

/** Streams an object into its place. Gives the text of the 422 where size or hash are not the promised ones. */
export async function storeObject(s: Settings, p: Pointer, source: Readable): Promise<string | undefined> {
  const temporary = join(lfsPath(s), 'tmp', `upload-${process.pid}-${Math.random().toString(36).slice(2)}`);
  const hash = createHash('sha256');
  let size = 0;
  await mkdir(dirname(temporary), { recursive: true });
  try {
    const measured = async function* (parts: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const part of parts) {
        hash.update(part);
        size += part.length;
        yield part;
      }
    };
    await pipeline(source, measured, createWriteStream(temporary));
    if (size !== p.size) return 'content size does not match';
    if (hash.digest('hex') !== p.oid) return 'content hash does not match OID';
    await mkdir(dirname(objectFile(s, p.oid)), { recursive: true });
    await rename(temporary, objectFile(s, p.oid));
    return undefined;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** The Authorization value that git-lfs-authenticate hands out over SSH. */
export function lfsToken(s: Settings, claims: { Op: string; UserID: number; RepoID: number }): string {
  const now = Date.now();
  const exp = Math.floor((now + duration(s, 'server', 'LFS_HTTP_AUTH_EXPIRY', 24 * HOUR)) / 1000);
  return `Bearer ${signJwt({ ...claims, exp, nbf: Math.floor(now / 1000) }, s.lfsSecret)}`;
}

export async function sizeOf(s: Settings, oid: string): Promise<number | undefined> {
  return stat(objectFile(s, oid)).then(
    (found) => found.size,
    () => undefined,
  );
}

export async function metaOf(db: Database, repo: Repo, oid: string): Promise<Pointer | undefined> {
  const [row] = await db.query('SELECT oid, size FROM lfs_meta_object WHERE repository_id = $1 AND oid = $2', [
    repo.id,
    oid,
  ]);
  return row && { oid: String(row.oid), size: Number(row.size) };
}

export async function addMeta(db: Database, repo: Repo, p: Pointer): Promise<void> {
  await db.run(
    `INSERT INTO lfs_meta_object (oid, size, repository_id, created_unix, updated_unix) VALUES ($1,$2,$3,$4,$4)
     ON CONFLICT DO NOTHING`,
    [p.oid, p.size, repo.id, Math.floor(Date.now() / 1000)],
  );
}
