import { createHash } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { giteaData } from '../../phases/layout.ts';
import type { Findings } from './findings.ts';

/** A kind of file that a row of the database stands for. */
interface Kind {
  readonly name: string;
  /** What the record calls it. */
  readonly counted: string;
  /** Key, size in bytes; newest first. */
  readonly sql: string;
  /** Which of these keys the database in use still knows. */
  readonly still: (keys: string) => string;
  readonly path: (key: string) => string;
  /** Whether the key is the SHA-256 of the content. */
  readonly hashed: boolean;
}

const byTwo = (key: string) => `${key.slice(0, 2)}/${key.slice(2, 4)}`;

/** Where Gitea keeps them, below its data. */
const kinds: readonly Kind[] = [
  {
    ...{ name: 'LFS object', counted: 'lfs', hashed: true },
    sql: 'select oid, max(size) from lfs_meta_object group by oid order by max(id) desc',
    still: (keys) => `select distinct oid from lfs_meta_object where oid in (${keys})`,
    path: (key) => `${giteaData.lfs}/${byTwo(key)}/${key.slice(4)}`,
  },
  {
    ...{ name: 'attachment', counted: 'attachments', hashed: false },
    sql: 'select uuid, size from attachment order by id desc',
    still: (keys) => `select uuid from attachment where uuid in (${keys})`,
    path: (key) => `${giteaData.attachments}/${key[0]}/${key[1]}/${key}`,
  },
  {
    ...{ name: 'package file', counted: 'packages', hashed: true },
    sql: 'select hash_sha256, size from package_blob order by id desc',
    still: (keys) => `select hash_sha256 from package_blob where hash_sha256 in (${keys})`,
    path: (key) => `${giteaData.packages}/${byTwo(key)}/${key}`,
  },
];

export interface Sources {
  /** Gitea's data as restored. */
  readonly data: string;
  /** The restored database. */
  readonly ask: (sql: string) => Promise<readonly string[]>;
  /** The one in use: what has been deleted since the restore point is missed by nobody. Throws where it does not answer. */
  readonly askInUse: (sql: string) => Promise<readonly string[]>;
  /** Bytes that are read in order to see whether they are what their name says, the newest files first. */
  readonly readAtMost?: number;
}

const pieces = 50_000;
const named = 10;

/** LFS objects, attachments and packages that the database knows of: is each there, as large as it should be, and what it is? */
export async function keptFiles(
  sources: Sources,
  findings: Pick<Findings, 'problem' | 'note' | 'count'>,
): Promise<void> {
  let left = sources.readAtMost ?? 2 * 1024 ** 3;
  for (const kind of kinds) {
    const wrong = new Map<string, string>();
    let looked = 0;
    let read = 0;
    for (let offset = 0; ; offset += pieces) {
      const rows = await sources.ask(`${kind.sql} limit ${pieces} offset ${offset};`);
      for (const [key = '', bytes] of rows.map((row) => row.split('\t'))) {
        const path = `${sources.data}/${kind.path(key)}`;
        const size = Number(bytes);
        looked++;
        const is = existsSync(path) ? statSync(path).size : undefined;
        if (is === undefined) wrong.set(key, 'is not there');
        else if (is !== size) wrong.set(key, `has ${is} bytes, and should have ${size}`);
        else if (kind.hashed && size <= left) {
          left -= size;
          read++;
          if ((await sha256Of(path)) !== key) wrong.set(key, 'is not what its name says');
        }
      }
      if (rows.length < pieces) break;
    }
    findings.count(kind.counted, looked);
    if (kind.hashed) findings.count(`${kind.counted}Read`, read);
    await judge(kind, wrong, sources, findings);
  }
}

async function judge(
  { name, still }: Kind,
  wrong: ReadonlyMap<string, string>,
  { askInUse }: Sources,
  findings: Pick<Findings, 'problem' | 'note'>,
): Promise<void> {
  if (wrong.size === 0) return;
  // So many are not what somebody has deleted in a minute.
  const some = [...wrong.keys()].slice(0, 5000);
  const list = some.map((key) => `'${key}'`).join(', ');
  const known = new Set(await askInUse(still(list)).catch(() => some));
  const gone = some.filter((key) => !known.has(key) && wrong.get(key) === 'is not there');
  const bad = [...wrong].filter(([key]) => !gone.includes(key));
  if (gone.length > 0) findings.note(`${gone.length} of kind ${name}: deleted while the generation was made`);
  for (const [key, what] of bad.slice(0, named)) findings.problem(`${name} ${key} ${what}`);
  if (bad.length > named) findings.problem(`${bad.length - named} more of kind ${name}`);
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
