import { loginRoles } from '../../../core/database-login.ts';
import type { Host } from '../../../host/port.ts';
import { ask, inOneStep } from '../../../kinds/database/index.ts';
import { rows } from '../../../kinds/text.ts';
import { stream } from '../../../phases/backup.ts';
import { containers } from '../../../phases/layout.ts';
import type { Recovered } from './database.ts';

interface Role {
  readonly name: string;
  readonly login: boolean;
  readonly verifier: string;
}

const ours = [...loginRoles, stream.role];

/**
 * The logins of the database in use, or none where it does not answer: secrets may have been rotated since the generation, and
 * what Gitea and the receiver of the log are started with are those of now.
 */
export async function rolesInUse(host: Host): Promise<readonly Role[]> {
  const sql = `select rolname, rolcanlogin, coalesce(rolpassword, '') from pg_authid where rolname in (${ours.map((name) => `'${name}'`).join(', ')})`;
  const output = await host.query({ script: ask(containers.database, sql) });
  if (output.code !== 0) return [];
  return rows(output.stdout).map(([name = '', login, verifier = '']) => ({ name, login: login === 't', verifier }));
}

/**
 * What of the recovered database is of its time and must be of now: logins, the slot of the log's receiver. And what must not
 * happen again or is known to be stuck: webhooks that were on their way have long been sent; sessions are those of a copy; a
 * repository with branches is not empty, although Gitea had not come to note that.
 */
export async function bringUpToDate(recovered: Pick<Recovered, 'tell'>, roles: readonly Role[]): Promise<void> {
  const statements = roles.flatMap(({ name, login, verifier }) => [
    `select 'create role ${name}' where to_regrole('${name}') is null \\gexec`,
    `alter role ${name} ${login ? 'login' : 'nologin'}${name === stream.role ? ' replication' : ''} password ${verifier === '' ? 'null' : `'${verifier}'`};`,
  ]);
  const tables = {
    session: 'delete from session',
    hook_task: 'update hook_task set is_delivered = true where not is_delivered',
    branch:
      'update repository r set is_empty = false where r.is_empty and exists (select from branch b where b.repo_id = r.id and not b.is_deleted)',
  };
  const cleaned = Object.entries(tables).map(
    ([table, sql]) => `select '${sql}' where to_regclass('public.${table}') is not null \\gexec`,
  );
  await recovered.tell(inOneStep([...statements, ...cleaned]));
  await recovered.tell(
    `select pg_create_physical_replication_slot('${stream.slot}', true) where not exists (select from pg_replication_slots where slot_name = '${stream.slot}');`,
  );
}
