/** Generic packages: rows that lead from owner, name, version and file to a blob, which lies under its hash. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { saveFile } from './attachments.ts';
import type { Database, Queries } from './db.ts';
import { pathOf, type Settings } from './values.ts';

export interface PackageFile {
  ownerId: number;
  name: string;
  version: string;
  file: string;
}

const root = (s: Settings): string => pathOf(s, 'packages', 'PATH', join(s.dataPath, 'packages'));

export const blobFile = (s: Settings, sha256: string): string =>
  join(root(s), sha256.slice(0, 2), sha256.slice(2, 4), sha256);

const now = (): number => Math.floor(Date.now() / 1000);

/** The id of the row that `where` finds, else of the one that is made. */
async function idOf(
  db: Queries,
  table: string,
  key: Record<string, unknown>,
  more: Record<string, unknown>,
): Promise<{ id: number; made: boolean }> {
  const names = Object.keys(key);
  const where = names.map((name, at) => `${name} = $${at + 1}`).join(' AND ');
  const [old] = await db.query(`SELECT id FROM ${table} WHERE ${where}`, Object.values(key));
  if (old) return { id: Number(old.id), made: false };
  const all = { ...key, ...more };
  const places = Object.keys(all).map((_, at) => `$${at + 1}`);
  const [row] = await db.query(
    `INSERT INTO ${table} (${Object.keys(all).join(', ')}) VALUES (${places.join(', ')}) RETURNING id`,
    Object.values(all),
  );
  return { id: Number(row?.id), made: true };
}

/** Rows and blob in one transaction. False where the version has a file of that name. */
export async function addPackageFile(
  db: Database,
  s: Settings,
  creator: number,
  given: PackageFile,
  content: Buffer,
): Promise<boolean> {
  const sum = (kind: string): string => createHash(kind).update(content).digest('hex');
  const sha256 = sum('sha256');
  return db.transaction(async (db) => {
    const lower = { lower_name: given.name.toLowerCase() };
    const owned = { owner_id: given.ownerId, type: 'generic', ...lower };
    const found = await idOf(db, 'package', owned, { name: given.name, repo_id: 0 });
    const version = { package_id: found.id, lower_version: given.version.toLowerCase() };
    const more = { version: given.version, creator_id: creator, metadata_json: 'null', created_unix: now() };
    const { id } = await idOf(db, 'package_version', version, more);
    const sums = { hash_md5: sum('md5'), hash_sha1: sum('sha1'), hash_sha256: sha256, hash_sha512: sum('sha512') };
    const blob = await idOf(db, 'package_blob', { size: content.length, ...sums }, { created_unix: now() });
    if (blob.made) await saveFile(root(s), blobFile(s, sha256), content);
    const place = { version_id: id, lower_name: given.file.toLowerCase(), composite_key: '' };
    const rest = { blob_id: blob.id, name: given.file, is_lead: true, created_unix: now() };
    return (await idOf(db, 'package_file', place, rest)).made;
  });
}

/** The hash under which a file's content lies. */
export async function packageFile(db: Database, given: PackageFile): Promise<string | undefined> {
  const [row] = await db.query(
    `SELECT hash_sha256 FROM package
     JOIN package_version ON package_version.package_id = package.id
     JOIN package_file ON package_file.version_id = package_version.id
     JOIN package_blob ON package_blob.id = package_file.blob_id
     WHERE owner_id = $1 AND type = 'generic' AND package.lower_name = $2 AND lower_version = $3
       AND package_file.lower_name = $4`,
    [given.ownerId, given.name.toLowerCase(), given.version.toLowerCase(), given.file.toLowerCase()],
  );
  return row && String(row.hash_sha256);
}
