import { existsSync } from 'node:fs';
import { inOneStep } from '../../../kinds/database/index.ts';
import { type Recovered, readRows } from '../database/index.ts';
import { listed } from './go-back.ts';

/** A row of the database that stands for a file, made after the restore point or right before it. */
interface FileRow {
  readonly id: number;
  /** Its name in the storage: a hash, or a UUID. */
  readonly key: string;
  /** For people. */
  readonly name: string;
}

interface Storage {
  readonly what: string;
  readonly table: string;
  /** Below Gitea's data. */
  readonly folder: string;
  readonly pathOf: (key: string) => string;
  /** `$`: seconds since 1970. */
  readonly rows: string;
  /** What takes the rows away; none where Gitea asks for the file again by itself. */
  readonly remove: (ids: string) => readonly string[];
}

/** Seconds: a row and its file do not come at the same time. */
const margin = 60;

/** Where Gitea keeps what is named by a hash: two folders of two characters each, and the rest or all of it. */
const byHash = (rest: number) => (key: string) => `${key.slice(0, 2)}/${key.slice(2, 4)}/${key.slice(rest)}`;

const storages: readonly Storage[] = [
  {
    what: 'LFS objects uploaded after it are not there, and have to be pushed again',
    ...{ table: 'lfs_meta_object', folder: 'git/lfs', pathOf: byHash(4) },
    rows: "select json_build_object('id', o.id, 'key', o.oid, 'name', r.owner_name || '/' || r.name || ' ' || left(o.oid, 10)) from lfs_meta_object o join repository r on r.id = o.repository_id where o.created_unix >= $ order by o.id",
    remove: () => [],
  },
  {
    what: 'attachments uploaded after it are gone',
    ...{ table: 'attachment', folder: 'data/attachments', pathOf: (key) => `${key[0]}/${key[1]}/${key}` },
    rows: "select json_build_object('id', a.id, 'key', a.uuid, 'name', a.name || coalesce(' of ' || r.owner_name || '/' || r.name || coalesce('#' || i.index, ''), '')) from attachment a left join issue i on i.id = a.issue_id left join repository r on r.id = coalesce(nullif(a.repo_id, 0), i.repo_id) where a.created_unix >= $ order by a.id",
    remove: (ids) => [`delete from attachment where id in (${ids});`],
  },
  {
    what: 'packages uploaded after it are gone, and can be published again',
    ...{ table: 'package_blob', folder: 'packages', pathOf: byHash(0) },
    rows: `select json_build_object('id', b.id, 'key', b.hash_sha256, 'name', coalesce(string_agg(distinct u.name || '/' || p.name || ' ' || v.version, ', '), 'a file of none'))
from package_blob b left join package_file f on f.blob_id = b.id left join package_version v on v.id = f.version_id left join package p on p.id = v.package_id left join "user" u on u.id = p.owner_id
where b.created_unix >= $ group by b.id, b.hash_sha256 order by b.id`,
    // With its row left Gitea would take the file for stored, and never store it again.
    remove: (ids) => [
      `create temp table gone_file on commit drop as select id, version_id from package_file where blob_id in (${ids});`,
      'create temp table gone_version on commit drop as select v.id, v.package_id from package_version v where v.id in (select version_id from gone_file) and not exists (select from package_file f where f.version_id = v.id and f.id not in (select id from gone_file));',
      "select 'delete from package_property where (ref_type = 0 and ref_id in (select id from gone_version)) or (ref_type = 1 and ref_id in (select id from gone_file))' where to_regclass('public.package_property') is not null \\gexec",
      'delete from package_file where id in (select id from gone_file);',
      'delete from package_version where id in (select id from gone_version);',
      'delete from package p where p.id in (select package_id from gone_version) and not exists (select from package_version v where v.package_id = p.id);',
      `delete from package_blob where id in (${ids});`,
    ],
  },
];

/**
 * Rows that stand for files which came after the restore point, and so are not there: told, and taken away where Gitea would
 * answer with an error for what has a row and no file. `data`: Gitea's folder of data; `point`: milliseconds since 1970.
 */
export async function withoutFiles(database: Recovered, data: string, point: number): Promise<readonly string[]> {
  const notes: string[] = [];
  for (const { what, table, folder, pathOf, rows, remove } of storages) {
    const there = await database.ask(`select to_regclass('public.${table}') is not null;`);
    // A storage that is nowhere to be seen may be elsewhere: then nothing is known of its files.
    if (there.trim() !== 't' || !existsSync(`${data}/${folder}`)) continue;
    const since = String(Math.floor(point / 1000) - margin);
    const found = await readRows<FileRow>(database, rows.replaceAll('$', since));
    const gone = found.filter(({ key }) => !existsSync(`${data}/${folder}/${pathOf(key)}`));
    if (gone.length === 0) continue;
    notes.push(`${gone.length} ${what}: ${listed(gone.map(({ name }) => name))}`);
    const statements = remove(gone.map(({ id }) => id).join(', '));
    if (statements.length > 0) await database.tell(inOneStep(statements));
  }
  return notes;
}
