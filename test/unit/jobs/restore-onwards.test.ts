import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { recoverOnwards } from '../../../lib/jobs/restore/database/onwards.ts';
import { sandbox } from '../kinds/sandbox.ts';
import { manifestOf } from './backups.ts';

const [second, third, fourth, fifth] = [2, 3, 4, 5].map((number) => `00000001000000000000000${number}`);
const manifest = manifestOf('20261123T021000Z');
const last = Date.parse('2026-11-23T02:20:00Z');

/** Docker with one database: it ends with the targets of `fails`, and comes to all others. */
function docker(t: Test, files: readonly string[], fails: RegExp = /^$/) {
  const root = t.testdir({ wal: {}, target: {} });
  for (const name of files) writeFileSync(join(root, 'wal', name), '');
  const box = sandbox(root, {
    docker: `case "$1 $*" in
run*--detach*) if echo "$*" | grep -qE '${fails.source}'; then echo ended; else echo done; fi >'${root}/look' ;;
inspect*) grep -q ended '${root}/look' && echo false || echo true ;;
exec*) cat '${root}/look' ;;
logs*--tail*) echo 'FATAL:  recovery ended before configured recovery target was reached' ;;
esac`,
  });
  const asked: string[] = [];
  const host: typeof box.host = {
    ...box.host,
    run: async (command) => {
      if (!command.argv) return box.host.run(command);
      const sql = String(command.stdin);
      asked.push(sql);
      const answer = sql.includes('pg_last_xact') ? String(last) : sql.includes('to_regclass') ? 'branch' : '323';
      return { code: 0, stdout: answer, stderr: '' };
    },
  };
  const place = {
    container: 'gitea-restore-database',
    image: 'postgres:18',
    bases: '/b',
    wal: join(root, 'wal'),
    target: root,
  };
  const go = (until?: string) => recoverOnwards(host, place, manifest, until === undefined ? {} : { until }, () => {});
  /** What happens to the database, in order. */
  const steps = () =>
    box
      .calls()
      .flatMap(
        (call) => /pg_combinebackup|action=pause|recovery_target_time=[^ ]+|docker stop|--detach/.exec(call)?.[0] ?? [],
      );
  return { go, asked, steps };
}

t.test('it stops at the restore point, keeps what is said of the files there, and goes on to the end', async (t) => {
  const { go, asked, steps } = docker(t, [second!, third!, `${fourth}.partial`]);
  const { atPoint } = await go();
  t.match(atPoint, { tables: ['branch'], gitea: '323' });
  t.match(asked[1], /copy public.branch to/);
  t.same(steps(), ['pg_combinebackup', '--detach', 'docker stop', '--detach']);
});

t.test('a hole is named before anything is brought about', async (t) => {
  const { go, steps } = docker(t, [second!, third!, fifth!]);
  await t.rejects(go(), { exitCode: 22, message: new RegExp(`${fourth} is missing.*moment before the hole`, 's') });
  t.same(steps(), []);
  const early = docker(t, [third!]);
  await t.rejects(early.go(), { exitCode: 20, message: new RegExp(`${second} is missing`) });
});

t.test('a moment without a commit after it is the end, where nothing was committed after it', async (t) => {
  const late = docker(t, [second!, third!, `${fourth}.partial`], /recovery_target_time=/);
  await t.resolves(late.go('2026-11-23T02:30:00.000Z'));
  t.equal(late.steps().filter((step) => step === '--detach').length, 3);
  const wrong = docker(t, [second!, third!, `${fourth}.partial`], /recovery_target_time=/);
  await t.rejects(wrong.go('2026-11-23T02:19:00.000Z'), { exitCode: 20, message: /recovery ended before/ });
  const hole = docker(t, [second!, third!, fifth!], /recovery_target_time=/);
  await t.rejects(hole.go('2026-11-23T02:30:00.000Z'), { exitCode: 22, message: /has a hole behind/ });
  const before = docker(t, [second!, third!, fifth!]);
  await t.resolves(before.go('2026-11-23T02:12:00.000Z'), 'and a moment before a hole can be reached');
});

t.test('a database that cannot be asked leaves no container', async (t) => {
  const root = t.testdir({ wal: {} });
  for (const name of [second!, third!]) writeFileSync(join(root, 'wal', name), '');
  const box = sandbox(root, {
    docker: `case "$1" in run) : >'${root}/runs' ;; rm) rm -f '${root}/runs' ;; inspect) echo true ;; exec) echo done ;; esac`,
  });
  const host: typeof box.host = {
    ...box.host,
    run: async (command) =>
      command.argv ? { code: 3, stdout: '', stderr: 'ERROR:  no space' } : box.host.run(command),
  };
  const place = { container: 'c', image: 'i', bases: '/b', wal: join(root, 'wal'), target: root };
  await t.rejects(
    recoverOnwards(host, place, manifest, {}, () => {}),
    { exitCode: 20, message: /no space/ },
  );
  t.notOk(existsSync(join(root, 'runs')));
});
