import t from 'tap';
import type { Recovered } from '../../../lib/jobs/restore/database/database.ts';
import { bringUpToDate, rolesInUse } from '../../../lib/jobs/restore/database/roles.ts';
import { played, says } from './backups.ts';

t.test('the logins of the database in use', async (t) => {
  const { host, commands } = played(() =>
    says('gitea_a\tf\t\ngitea_b\tt\tSCRAM-SHA-256$4096:x\ngitea_backup\tt\tSCRAM-SHA-256$4096:y\n'),
  );
  t.same(await rolesInUse(host), [
    { name: 'gitea_a', login: false, verifier: '' },
    { name: 'gitea_b', login: true, verifier: 'SCRAM-SHA-256$4096:x' },
    { name: 'gitea_backup', login: true, verifier: 'SCRAM-SHA-256$4096:y' },
  ]);
  t.match(commands[0], /rolname in .*gitea_a.*gitea_b.*gitea_backup/);
  t.same(
    await rolesInUse(played(() => ({ ...says('gitea_a\tt\tx\n'), code: 1 })).host),
    [],
    'none where it does not answer',
  );
});

/** What is told to the database, call by call. */
async function told(roles: Parameters<typeof bringUpToDate>[1]) {
  const calls: string[] = [];
  const recovered: Pick<Recovered, 'tell'> = { tell: async (text) => void calls.push(text) };
  await bringUpToDate(recovered, roles);
  return calls;
}

t.test('logins become those of now, all or nothing', async (t) => {
  const [text = ''] = await told([
    { name: 'gitea_a', login: false, verifier: '' },
    { name: 'gitea_backup', login: true, verifier: 'SCRAM-SHA-256$4096:y' },
  ]);
  const lines = text.split('\n');
  t.ok(lines.includes('alter role gitea_a nologin password null;'));
  t.ok(lines.includes("alter role gitea_backup login replication password 'SCRAM-SHA-256$4096:y';"));
  const made = lines.findIndex((line) => line.startsWith("select 'create role gitea_backup' where to_regrole"));
  t.ok(made > lines.indexOf('begin;') && made < lines.findIndex((line) => line.startsWith('alter role gitea_backup')));
  t.equal(lines.filter(Boolean).at(-1), 'commit;');
});

t.test('what has happened since does not happen again, and tables that are not there are no failure', async (t) => {
  const [text = '', slot = ''] = await told([]);
  for (const table of ['session', 'hook_task', 'branch'])
    t.match(text, `to_regclass('public.${table}') is not null \\gexec`);
  t.notMatch(text, /alter role|create role/, 'no role is touched where those in use are not known');
  t.match(slot, /pg_create_physical_replication_slot\('gitea_backup', true\) where not exists/);
  t.notMatch(text, 'pg_create_physical', 'a slot cannot be made in a transaction that has written');
});
