// Figures for node_exporter: their format, and what they come to.
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { tellState } from '../../../lib/jobs/backup/store/state.ts';
import { exposition } from '../../../lib/jobs/tell/exposition.ts';
import { writeMetrics } from '../../../lib/jobs/tell/metrics.ts';
import { drillRecord } from '../../../lib/phases/proven.ts';
import { configIn, manifestOf, momentOf, put, remote } from './backups.ts';
import { read } from './exposition-reader.ts';

t.test('text that is read again as it was meant', async (t) => {
  const text = exposition([
    {
      name: 'gitea_x_bytes',
      help: 'A \\ and\na second line.',
      samples: [
        { labels: { path: 'a "quoted" \\ path\nand more', b: '' }, value: 1.5 },
        { labels: { path: 'none' }, value: undefined },
        { labels: { path: 'wrong' }, value: Number.NaN },
      ],
    },
    { name: 'gitea_nothing', help: 'x', samples: [{ value: undefined }] },
    { name: 'gitea_good', help: 'x', samples: [{ value: true }] },
  ]);
  t.same(read(text), {
    gitea_x_bytes: [{ labels: { path: 'a "quoted" \\ path\nand more', b: '' }, value: 1.5 }],
    gitea_good: [{ labels: {}, value: 1 }],
  });
});

t.test('what is no such text is refused by the reader of these tests', async (t) => {
  const head = '# HELP gitea_a x\n# TYPE gitea_a gauge\n';
  for (const [why, text] of Object.entries({
    'no help': 'gitea_a 1\n',
    'a time of its own': `${head}gitea_a 1 1700000000\n`,
    'no end of the last line': `${head}gitea_a 1`,
    'twice the same': `${head}gitea_a 1\ngitea_a 2\n`,
    'the same name again': `${head}gitea_a{x="1"} 1\n# HELP gitea_b x\n# TYPE gitea_b gauge\ngitea_b 1\n${head}gitea_a{x="2"} 1\n`,
    'no number': `${head}gitea_a NaN\n`,
    'a label that is not closed': `${head}gitea_a{x="1} 1\n`,
    'an empty line': `${head}\ngitea_a 1\n`,
  }))
    t.throws(() => read(text), why);
});

const [full, partial, waiting] = ['20261129T021000Z', '20261129T101500Z', '20261129T102000Z'];
const noted = (id: string, kind: string, degraded: string[] = []) => ({
  ...{ id, kind, at: momentOf(id), degraded, snapshot: 's' },
});
const seconds = (id: string) => Date.parse(momentOf(id)) / 1000;

