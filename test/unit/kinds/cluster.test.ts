import t from 'tap';
import { databaseOwner, databaseRoles, databaseSuperuser } from '../../../lib/core/database-roles.ts';
import type { ClusterSpec } from '../../../lib/core/spec.ts';
import { cluster } from '../../../lib/kinds/database/cluster.ts';
import { desiredState } from '../../../lib/phases/index.ts';
import { input } from '../phases/input.ts';

const specs = desiredState(input());
const spec = specs.find((found): found is ClusterSpec => found.kind === 'cluster')!;
const access = `access\t${spec.access.hash}\n`;
const diff = (text: string) => cluster.diff(spec, cluster.parse(text, [spec]).get(spec.id)!);

t.test('a cluster is judged by who made it, who owns what, and the rules of access in force', async (t) => {
  t.equal(diff(`reachable\nmaker\tpostgres\n${access}`), undefined);
  t.match(diff(access), { action: 'create', why: 'the database does not answer yet', impact: 'none' });
  const wrong = (...names: string[]) =>
    diff(`reachable\nmaker\tpostgres\n${names.map((name) => `wrong\t${name}\n`).join('')}${access}`);
  t.match(wrong('role', 'ownership'), { action: 'create', why: /the owner gitea does not exist.*does not belong/ });
  t.match(wrong('membership'), { action: 'update', why: 'the owner gitea has the rights of other roles' });
  t.match(wrong('password'), { action: 'update', why: 'postgres has a password', impact: 'none' });
  const older = { action: 'update', why: 'runs with older rules of access', impact: 'reload' };
  t.match(wrong('access'), older, 'the file is newer than the last time that it was read');
  t.match(diff('reachable\nmaker\tpostgres\naccess\tother\n'), older, 'the file will be written in the same plan');
  t.match(diff('reachable\nmaker\tpostgres\naccess\t\n'), older);
});

t.test('a cluster of version 0.1 is refused with the way out, whether it runs or not', async (t) => {
  for (const text of [`maker\tgitea\n${access}`, `reachable\nmaker\tgitea\n${access}`, 'maker\tgitea\naccess\t\n'])
    t.throws(() => diff(text), {
      ...{ name: 'RunbookError', kind: 'refused', message: /made by the role gitea, as version 0.1 did it/ },
      parts: { next: /nothing was changed.*docs\/runbooks\/deploy.md, "A database of version 0.1"/ },
    });
});

t.test(
  'the rules of access: the socket for the superuser, the network for Gitea and for what streams the log, and no more',
  async (t) => {
    const rules = (wanted: typeof specs) => {
      const file = wanted.find(({ id }) => id === `file:${spec.access.path}`);
      t.match(file, { mode: '0644', uid: 0, impact: 'reload' });
      const text = file?.kind === 'file' ? String(file.content) : '';
      const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
      return lines.map((line) => line.split(/\s+/));
    };
    const always = [
      ['local', 'all', 'postgres', 'peer'],
      ['host', 'gitea', 'gitea_a,gitea_b', 'samenet', 'scram-sha-256'],
    ];
    t.same(rules(specs), [...always, ['host', 'replication', 'gitea_backup', 'samenet', 'scram-sha-256']]);
    t.same(rules(desiredState(input({ config: { backup: { enabled: false } } }))), always, 'without backups');
  },
);

t.test('one superuser alone, and none that the network reaches; what nothing uses yet does not exist', async (t) => {
  const roles = Object.entries(databaseRoles);
  const superusers = roles.filter(([, { attributes }]) => (attributes as readonly string[]).includes('superuser'));
  t.same(
    superusers.map(([name, { reach }]) => [name, reach]),
    [[databaseSuperuser, 'socket']],
  );
  t.match(databaseRoles[databaseOwner], { reach: 'nowhere', memberOf: [], attributes: [] });
  for (const [name, { exists, for: part }] of roles) t.equal(exists, !['standby', 'monitoring'].includes(part), name);
});
