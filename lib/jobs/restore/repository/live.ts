import { RunbookError } from '../../../core/errors.ts';
import type { Host } from '../../../host/port.ts';
import { ask } from '../../../kinds/database/index.ts';
import { lastLines } from '../../../kinds/text.ts';
import { containers } from '../../../phases/layout.ts';
import { byteString } from '../../backup/index.ts';
import type { LfsObject } from './git.ts';

/** A repository in the database in use. */
export interface Live {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
}

const text = (value: string) => `'${value.toLowerCase().replaceAll("'", "''")}'`;

/** One line of JSON for each row. Throws `changeFailed` where the database does not answer. */
async function all<T>(host: Host, row: string, rest: string): Promise<readonly T[]> {
  const output = await host.query({
    script: ask(containers.database, `select json_build_object(${row}) ${rest}`),
    timeout: 300,
  });
  if (output.code === 0)
    return output.stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as T);
  throw new RunbookError('changeFailed', {
    where: host.label,
    what: 'the database in use does not answer',
    cause: lastLines(output),
    next: 'npx zx runbooks/status.mjs; a repository can only come back beside a Gitea that works',
  });
}

const repository = "'id', id, 'owner', owner_name, 'name', name";

export const repositories = (host: Host) => all<Live>(host, repository, 'from repository order by id');

export async function repositoryNamed(host: Host, { owner, name }: { readonly owner: string; readonly name: string }) {
  const where = `lower(owner_name) = ${text(owner)} and lower_name = ${text(name)}`;
  return (await all<Live>(host, repository, `from repository where ${where}`))[0];
}

/** The name of a user or an organization as Gitea writes it; undefined where there is none. */
export async function ownerNamed(host: Host, name: string): Promise<string | undefined> {
  return (await all<{ name: string }>(host, "'name', name", `from "user" where lower_name = ${text(name)}`))[0]?.name;
}

/** Branches as the database has them: ref, as a byte string, to commit. */
export async function branchRows(host: Host, id: number): Promise<ReadonlyMap<string, string>> {
  const rows = await all<{ name: string; commit: string }>(
    host,
    "'name', name, 'commit', commit_id",
    `from branch where repo_id = ${id} and not is_deleted`,
  );
  return new Map(rows.map(({ name, commit }) => [`refs/heads/${byteString(name)}`, commit]));
}

/** Objects of LFS that a repository has in the database. */
export const lfsRows = (host: Host, id: number) =>
  all<LfsObject>(host, "'oid', oid, 'size', size", `from lfs_meta_object where repository_id = ${id}`);

export async function userId(host: Host, name: string): Promise<number | undefined> {
  return (await all<{ id: number }>(host, "'id', id", `from "user" where lower_name = ${text(name)}`))[0]?.id;
}

export async function emailOf(host: Host, name: string): Promise<string | undefined> {
  return (await all<{ email: string }>(host, "'email', email", `from "user" where lower_name = ${text(name)}`))[0]
    ?.email;
}
