import { createHash } from 'node:crypto';
import type { Database, Row } from './db.ts';
import { Refusal } from './users.ts';

export interface PublicKey {
  id: number;
  ownerId: number;
  name: string;
  content: string;
  fingerprint: string;
  created: number;
  updated: number;
}

const toKey = (row: Row): PublicKey => ({
  id: Number(row.id),
  ownerId: Number(row.owner_id),
  name: String(row.name),
  content: String(row.content),
  fingerprint: String(row.fingerprint),
  created: Number(row.created_unix),
  updated: Number(row.updated_unix),
});

export const fingerprint = (blob: Buffer): string =>
  `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;

const TYPES = [
  'ssh-ed25519',
  'ssh-rsa',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'sk-ssh-ed25519@openssh.com',
  'sk-ecdsa-sha2-nistp256@openssh.com',
];
const MIN_RSA_BITS = 3071;

/** The bits of the modulus in an ssh-rsa blob. */
function rsaBits(blob: Buffer): number {
  let at = 0;
  const next = (): Buffer => {
    const length = blob.readUInt32BE(at);
    at += 4 + length;
    return blob.subarray(at - length, at);
  };
  next();
  next();
  const modulus = next();
  const lead = modulus[0] === 0 ? modulus.subarray(1) : modulus;
  return lead.length * 8 - Math.clz32(lead[0] as number) + 24;
}

/** A line of OpenSSH form, checked and trimmed. Throws Refusal with the text of Gitea's 422. */
export function checkKey(given: string): { content: string; blob: Buffer } {
  const [type = '', body = '', ...comment] = given.trim().split(/\s+/);
  const blob = Buffer.from(body, 'base64');
  const named = blob.length > 4 ? blob.subarray(4, 4 + blob.readUInt32BE(0)).toString() : '';
  if (!TYPES.includes(type) || named !== type || /[\r\n]/.test(given.trim())) {
    throw new Refusal('Invalid key content: Unable to verify key content [result: not a known type or format]');
  }
  if (type === 'ssh-rsa' && rsaBits(blob) < MIN_RSA_BITS) {
    throw new Refusal(`Invalid key content: key length is not enough: got ${rsaBits(blob)}, needs ${MIN_RSA_BITS}`);
  }
  return { content: [type, body, ...comment].join(' '), blob };
}

export async function addKey(db: Database, ownerId: number, title: string, given: string): Promise<PublicKey> {
  const { content, blob } = checkKey(given);
  const print = fingerprint(blob);
  if ((await db.query('SELECT 1 FROM public_key WHERE fingerprint = $1', [print])).length > 0) {
    throw new Refusal('Key content has been used as non-deploy key');
  }
  if ((await db.query('SELECT 1 FROM public_key WHERE owner_id = $1 AND name = $2', [ownerId, title])).length > 0) {
    throw new Refusal('Key title has been used');
  }
  const [row] = await db.query(
    `INSERT INTO public_key (owner_id, name, fingerprint, content, created_unix, updated_unix)
     VALUES ($1,$2,$3,$4,$5,$5) RETURNING *`,
    [ownerId, title, print, content, Math.floor(Date.now() / 1000)],
  );
  return toKey(row as Row);
}

export async function keyByBlob(db: Database, blob: Buffer): Promise<PublicKey | undefined> {
  const [row] = await db.query('SELECT * FROM public_key WHERE fingerprint = $1', [fingerprint(blob)]);
  return row && toKey(row);
}

export async function keyById(db: Database, id: number): Promise<PublicKey | undefined> {
  const [row] = await db.query('SELECT * FROM public_key WHERE id = $1', [id]);
  return row && toKey(row);
}

export async function keysOf(db: Database, ownerId: number): Promise<PublicKey[]> {
  return (await db.query('SELECT * FROM public_key WHERE owner_id = $1 ORDER BY id', [ownerId])).map(toKey);
}

export async function deleteKey(db: Database, id: number): Promise<void> {
  await db.run('DELETE FROM public_key WHERE id = $1', [id]);
}
