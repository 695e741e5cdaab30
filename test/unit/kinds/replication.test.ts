// Who streams the log of the database, and the slot that keeps it: what is found, what is done, and in which order.
import t from 'tap';
import { scramVerifier } from '../../../lib/core/scram.ts';
import { Secret } from '../../../lib/core/secret.ts';
import type { ReplicationSpec } from '../../../lib/core/spec.ts';
import type { Command, Host } from '../../../lib/host/port.ts';
import { replication } from '../../../lib/kinds/database/replication.ts';
import { desiredState } from '../../../lib/phases/index.ts';
import { input } from '../phases/input.ts';

const specIn = (enabled: boolean) =>
  desiredState(input({ config: { backup: { enabled } } })).find(
    (found): found is ReplicationSpec => found.kind === 'replication',
  )!;
const [on, off] = [specIn(true), specIn(false)];
const verifier = scramVerifier(on.password!).reveal();

const diff = (spec: ReplicationSpec, ...rows: (readonly string[])[]) =>
  replication.diff(spec, replication.parse(rows.map((row) => `${row.join('\t')}\n`).join(''), [spec]).get(spec.id)!);
const up = ['reachable'];
const role = (open = 'true', password = verifier, plain = 'true') => ['role', open, password, plain];
const slot = (status: string) => ['slot', status, '', ''];

t.test('wanted: role and slot are there, and the log has no gap', async (t) => {
  for (const status of ['reserved', 'extended', 'unreserved']) t.equal(diff(on, up, role(), slot(status)), undefined);
  const cases: [string, (readonly string[])[], 'create' | 'update', RegExp][] = [
    ['no database', [], 'create', /^the database does not answer yet$/],
    ['nothing', [up], 'create', /^the role gitea_backup does not exist, the slot gitea_backup does not exist$/],
    ['no slot', [up, role()], 'create', /^the slot gitea_backup does not exist$/],
    ['no role', [up, slot('reserved')], 'create', /^the role gitea_backup does not exist$/],
    ['closed', [up, role('false'), slot('reserved')], 'update', /^gitea_backup may not log in$/],
    ['another password', [up, role('true', ''), slot('reserved')], 'update', /^has another password than <secret/],
    ['more rights', [up, role('true', verifier, 'false'), slot('reserved')], 'update', /may more or less than stream$/],
    ['gap', [up, role(), slot('lost')], 'update', /^the slot gitea_backup has lost its place: the log has a gap$/],
  ];
  for (const [name, rows, action, why] of cases) {
    const change = diff(on, ...rows);
    t.match(change, { action, why, impact: 'none', title: "stream of the database's log" }, name);
    t.notMatch(JSON.stringify(change), 'SCRAM', `${name}: no verifier is shown`);
  }
});

t.test('not wanted: neither may be there, and a role that nobody can use is none', async (t) => {
  t.equal(diff(off, up), undefined);
  t.equal(diff(off), undefined, 'a database that is down has nothing to be ended');
  t.equal(diff(off, up, role('false', '', 'false')), undefined);
  for (const [name, ...rows] of [
    ['open', role()],
    ['has a password', role('false')],
    ['may log in', role('true', '')],
    ['a slot alone would fill the disk', slot('reserved')],
    ['a lost slot', slot('lost')],
  ] as const)
    t.match(diff(off, up, ...rows), { action: 'update', why: 'nothing keeps it any more' }, name);
});

/** A host that says no at the command `fails`. */
function database(fails = '') {
  const log: string[] = [];
  const told: Record<string, string> = {};
  const run = async ({ script = '', argv = [], stdin }: Command) => {
    const what = script.includes('pg_isready') ? 'start' : stdin instanceof Secret ? 'role' : 'slot';
    log.push(what);
    told[what] = stdin instanceof Secret ? stdin.reveal() : String(stdin ?? '');
    t.notMatch(argv.join(' '), 'SCRAM', 'nothing secret among the words of a command');
    return { code: what === fails ? 1 : 0, stdout: '', stderr: what === fails ? 'what it said' : '' };
  };
  const context = { host: { label: 'host', query: run, run } as unknown as Host, progress: () => {} };
  return { log, told, apply: (spec: ReplicationSpec) => replication.apply(spec, {} as never, context, {} as never) };
}

const linesOf = (text: string) => text.trim().split('\n');

t.test('set up: the role in one step, and then the slot by itself', async (t) => {
  const { log, told, apply } = database();
  await apply(on);
  t.strictSame(log, ['start', 'role', 'slot']);
  const role = linesOf(told.role!);
  t.match(role, [/ON_ERROR_STOP on/, /VERBOSITY terse/, 'begin;']);
  t.equal(role.at(-1), 'commit;');
  t.match(role.slice(role.findIndex((line) => line.includes('log_statement = none')) + 1, -1), [
    "select 'create role gitea_backup' where to_regrole('gitea_backup') is null \\gexec",
    /^alter role gitea_backup login nosuperuser nocreatedb nocreaterole replication nobypassrls password 'SCRAM-SHA-256\$4096:[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+';$/,
    /^select format\('revoke %s from gitea_backup', .* \\gexec$/,
  ]);
  t.notMatch(told.role, on.password!.reveal(), 'the password itself stays here');
  // PostgreSQL makes no slot in a transaction that has written.
  t.strictSame(linesOf(told.slot!), [
    '\\set ON_ERROR_STOP on',
    "select pg_terminate_backend(active_pid, 10000) from pg_replication_slots where slot_name = 'gitea_backup' and active and wal_status = 'lost';",
    "select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = 'gitea_backup' and wal_status = 'lost';",
    "select pg_create_physical_replication_slot('gitea_backup', true) where not exists (select from pg_replication_slots where slot_name = 'gitea_backup');",
  ]);
});

t.test('turned off: the role is closed, who streams is cut off, and the slot goes', async (t) => {
  const { log, told, apply } = database();
  await apply(off);
  t.strictSame(log, ['role', 'slot'], 'nothing is started for it');
  t.strictSame(
    linesOf(told.role!).at(-2),
    "select 'alter role gitea_backup nologin noreplication password null' where to_regrole('gitea_backup') is not null \\gexec",
  );
  t.strictSame(linesOf(told.slot!), [
    '\\set ON_ERROR_STOP on',
    "select pg_terminate_backend(active_pid, 10000) from pg_replication_slots where slot_name = 'gitea_backup' and active;",
    "select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = 'gitea_backup';",
  ]);
});

t.test('turned off: only when the receiver is gone; turned on: before it starts', async (t) => {
  const order = (enabled: boolean) =>
    desiredState(input({ config: { backup: { enabled } } })).flatMap(({ kind }) =>
      kind === 'replication' || kind === 'compose' ? [kind] : [],
    );
  t.strictSame(order(true), ['replication', 'compose']);
  t.strictSame(order(false), ['compose', 'replication']);
});

t.test('each failure is told, and ends it before the next step', async (t) => {
  for (const [spec, fails, what, count] of [
    [on, 'start', /the database did not start\s+what it said/, 1],
    [on, 'role', /stream of the database's log could not be set up\s+what it said/, 2],
    [on, 'slot', /stream of the database's log could not be set up\s+what it said/, 3],
    [off, 'role', /could not be ended/, 1],
    [off, 'slot', /could not be ended/, 2],
  ] as const) {
    const { log, apply } = database(fails);
    await t.rejects(apply(spec), { exitCode: 20, message: what }, fails);
    t.equal(log.length, count, fails);
  }
});
