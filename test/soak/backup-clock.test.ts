// The clock of the host goes back, and jumps ahead: for the jobs of the backup alone, since all hosts of a lab have one clock. What
// is made last is the newest, nothing goes by a wrong clock, and no change slips through.
import path from 'node:path';
import t, { type Test } from 'tap';
import { generations, prunePlan } from '../../lib/jobs/backup/index.ts';
import { restore } from '../../lib/jobs/restore/index.ts';
import { compare, describe } from '../lab/compare.ts';
import { readLedger } from '../lab/ledger.ts';
import { farAway, offHost } from '../lab/off-host.ts';
import { convergedLab, HOST, inside, library, run, variant } from '../lab/suite.ts';
import { startWorkload } from '../lab/workload.ts';

t.setTimeout(0);
const lab = await convergedLab();
const on = async (script: string) => (await inside(lab, script, HOST, 900)).trimEnd();
const instance = { on, domain: lab.domain, address: lab.hosts[0]!.address, caPath: lab.caPath };
const ledgerFile = path.join(t.testdir({}), 'ledger');
const file = await variant(lab, 'backup-clock', {
  'backup.calendar': farAway(),
  ...(await offHost(lab, 'clock/gitea')),
});
const deployed = await run(lab, 'deploy', ['--yes'], file);
if (deployed.code !== 0) throw new Error(deployed.said);

const units = ['backup', 'backup-full', 'wal'].map((name) => `gitea-runbooks-${name}.service`);
const SHIFTED = `const Real = Date;
const now = () => Real.now() + Number(process.env.LAB_SHIFT) * 1000;
globalThis.Date = class extends Real {
  constructor(...words) { super(...(words.length === 0 ? [now()] : words)); }
  static now() { return now(); }
};
`;
/** Seconds; 0: as it is. */
const clock = (shift: number) =>
  on(
    shift === 0
      ? `cd /etc/systemd/system; for unit in ${units.join(' ')}; do rm -f $unit.d/clock.conf; done; systemctl daemon-reload`
      : `cat >/run/lab-clock.mjs <<'END'
${SHIFTED}END
for unit in ${units.join(' ')}; do
  mkdir -p /etc/systemd/system/$unit.d
  printf '[Service]\\nEnvironment=LAB_SHIFT=${shift} NODE_OPTIONS=--import=/run/lab-clock.mjs\\n' >/etc/systemd/system/$unit.d/clock.conf
done
systemctl daemon-reload`,
  );
t.teardown(() => clock(0));

const listed = async () => {
  const { config, host } = await library(file);
  return generations(config, host).finally(() => host.close());
};
const state = async (job: 'backup' | 'wal') => JSON.parse(await on(`cat /var/backups/gitea/state.${job}.json`));
const DAY = 86_400;
const gone = /the clock of the host has gone back since the newest generation/;

const made: string[] = [];
const wholes = new Set<string>();
/** The next generation, by its timer's own unit: it is the newest, and none of before is lost. */
async function next(t: Test, kind: 'full' | 'partial') {
  const since = await on('date +%s.%N');
  t.equal(await on('systemctl start gitea-runbooks-backup && echo good || echo failed'), 'good');
  t.equal(await on('systemctl start gitea-runbooks-wal && echo good || echo failed'), 'good');
  const all = await listed();
  const [newest] = all;
  t.notOk(made.includes(newest!.id), `${newest!.id} is new`);
  made.push(newest!.id);
  if (kind === 'full') wholes.add(newest!.id);
  t.match(newest, { kind, places: ['local', 'remote'] });
  // Of the changes before the newest whole one the last of each hour stays; whole ones of these days all do.
  const hour = (id: string) => id.slice(0, 11);
  const ids = all.map(({ id }) => id);
  const gone = made.filter((id) => !ids.includes(id));
  t.same(
    gone.filter((id) => wholes.has(id) || !ids.some((other) => other > id && hour(other) === hour(id))),
    [],
    'none has gone that has not served its time',
  );
  return on(`journalctl -o cat -u gitea-runbooks-backup --since @${since}`);
}

let workload: Awaited<ReturnType<typeof startWorkload>>;
t.teardown(() => workload?.stop());

t.test('a whole generation, by a clock that is right', async (t) => {
  workload = await startWorkload(instance, { file: ledgerFile, prefix: `clock-${Date.now() % 100_000}-`, rate: 3 });
  await workload.more(10);
  t.equal(await on('systemctl start gitea-runbooks-backup-full && echo good'), 'good');
  made.push((await listed())[0]!.id);
  wholes.add(made[0]!);
});

t.test('it goes back two hours: a whole one, once, and it is the newest', async (t) => {
  await workload.more(5);
  t.notMatch(await next(t, 'partial'), gone);
  await clock(-7200);
  await workload.more(5);
  t.match(await next(t, 'full'), gone);
  await workload.more(5);
  t.notMatch(await next(t, 'partial'), gone);
  await clock(0);
  await workload.more(5);
  t.notMatch(await next(t, 'partial'), gone, 'and when it is right again');
});

t.test('it is two days ahead for a while', async (t) => {
  await clock(2 * DAY);
  await workload.more(5);
  await next(t, 'partial');
  await clock(0);
  await workload.more(5);
  t.match(await next(t, 'full'), gone);
  await workload.more(5);
  t.notMatch(await next(t, 'partial'), gone);
  const { at } = await state('wal');
  t.ok(Date.parse(at) <= Date.now(), 'what is said of the log is of the right clock');
  const status = await run(lab, 'status', [], file);
  const line = status.json.lines.find(({ title }: { title: string }) => title === 'Last backup');
  t.equal(line?.good, true, JSON.stringify(line));
  const { config, host } = await library(file);
  const { refused } = await prunePlan(config, host).finally(() => host.close());
  t.match(refused, { what: /is of a time that has not come yet/ }, 'off the host nothing goes by such a name');
});

t.test('all that was acknowledged comes back', async (t) => {
  await workload.stop();
  const [newest] = await listed();
  const { config, host } = await library(file);
  t.teardown(() => host.close());
  await restore(config, host, { to: newest!.id, from: 'remote' });
  const found = await compare(readLedger(ledgerFile), instance, { until: new Date(newest!.manifest!.at) });
  t.same(found.missing, [], describe(found));
  await restore(config, host, { instead: 'discard-old' });
  t.equal((await run(lab, 'deploy', ['--yes'])).code, 0, 'back to the config of the lab');
});
