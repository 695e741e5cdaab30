import type { Host } from '../../../host/port.ts';
import { ask } from '../../../kinds/database/index.ts';
import { rows } from '../../../kinds/text.ts';
import { containers } from '../../../phases/layout.ts';
import type { Now } from './check.ts';

/** How many names of a sort are told. */
const most = 20;

/**
 * What is newer in the database in use than a moment, by name: what a restore to that moment takes back. `$` is the moment of
 * the database, `@` that of the files, which comes before it where the log goes on behind a generation.
 */
const queries = {
  repositories: "select owner_name || '/' || name from repository where created_unix > @ order by created_unix",
  users: 'select name from "user" where type = 0 and created_unix > $ order by created_unix',
  organizations: 'select name from "user" where type = 1 and created_unix > $ order by created_unix',
  'pushed branches':
    "select r.owner_name || '/' || r.name || ' ' || b.name from branch b join repository r on r.id = b.repo_id where b.updated_unix > @ and r.created_unix <= @ order by b.updated_unix",
  'issues and pull requests':
    "select r.owner_name || '/' || r.name || '#' || i.index || ' ' || i.name from issue i join repository r on r.id = i.repo_id where i.created_unix > $ order by i.created_unix",
  comments:
    "select r.owner_name || '/' || r.name || '#' || i.index from comment c join issue i on i.id = c.issue_id join repository r on r.id = i.repo_id where c.created_unix > $ order by c.created_unix",
  packages:
    "select p.name || ' ' || v.version from package_version v join package p on p.id = v.package_id where v.created_unix > @ order by v.created_unix",
} as const;

/** Seconds since 1970. Each query that fails (a table that this Gitea does not have) is left out. */
export async function lostSince(host: Host, seconds: number, files = seconds): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const [name, sql] of Object.entries(queries)) {
    const { code, stdout } = await host.query({
      script: ask(containers.database, sql.replaceAll('$', String(seconds)).replaceAll('@', String(files))),
    });
    const found = code === 0 ? stdout.split('\n').filter(Boolean) : [];
    if (found.length > 0)
      lines.push(`${found.length} ${name}: ${found.slice(0, most).join(', ')}${found.length > most ? ', ...' : ''}`);
  }
  return lines;
}

/** What the database in use says of itself; nothing where it does not answer. */
export async function databaseNow(host: Host): Promise<Now> {
  const sql = 'select (select version from version where id = 1), (select system_identifier from pg_control_system())';
  const { code, stdout } = await host.query({ script: ask(containers.database, sql) });
  const [[gitea, system] = []] = code === 0 ? rows(stdout) : [];
  return { gitea: gitea ? Number(gitea) : undefined, system: system || undefined };
}
