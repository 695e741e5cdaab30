/** Files that hang on issues: data/attachments, two folders deep by the first signs of the name. */
import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Database, Row } from './db.ts';
import { pathOf, type Settings } from './values.ts';

export interface Attachment {
  id: number;
  uuid: string;
  repoId: number;
  issueId: number;
  uploaderId: number;
  name: string;
  size: number;
  downloads: number;
  created: number;
}

const toAttachment = (row: Row): Attachment => ({
  id: Number(row.id),
  uuid: String(row.uuid),
  repoId: Number(row.repo_id),
  issueId: Number(row.issue_id),
  uploaderId: Number(row.uploader_id),
  name: String(row.name),
  size: Number(row.size),
  downloads: Number(row.download_count),
  created: Number(row.created_unix),
});

export const attachmentFile = (s: Settings, uuid: string): string =>
  join(pathOf(s, 'attachment', 'PATH', join(s.dataPath, 'attachments')), uuid.slice(0, 1), uuid.slice(1, 2), uuid);

/** A file in its place at once or not at all: written beside the others, then moved. */
export async function saveFile(folder: string, file: string, content: Buffer): Promise<void> {
  const temporary = join(folder, 'tmp', `upload-${randomUUID()}`);
  await mkdir(dirname(temporary), { recursive: true });
  await writeFile(temporary, content);
  await mkdir(dirname(file), { recursive: true });
  await rename(temporary, file);
}

/** The file first, then its row, which is there for others only after that. */
export function addAttachment(
  db: Database,
  s: Settings,
  given: Pick<Attachment, 'repoId' | 'issueId' | 'uploaderId' | 'name'>,
  content: Buffer,
): Promise<Attachment> {
  return db.transaction(async (db) => {
    const uuid = randomUUID();
    const file = attachmentFile(s, uuid);
    await saveFile(join(file, '../../..'), file, content);
    const [row] = await db.query(
      `INSERT INTO attachment (uuid, repo_id, issue_id, release_id, uploader_id, comment_id, name, size, created_unix)
       VALUES ($1,$2,$3,0,$4,0,$5,$6,$7) RETURNING *`,
      [uuid, given.repoId, given.issueId, given.uploaderId, given.name, content.length, Math.floor(Date.now() / 1000)],
    );
    return toAttachment(row as Row);
  });
}

export async function attachmentByUuid(db: Database, uuid: string): Promise<Attachment | undefined> {
  if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(uuid)) return undefined;
  const [row] = await db.query('SELECT * FROM attachment WHERE uuid = $1', [uuid]);
  return row && toAttachment(row);
}

export async function attachmentsOf(db: Database, issueId: number): Promise<Attachment[]> {
  const rows = await db.query('SELECT * FROM attachment WHERE issue_id = $1 AND comment_id = 0 ORDER BY id', [issueId]);
  return rows.map(toAttachment);
}

export async function countDownload(db: Database, id: number): Promise<void> {
  await db.run('UPDATE attachment SET download_count = download_count + 1 WHERE id = $1', [id]);
}
