// Backups and restores that are killed, or lose the power, at their steps: what was whole stays whole, and the next run goes on.
import path from 'node:path';
import t, { type Test } from 'tap';
import { generations } from '../../lib/jobs/backup/index.ts';
import { type RestoreOptions, restore } from '../../lib/jobs/restore/index.ts';
import { compare, describe } from '../lab/compare.ts';
import { armCut, type CutAt, cutAt, placeShim, removeShim } from '../lab/cut-docker.ts';
import { person } from '../lab/instance.ts';
import { readLedger } from '../lab/ledger.ts';
import { farAway, offHost } from '../lab/off-host.ts';
import { atRest, convergedLab, HOST, inside, library, run, soak, variant } from '../lab/suite.ts';
import { startWorkload } from '../lab/workload.ts';

t.setTimeout(0);
const lab = await convergedLab();
const root = '/var/backups/gitea';
const on = async (script: string) => (await inside(lab, script, HOST, 900)).trimEnd();
const instance = { on, domain: lab.domain, address: lab.hosts[0]!.address, caPath: lab.caPath };
const ledgerFile = path.join(t.testdir({}), 'ledger');
const file = await variant(lab, 'backup-cuts', {
  // None begins by itself: of the whole ones of a day the last one stays.
  'backup.calendar': farAway(),
  ...(await offHost(lab, 'cuts/gitea')),
});
const deployed = await run(lab, 'deploy', ['--yes'], file);
if (deployed.code !== 0) throw new Error(deployed.said);
await placeShim(on);
t.teardown(() => removeShim(on));

const listed = async () => {
  const { config, host } = await library(file);
  return generations(config, host).finally(() => host.close());
};
/** Names of those in a place, newest first. */
const ids = async (place?: string) =>
  (await listed()).filter(({ places }) => !place || places.some((one) => one === place)).map(({ id }) => id);
const unit = (name: string) => on(`systemctl start ${name} && echo good || echo failed`);
const timers = () => on('systemctl list-timers --no-legend "gitea-runbooks-*" | grep -c -e backup -e wal -e verify');
const containers = () => on('docker ps -a --format "{{.Names}}" | grep -e gitea-backup- -e gitea-restore- || true');

/** Cuts a job of the backup, and looks at what the next run makes of that. */
async function cutBackup(t: Test, at: CutAt, job = at.unit): Promise<boolean> {
  const before = await ids();
  await armCut(on, at);
  await unit(job);
  await on(`${atRest(at.unit)}; until ! systemctl is-active -q ${at.unit}; do sleep 0.2; done`);
  const where = await cutAt(on);
  if (!where) return false;
  t.comment(`cut ${at.when ?? 'before'} ${where}`);
  const after = (await listed()).filter(({ id }) => !before.includes(id));
  // Whole as soon as its manifest is there; what is not listed is none.
  for (const { id, places } of after)
    if (places.includes('local'))
      t.equal(
        await on(`ls ${root}/generations/${id}.json >/dev/null 2>&1 && echo noted || echo stored`),
        'noted',
        where,
      );
  t.equal(await unit('gitea-runbooks-backup'), 'good', `the next run after ${where}`);
  t.equal(await containers(), '', 'leaves no container');
  return true;
}

let made = '';
t.test('a whole generation, killed at its steps', async (t) => {
  const workload = await startWorkload(instance, {
    file: ledgerFile,
    prefix: `cuts-${Date.now() % 100_000}-`,
    rate: 4,
  });
  await workload.more(15);
  t.equal(await unit('gitea-runbooks-backup-full'), 'good');
  const full = 'gitea-runbooks-backup-full';
  const points: CutAt[] = [
    { unit: full, call: 'pg_basebackup', when: 'during' },
    { unit: full, call: '--name gitea-backup-manifest' },
    { unit: 'gitea-runbooks-ship', call: '--name gitea-backup-ship', when: 'during' },
  ];
  for (const at of points) t.ok(await cutBackup(t, at, full), `${at.call}`);
  for (let nth = 1; soak; nth++) if (!(await cutBackup(t, { unit: full, nth }))) break;
  await workload.stop();
});

t.test('one of the changes as well; in the end all that there is is whole, here and off the host', async (t) => {
  const one = 'gitea-runbooks-backup';
  t.ok(await cutBackup(t, { unit: one, call: '--name gitea-backup-snapshot', when: 'during' }));
  for (let nth = 1; soak; nth++) if (!(await cutBackup(t, { unit: one, nth }))) break;
  t.equal(await unit('gitea-runbooks-backup-full'), 'good');
  const [newest] = await listed();
  t.match(newest, { kind: 'full', places: ['local', 'remote'] });
  made = newest!.id;
  t.match(
    await on('journalctl -o cat -u gitea-runbooks-backup-full'),
    /snapshots of runs that were cut off belong to no generation: they go/,
  );
  t.equal(await on(`tail -n +1 ${root}/archive/locks/* 2>/dev/null | wc -l`), '0', 'no lock is left');
  t.equal((await run(lab, 'backup', ['--verify', '--all-data'], file)).code, 0);
});