t.test('all that is known becomes a figure, and what is not known becomes none', async (t) => {
  const root = t.testdir();
  const config = configIn(root, { remote });
  const directory = `${root}/metrics`;
  writeMetrics(config, directory);
  t.notOk(statSync(directory, { throwIfNoEntry: false }), 'the folder is made by a deploy');
  mkdirSync(directory);
  writeMetrics(config, directory);
  const file = `${directory}/gitea-runbooks-backup.prom`;
  t.same(Object.keys(read(readFileSync(file, 'utf8'))).sort(), [
    'gitea_backup_generations',
    'gitea_backup_objective_seconds',
    'gitea_backup_unshipped_bytes',
  ]);
  t.equal(statSync(file).mode & 0o777, 0o644);

  const began = momentOf(partial);
  const ended = new Date(Date.parse(began) + 12_500).toISOString();
  put(`${root}/backups/generations/${full}.json`, JSON.stringify(manifestOf(full, full, { added: 9000 })));
  put(`${root}/backups/generations/${partial}.json`, JSON.stringify(manifestOf(partial, full, { began, ended })));
  put(
    `${root}/backups/generations/${waiting}.json`,
    JSON.stringify(manifestOf(waiting, full, { began, ended, added: 70 })),
  );
  tellState(config, 'backup', {
    ...{
      generation: noted(waiting, 'partial', ['torn']),
      full: noted(full, 'full'),
      shipped: noted(partial, 'partial'),
    },
    steps: { partial: { generation: 12.5, ship: 3 } },
    failed: { at: momentOf(waiting), what: 'away' },
  });
  tellState(config, 'wal', { at: momentOf(waiting) });
  tellState(config, 'verify', { at: momentOf(full), all: false });
  put(`${root}/backups/state.sizes.json`, JSON.stringify({ local: { archive: 5, recent: 6 }, remote: { archive: 4 } }));
  for (const [name, at] of [
    ['1', 0],
    ['2', 60],
  ] as const) {
    put(`${root}/backups/wal/${name}`, 'x'.repeat(100));
    const when = new Date((seconds(waiting) + at) * 1000);
    utimesSync(`${root}/backups/wal/${name}`, when, when);
  }
  writeFileSync(
    drillRecord(config),
    `${JSON.stringify({ at: momentOf(full), result: 'failed' })}\n${JSON.stringify({ at: momentOf(partial), result: 'passed', rto: 61_000, rpo: 240_000 })}\n`,
  );
  writeMetrics(config, directory);
  const found = read(readFileSync(file, 'utf8'));
  const flat = Object.fromEntries(
    Object.entries(found).flatMap(([name, samples]) =>
      samples.map(({ labels, value }) => [
        [name.replace('gitea_backup_', ''), ...Object.values(labels)].join(' '),
        value,
      ]),
    ),
  );
  t.same(flat, {
    ...{ 'job_success backup': 0, 'job_success wal': 1, 'job_success verify': 1 },
    'last_success_timestamp_seconds generation': seconds(waiting),
    'last_success_timestamp_seconds full': seconds(full),
    'last_success_timestamp_seconds ship': seconds(partial),
    'last_success_timestamp_seconds wal': seconds(waiting),
    'last_success_timestamp_seconds verify': seconds(full),
    'last_success_timestamp_seconds drill': seconds(partial),
    'recovery_point_timestamp_seconds repositories': seconds(partial),
    'recovery_point_timestamp_seconds database': seconds(waiting),
    ...{ 'objective_seconds database': 60, 'objective_seconds repositories': 300, 'objective_seconds restore': 1800 },
    ...{ 'step_duration_seconds partial generation': 12.5, 'step_duration_seconds partial ship': 3 },
    ...{ 'generation_duration_seconds full': 0, 'generation_duration_seconds partial': 12.5 },
    ...{ 'generation_added_bytes full': 9000, 'generation_added_bytes partial': 70 },
    ...{ generation_degraded: 1, 'generations full': 1, 'generations partial': 2 },
    ...{ 'repository_size_bytes archive local': 5, 'repository_size_bytes recent local': 6 },
    'repository_size_bytes archive remote': 4,
    ...{ 'unshipped_bytes generations': 70, 'unshipped_bytes log': 100 },
    ...{ drill_success: 1, drill_timestamp_seconds: seconds(partial) },
    ...{ drill_recovery_time_seconds: 61, drill_recovery_point_seconds: 240 },
  });
  t.same(readdirSync(directory), ['gitea-runbooks-backup.prom'], 'nothing half written stays');
});

t.test('the watch tells of units and notices; without backups there are no figures of them', async (t) => {
  const root = t.testdir({ metrics: { 'gitea-runbooks-backup.prom': 'old' } });
  const config = configIn(root, { enabled: false });
  const unit = (active: string) => ({ load: 'loaded', active, result: '', file: '' });
  const units = new Map([
    ['gitea-runbooks-renew.service', unit('failed')],
    ['gitea-runbooks-renew.timer', unit('active')],
  ]);
  const notice = { id: 'x', severity: 'error' as const, what: '', since: '', next: '' };
  writeMetrics(config, `${root}/metrics`, { seen: { units, now: 5000 }, open: [notice] });
  t.same(readdirSync(`${root}/metrics`), ['gitea-runbooks-watch.prom']);
  const of = (value: number, labels = {}) => [{ labels, value }];
  t.same(read(readFileSync(`${root}/metrics/gitea-runbooks-watch.prom`, 'utf8')), {
    gitea_runbooks_watch_timestamp_seconds: of(5),
    gitea_runbooks_notices: [...of(1, { severity: 'error' }), ...of(0, { severity: 'warning' })],
    gitea_runbooks_unit_failed: of(1, { unit: 'gitea-runbooks-renew.service' }),
    gitea_runbooks_timer_active: of(1, { unit: 'gitea-runbooks-renew.service' }),
  });
});

t.test('the reference names each figure, and no other', async (t) => {
  const page = readFileSync(new URL('../../../docs/reference/metrics.md', import.meta.url), 'utf8');
  const told = [...page.matchAll(/^\| `(gitea_\w+)` \|/gm)].map(([, name]) => name).sort();
  const source = ['backup-metrics', 'metrics'].map((name) =>
    readFileSync(new URL(`../../../lib/jobs/tell/${name}.ts`, import.meta.url), 'utf8'),
  );
  t.same(told, [...source.join('').matchAll(/name: '(gitea_\w+)'/g)].map(([, name]) => name).sort());
});
