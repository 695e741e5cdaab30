import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { recover } from '../../../lib/jobs/restore/database/database.ts';
import {
  joinScript,
  lookScript,
  type Recovery,
  startScript,
} from '../../../lib/jobs/restore/database/database-script.ts';
import { beganIn, chainsFor } from '../../../lib/jobs/restore/database/moment.ts';
import { sandbox } from '../kinds/sandbox.ts';

const base = (name: string) => ({ name, sha256: 'ab', lsn: '0/2000028', timeline: 1 });
const recovery: Recovery = {
  ...{ container: 'gitea-restore-database', image: 'postgres:18', bases: '/b', wal: '/w', target: '/t', timeline: 3 },
  chain: [base('one'), base('two')],
  to: { name: 'generation_x' },
};

/** Docker with one container, of which each look finds the next of `looks`. `joined` is how the joining ends. */
function docker(t: Test, looks: readonly string[], { joined = 0, stopped = 'shut down' } = {}) {
  const root = t.testdir();
  for (const [at, look] of looks.entries()) writeFileSync(join(root, `look.${at}`), `${look}\n`);
  const box = sandbox(root, {
    docker: `case "$1 $*" in
run*pg_controldata*) echo 'Database cluster state:               ${stopped}' ;;
run*pg_combinebackup*) echo 'checking one'; [ ${joined} = 0 ] || echo 'pg_verifybackup: error: checksum mismatch' >&2; exit ${joined} ;;
inspect*)
  for n in 0 1 2 3 4 5; do [ -e '${root}/look.'$n ] && mv '${root}/look.'$n '${root}/look' && break; done
  grep -q ended '${root}/look' && echo false || echo true ;;
exec*psql*-f*) cat ;;
exec*) cat '${root}/look' ;;
logs*--tail*) echo 'FATAL:  recovery ended before configured recovery target was reached' >&2 ;;
esac`,
  });
  // What is told to psql comes back: the sandbox plays scripts only.
  const argv: string[][] = [];
  const host: typeof box.host = {
    ...box.host,
    run: async (command) => {
      if (!command.argv) return box.host.run(command);
      argv.push([...command.argv]);
      return { code: 0, stdout: String(command.stdin), stderr: '' };
    },
  };
  const told: string[] = [];
  const go = (still = 600) => recover(host, recovery, (text) => told.push(text), { still, every: 1 });
  return { ...box, go, told, argv };
}

t.test('a database is brought about, asked, and ended so that it needs no log', async (t) => {
  const { go, told, argv, calls } = docker(t, ['recovering\n0/1', 'recovering\n0/2', 'done']);
  const recovered = await go();
  t.equal(await recovered.ask('select 1'), 'select 1');
  t.match(argv[0]?.join(' '), /exec -i gitea-restore-database psql -U postgres -d gitea/);
  await recovered.stop();
  t.match(told, ['checking one', 'replaying the log up to generation_x']);
  const order = calls().flatMap((call) => /pg_combinebackup|--detach|docker stop|pg_controldata/.exec(call)?.[0] ?? []);
  t.same(order, ['pg_combinebackup', '--detach', 'docker stop', 'pg_controldata']);
});

t.test('a damaged copy is told in the words of PostgreSQL, and nothing is started', async (t) => {
  const { go, calls } = docker(t, [], { joined: 1 });
  await t.rejects(go(), { exitCode: 20, message: /a copy of the database is damaged.*checksum mismatch/s });
  t.notMatch(calls().join('\n'), /--detach/);
});

t.test(
  'a replay that ends before the target is told in the words of PostgreSQL, and leaves no container',
  async (t) => {
    const { go, calls } = docker(t, ['recovering', 'ended']);
    await t.rejects(go(), { exitCode: 20, message: /recovery ended before configured recovery target/ });
    t.match(calls().at(-1), 'docker rm -f gitea-restore-database');
  },
);

t.test('a replay has all the time that it needs while it gets on, and none when it does not', async (t) => {
  const on = docker(t, ['recovering\n0/1', 'recovering\n0/2', 'recovering\n0/3', 'done']);
  await t.resolves(on.go(0.000001));
  const still = docker(t, ['recovering\n0/1']);
  await t.rejects(still.go(0.000001), { exitCode: 20, message: /has not got on for/ });
});

t.test('a database that did not end cleanly is no result', async (t) => {
  const { go } = docker(t, ['done'], { stopped: 'in production' });
  const recovered = await go();
  await t.rejects(recovered.stop(), { exitCode: 20, message: /did not end cleanly/ });
});

t.test('every copy is looked at before they are joined: a joined one has checksums of its own', (t) => {
  const script = joinScript(recovery);
  const at = (text: string) => script.indexOf(text);
  t.ok(at('--quiet /base/one') > 0 && at('--quiet /base/one') < at('--quiet /base/two'));
  t.ok(at('--quiet /base/two') < at('pg_combinebackup /base/one /base/two'));
  t.match(script, /ab {2}\/base\/two\/backup_manifest/);
  t.end();
});

t.test('it has no network, recovers on its own line to its target, and takes orders', (t) => {
  const script = startScript(recovery);
  for (const word of [
    '--network none',
    'recovery_target_timeline=3',
    'recovery_target_name=generation_x',
    'recovery_target_action=promote',
    'archive_mode=off',
    'listen_addresses=',
  ])
    t.match(script, word);
  t.match(
    startScript({ ...recovery, to: { time: '2026-11-29T22:15:00.000Z' } }),
    'recovery_target_time=2026-11-29 22:15:00.000+00',
  );
  t.notMatch(startScript({ ...recovery, to: { time: 'x' } }), 'recovery_target_name');
  t.end();
});

t.test('it can stop on its way, and go on from there to the end of all that there is', (t) => {
  const paused = startScript({ ...recovery, pauseAt: '0/3000060' });
  t.match(paused, 'recovery_target_action=pause');
  t.match(lookScript({ ...recovery, pauseAt: '0/3000060' }), /pg_last_wal_replay_lsn\(\) < .*0\/3000060/);
  t.match(lookScript(recovery), 'select pg_is_in_recovery()');
  const end = startScript({ ...recovery, to: 'end' });
  t.notMatch(end, /recovery_target_(name|time)=/);
  t.match(end, 'recovery_target_timeline=3');
  t.end();
});

t.test('which copies a moment can be reached from', (t) => {
  t.equal(beganIn('CHECKPOINT\nSTART TIME: 2026-11-29 22:15:03 UTC\nLABEL: x\n'), Date.parse('2026-11-29T22:15:03Z'));
  t.ok(Number.isNaN(beganIn('START TIME: 2026-11-29 22:15:03 CET\n')));
  const began = new Map([
    ['one', 1000],
    ['two', 2000],
  ]);
  const names = (ms: number) =>
    chainsFor(recovery.chain, began, new Date(ms).toISOString()).map((chain) => chain.map(({ name }) => name));
  t.same(names(2500), [['one', 'two'], ['one']]);
  t.same(names(1500), [['one']]);
  t.same(names(500), []);
  t.end();
});