/** Whether a person who came after the generation is there: in the database, in the files; and whether Gitea is well. */
const late = () =>
  on(
    `echo "$(docker exec gitea-database-1 psql -U postgres -d gitea -tAc "select count(*) from repository where lower(owner_name) = 'cuts-late'") $(ls -d /srv/gitea/gitea/data/git/repositories/cuts-late 2>/dev/null | wc -l) $(docker inspect -f '{{.State.Health.Status}}' gitea-gitea-1)"`,
  );
const old = '1 1 healthy';
const restored = '0 0 healthy';
const settled = () =>
  on(
    'until ! systemctl is-active -q gitea-runbooks-restore || [ "$(systemctl show --value -p SubState gitea-runbooks-restore)" = exited ]; do sleep 0.3; done',
  );

const restoring = async (options: RestoreOptions = {}) => {
  const { config, host } = await library(file);
  return restore(config, host, { to: made, ...options })
    .then(
      () => 'good',
      (error: Error) => error.message,
    )
    .finally(() => host.close());
};

/** Cuts a restore or its undoing, and looks at what becomes of it by itself, and with the same call again. */
async function cutRestore(t: Test, at: Omit<CutAt, 'unit'>, instead?: 'undo'): Promise<boolean> {
  // Its end does what is left of a run, also of one that went well, when the next one takes its place: not to be cut here.
  await on('systemctl stop gitea-runbooks-restore 2>/dev/null; true');
  await armCut(on, { unit: 'gitea-runbooks-restore', ...at });
  const more = instead ? { instead } : {};
  const said = await restoring(more);
  await settled();
  const where = await cutAt(on);
  if (!where) return false;
  t.comment(`cut ${at.when ?? 'before'} ${where}`);
  t.not(said, 'good', where);
  t.ok([old, restored].includes(await late()), `${where}: ${await late()}`);
  t.equal(await timers(), '4', 'the timers work again');
  t.equal(await containers(), '', 'and nothing of it is at work');
  if ((await late()) !== (instead ? old : restored))
    t.equal(await restoring(more), 'good', `the same call after ${where}`);
  t.equal(await late(), instead ? old : restored);
  return true;
}

/** A whole generation with something in it, for when the tests before this one are left out. */
async function alone(): Promise<string> {
  const workload = await startWorkload(instance, {
    file: ledgerFile,
    prefix: `alone-${Date.now() % 100_000}-`,
    rate: 4,
  });
  await workload.more(15);
  await workload.stop();
  if ((await unit('gitea-runbooks-backup-full')) !== 'good') throw new Error('no generation');
  return (await ids())[0]!;
}

t.test('a restore and its undoing, killed at their steps', async (t) => {
  if (made === '') made = await alone();
  await person(t, lab, instance, 'cuts-late');
  const points: readonly (readonly [Omit<CutAt, 'unit'>, (Omit<CutAt, 'unit'> | undefined)?])[] = [
    [
      { call: '--name gitea-backup-restore', when: 'during' },
      { call: 'stop -t', nth: 3 },
    ],
    [{ call: 'stop -t', nth: 3, when: 'before' }, { call: 'start gitea-database-1' }],
    [{ call: 'start gitea-database-1' }],
  ];
  for (const [forward, back] of points) {
    t.ok(await cutRestore(t, forward), `${forward.call}`);
    if (back) t.ok(await cutRestore(t, back, 'undo'), `${back.call}`);
    else t.equal(await restoring({ instead: 'undo' }), 'good');
  }
  for (let nth = 1; soak; nth++) {
    if (!(await cutRestore(t, { nth }))) break;
    t.equal(await restoring({ instead: 'undo' }), 'good');
  }
});

t.test('the power goes in the middle of a backup, and while a restore changes what is in use', async (t) => {
  await armCut(on, { unit: 'gitea-runbooks-backup', call: '--name gitea-backup-snapshot', when: 'wait' });
  await on('systemctl start --no-block gitea-runbooks-backup; until [ -e /run/lab-cut.at ]; do sleep 0.2; done');
  const before = await ids();
  await lab.crash(HOST);
  await on(
    "until docker inspect -f '{{.State.Health.Status}}' gitea-gitea-1 2>/dev/null | grep -q '^healthy'; do sleep 0.5; done",
  );
  t.same(await ids(), before);
  t.equal(await unit('gitea-runbooks-backup'), 'good');
  await armCut(on, { unit: 'gitea-runbooks-restore', call: 'stop -t', nth: 2, when: 'wait' });
  const running = restoring();
  await on('until [ -e /run/lab-cut.at ]; do sleep 0.2; done');
  await lab.crash(HOST);
  t.not(await running, 'good');
  await on('for tick in $(seq 200); do systemctl is-active -q gitea-runbooks-restore-settle && break; sleep 0.5; done');
  t.equal(await late(), restored, 'it is finished when the host is up again');
  t.equal(await timers(), '4');
  const { manifest } = (await listed()).find(({ id }) => id === made)!;
  const found = await compare(readLedger(ledgerFile), instance, { until: new Date(manifest!.at) });
  t.same(found.missing, [], describe(found));
  t.equal((await run(lab, 'restore', ['--discard-old', '--confirm', lab.domain], file)).code, 0);
  t.equal(await on(`ls -d /srv/gitea/*restore-* ${root}/*restore-* ${root}/restore.json 2>/dev/null | wc -l`), '0');
  t.equal((await run(lab, 'deploy', ['--yes'])).code, 0, 'back to the config of the lab');
});
