// What is asked of the database, in which order, and that each answer which is not the good one stops it.
import t from 'tap';
import { Secret } from '../../../lib/core/secret.ts';
import type { ClusterSpec, LoginSpec } from '../../../lib/core/spec.ts';
import type { Command, Host } from '../../../lib/host/port.ts';
import { cluster } from '../../../lib/kinds/database/cluster.ts';
import { login } from '../../../lib/kinds/database/login.ts';
import { desiredState } from '../../../lib/phases/index.ts';
import { input } from '../phases/input.ts';

const specs = desiredState(input());
const clusterSpec = specs.find((found): found is ClusterSpec => found.kind === 'cluster')!;
const [open, closed] = [true, false].map(
  (wanted) =>
    specs.find((found): found is LoginSpec => found.kind === 'login' && (found.password !== undefined) === wanted)!,
) as [LoginSpec, LoginSpec];

/** A host whose database was made by `maker`, and finds these errors in its rules; `fails` at the command that says this. */
function database({ maker = 'postgres', errors = '', fails = '' } = {}) {
  const log: string[] = [];
  let statements = '';
  const answer = ({ script = '', argv = [], stdin }: Command) => {
    const words = `${script}${argv.join(' ')}`;
    const what = words.includes('pg_isready')
      ? 'start'
      : stdin instanceof Secret
        ? 'statements'
        : /oid = 10/.test(words)
          ? 'maker'
          : /pg_hba_file_rules/.test(words)
            ? 'rules'
            : /pg_reload_conf/.test(words)
              ? 'reload'
              : words;
    log.push(what);
    if (stdin instanceof Secret) statements = stdin.reveal();
    const stdout = { maker: `${maker}\n`, rules: errors }[what] ?? '';
    return { code: what === fails ? 1 : 0, stdout, stderr: what === fails ? 'what it said' : '' };
  };
  const host = { label: 'host', query: async (c: Command) => answer(c), run: async (c: Command) => answer(c) } as Host;
  const context = { host, progress: () => {} };
  return {
    log,
    /** One line each, without what stands around all of them. */
    statements: () =>
      statements
        .slice(statements.indexOf('log_statement = none;') + 22, statements.indexOf('commit;'))
        .trim()
        .split('\n'),
    whole: () => statements,
    cluster: () => cluster.apply(clusterSpec, {} as never, context, {} as never),
    login: (spec: LoginSpec) => login.apply(spec, {} as never, context, {} as never),
  };
}

t.test(
  'a cluster: the owner can do nothing but own, the superuser has no password, and the rules are in force',
  async (t) => {
    const { cluster, log, statements } = database();
    await cluster();
    t.strictSame(log, ['start', 'maker', 'statements', 'rules', 'reload']);
    t.strictSame(statements(), [
      "select 'create role gitea' where to_regrole('gitea') is null \\gexec",
      'alter role gitea nologin nosuperuser nocreatedb nocreaterole noreplication nobypassrls inherit password null;',
      "select format('revoke %s from gitea', m.roleid::regrole) from pg_auth_members m where m.member = 'gitea'::regrole and m.roleid::regrole::text <> '' \\gexec",
      'alter role postgres password null;',
      'alter database gitea owner to gitea;',
      'alter schema public owner to gitea;',
    ]);
  },
);

t.test('a cluster that turns out to be of version 0.1 once it runs is not touched', async (t) => {
  const { cluster, log } = database({ maker: 'gitea' });
  await t.rejects(cluster(), { exitCode: 20, message: /not made by the role postgres.*no data was touched/s });
  t.strictSame(log, ['start', 'maker']);
});

t.test('rules that PostgreSQL cannot read leave those of before in force, and are told', async (t) => {
  const { cluster, log } = database({ errors: '3\tinvalid' });
  await t.rejects(cluster(), { exitCode: 20, message: /does not understand its rules of access\s+3\tinvalid/ });
  t.strictSame(log, ['start', 'maker', 'statements', 'rules']);
});

t.test('each failure is told and ends it', async (t) => {
  for (const [fails, what, count] of [
    ['start', /database did not start\s+what it said/, 1],
    ['statements', /roles of the database could not be made\s+what it said/, 3],
    ['reload', /did not take up its rules of access/, 5],
  ] as const) {
    const { cluster, log } = database({ fails });
    await t.rejects(cluster(), { exitCode: 20, message: what });
    t.equal(log.length, count, fails);
  }
});

t.test('a login: acts as the owner from its first moment, and is nothing more', async (t) => {
  const { login, log, statements, whole } = database();
  await login(open);
  t.strictSame(log, ['start', 'statements']);
  const { role } = open;
  t.match(statements(), [
    `select 'create role ${role}' where not exists (select from pg_roles where rolname = '${role}') \\gexec`,
    new RegExp(
      `^alter role ${role} login nosuperuser nocreatedb nocreaterole noreplication nobypassrls inherit password 'SCRAM-SHA-256\\$4096:[A-Za-z0-9+/=]+\\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+';$`,
    ),
    `select format('revoke %s from ${role}', m.roleid::regrole) from pg_auth_members m where m.member = '${role}'::regrole and m.roleid::regrole::text <> 'gitea' \\gexec`,
    `grant gitea to ${role};`,
    `alter role ${role} set role = 'gitea';`,
  ]);
  t.notMatch(whole(), open.password!.reveal(), 'the password itself stays here');
});

t.test('a login that is closed: without a start, and with nothing but that', async (t) => {
  const { login, log, statements } = database();
  await login(closed);
  t.strictSame(log, ['statements']);
  t.strictSame(statements(), [`alter role ${closed.role} nologin password null;`]);
});

t.test('statements are one step, and in no log', async (t) => {
  const { login, whole } = database();
  await login(open);
  const lines = whole().split('\n');
  t.equal(lines[0], '\\set ON_ERROR_STOP on');
  const at = (word: string) => lines.findIndex((line) => line.includes(word));
  t.ok(at('begin;') > 0 && at('begin;') < at('create role'), 'begun before the first one');
  t.equal(lines.at(-2), 'commit;');
  for (const each of ['log_statement = none', 'log_min_error_statement = panic', 'log_min_duration_statement = -1'])
    t.match(whole(), `set local ${each};`);
});

t.test('a login that cannot be made is told without its verifier', async (t) => {
  const { login } = database({ fails: 'statements' });
  await t.rejects(login(open), { exitCode: 20, message: /login gitea_[ab] could not be made\s+what it said/ });
  await t.rejects(login(closed), { exitCode: 20, message: /login gitea_[ab] could not be closed/ });
});
