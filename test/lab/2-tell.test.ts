// Nothing that runs unattended fails or stays away in silence: notices, the watch, and the figures that others read.
import t from 'tap';
import { read } from '../unit/jobs/exposition-reader.ts';
import { offHost } from './off-host.ts';
import { convergedLab, inside, run, variant } from './suite.ts';

t.setTimeout(0);
const lab = await convergedLab();
const root = '/var/backups/gitea';
const on = async (script: string) => (await inside(lab, script)).trimEnd();

const config = await variant(lab, 'tell', await offHost(lab, 'backups/tell'));

/** Has the watch look now, when nobody else does; more often than systemd starts anything in ten seconds. */
const look = () =>
  on(
    'systemctl reset-failed gitea-runbooks-watch; systemctl start gitea-runbooks-watch; journalctl --sync; journalctl -o cat -u gitea-runbooks-watch -n 5',
  );
const log = async () =>
  (await on('cat /var/lib/gitea-runbooks/notices.jsonl 2>/dev/null || true'))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { id: string; event: string; what: string; severity: string });
const told = async (id: string) => (await log()).filter((one) => one.id === id).map(({ event }) => event);
const notices = async () => {
  const { json, code } = await run(lab, 'status', [], config);
  const line = json.lines.find(({ title }: { title: string }) => title === 'Notices');
  return { good: line.good as boolean, text: line.text as string, code };
};

t.test('a host that is well has nothing to tell, and figures that can be read', async (t) => {
  const deployed = await run(lab, 'deploy', ['--yes'], config);
  t.equal(deployed.code, 0, deployed.said);
  const made = await run(lab, 'backup', ['--full'], config);
  t.equal(made.code, 0, made.said);
  await on('rm -f /var/lib/gitea-runbooks/notices.json*; systemctl start gitea-runbooks-verify');
  t.match(await look(), /^watch: all is well$/m);
  t.same(await log(), []);
  t.match(await notices(), { good: true, text: 'none', code: 0 });
  const figures = async (name: string) =>
    read(await inside(lab, `cat /var/lib/prometheus/node-exporter/gitea-runbooks-${name}.prom`));
  const backup = await figures('backup');
  const now = Number(await on('date +%s'));
  for (const job of ['generation', 'full', 'ship', 'verify']) {
    const at = backup.gitea_backup_last_success_timestamp_seconds?.find(({ labels }) => labels.job === job)?.value;
    t.ok(at! > now - 600 && at! <= now + 1, job);
  }
  const sizes = new Map(
    backup.gitea_backup_repository_size_bytes?.map(({ labels, value }) => [
      `${labels.place} ${labels.repository}`,
      value,
    ]),
  );
  t.same([...sizes.keys()].sort(), ['local archive', 'local recent', 'remote archive', 'remote recent']);
  t.ok(sizes.get('local archive')! > 0 && sizes.get('remote archive')! > 0);
  t.ok(backup.gitea_backup_step_duration_seconds?.some(({ labels }) => labels.step === 'ship'));
  const { gitea_runbooks_unit_failed: failed, gitea_runbooks_timer_active: timers } = await figures('watch');
  t.equal(failed?.length, 6);
  t.ok(failed?.every(({ value }) => value === 0));
  t.ok(timers?.every(({ value }) => value === 1));
  t.equal((await run(lab, 'plan', ['--exit-code'], config)).code, 0, 'which is nothing that a deploy would change');
});

t.test('a job that fails is told once, with its own words, and told to be well again', async (t) => {
  const env = '/etc/gitea-runbooks/backup-remote.env';
  const emit = `docker exec gitea-database-1 psql -U postgres -d gitea -qtAc "select pg_logical_emit_message(true, 'test', 'x', true)" >/dev/null`;
  await on(`mv ${env} ${env}.gone; sleep 3; ${emit}`);
  for (let times = 0; times < 3; times++)
    await on(
      `${emit}; systemctl start gitea-runbooks-wal && exit 1; while systemctl is-active -q "gitea-runbooks-failed@*"; do sleep 0.2; done`,
    );
  await look();
  t.same(await told('unit:gitea-runbooks-wal'), ['new']);
  t.match((await log()).at(-1), { severity: 'error', what: /could not be brought off the host/ });
  await on('journalctl --sync');
  t.match(
    await on('journalctl -o cat -t gitea-runbooks-notice -p err'),
    /gitea-runbooks-wal has failed: the log of the database/,
  );
  t.match(await notices(), { good: false, text: /gitea-runbooks-wal has failed/, code: 21 });
  await on(`mv ${env}.gone ${env}; systemctl start gitea-runbooks-wal`);
  await look();
  t.same(await told('unit:gitea-runbooks-wal'), ['new', 'over']);
  t.match(await notices(), { good: true, text: 'none' });
});

t.test('timers that were left stopped wait for their time again, and it is told', async (t) => {
  const timers = 'gitea-runbooks-backup.timer gitea-runbooks-wal.timer';
  await on(`systemctl stop ${timers}`);
  t.match(await look(), /did not wait for their time: started again/);
  t.equal(await on(`systemctl is-active ${timers}`), 'active\nactive');
  await look();
  t.same(await told('timers'), ['new', 'over']);
});

t.test('after a restore that was cut off half way they stay stopped, and that is told', async (t) => {
  const journal = { stamp: '20260101T000000Z', id: 'g', from: 'local', phase: 'switching' };
  await on(`systemctl stop gitea-runbooks-backup.timer; echo '${JSON.stringify(journal)}' >${root}/restore.json`);
  t.match(await look(), /a restore of g was cut off \(switching\)/);
  t.equal(await on('systemctl is-active gitea-runbooks-backup.timer || true'), 'inactive');
  await on(`rm ${root}/restore.json`);
  await look();
  await look();
  t.same(await told('restore'), ['new', 'over']);
  t.equal(await on('systemctl is-active gitea-runbooks-backup.timer'), 'active');
  t.match(await notices(), { good: true });
});

t.test('and back to the config of the lab', async (t) => {
  t.equal((await run(lab, 'deploy', ['--yes'])).code, 0);
  t.match(await look(), /all is well/);
});
