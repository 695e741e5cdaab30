// What tells that something has failed or stays away: its units, who starts them, and what `status` makes of it.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import { contributions, desiredState } from '../../../lib/phases/index.ts';
import { layout } from '../../../lib/phases/layout.ts';
import { provenIn, restoreCheck } from '../../../lib/phases/proven.ts';
import { watchedUnits } from '../../../lib/phases/watch.ts';
import { input } from './input.ts';

const specs = desiredState(input());
const text = (unit: string) => {
  const found = specs.find((spec) => spec.kind === 'file' && spec.path === `/etc/systemd/system/${unit}`);
  return found?.kind === 'file' ? String(found.content) : '';
};
const lines = (unit: string) => text(unit).split('\n');

t.test('every job of the host tells when it has failed; what tells it does not tell of itself', async (t) => {
  const services = specs.flatMap((spec) =>
    spec.kind === 'file' && /gitea-runbooks-.*\.service$/.test(spec.path) ? [spec.path.split('/').at(-1)!] : [],
  );
  const jobs = services.filter((name) => text(name).includes('gitea-runbooks.mjs'));
  t.ok(jobs.length >= 5);
  for (const name of jobs)
    t.equal(
      lines(name).includes('OnFailure=gitea-runbooks-failed@%N.service'),
      name !== 'gitea-runbooks-failed@.service',
      name,
    );
  t.same(
    // What runs at boot alone has no time at which it is missed.
    jobs.filter((name) => !/-(failed@|watch|restore-settle)\./.test(name)).sort(),
    watchedUnits(input().config)
      .map(({ service }) => service)
      .sort(),
    'and is looked at',
  );
  t.ok(
    lines('gitea-runbooks-failed@.service').some((line) =>
      /^ExecStart=\/usr\/bin\/flock .* tell failed %i$/.test(line),
    ),
  );
});

t.test('the watch looks every two minutes, also without backups', async (t) => {
  t.ok(lines('gitea-runbooks-watch.timer').includes('OnUnitActiveSec=120s'));
  const off = input({ config: { backup: { ...input().config.backup, enabled: false } } });
  t.ok(desiredState(off).some(({ id }) => id === 'unit:gitea-runbooks-watch.timer'));
  t.same(
    watchedUnits(off.config).map(({ timer }) => timer),
    ['gitea-runbooks-renew.timer'],
  );
});

t.test('what tells is there before the jobs are', async (t) => {
  const at = (id: string) => specs.findIndex((spec) => spec.id === id);
  t.ok(at('file:/etc/systemd/system/gitea-runbooks-failed@.service') < at('unit:gitea-runbooks-backup.timer'));
  t.ok(at('directory:/var/lib/prometheus/node-exporter') < at('unit:gitea-runbooks-watch.timer'));
});

t.test('status: what goes on, and whether anybody looks', async (t: Test) => {
  const line = contributions(input().config).status.find(({ id }) => id === 'notices')!;
  const answer = (ago: number, started: number, state: string, ledger = '') =>
    `10000\n${10000 - ago}\n${10000 - started}\n${state}\n${ledger}`;
  const notice = { id: 'x', what: 'it has failed', since: '2026-11-30T01:02:03.000Z' };
  const open = JSON.stringify({ open: [notice, { ...notice, what: 'another' }], over: {} });
  t.same(line.read(answer(100, 9000, 'active', '{"open":[],"over":{}}\n')), { good: true, text: 'none' });
  t.same(line.read(answer(100, 9000, 'active', open)), {
    good: false,
    text: 'it has failed (since 2026-11-30T01:02Z); another (since 2026-11-30T01:02Z)',
  });
  t.same(line.read(answer(10000, 60, 'active')), { good: true, text: 'none' }, 'it has just been started');
  t.match(line.read(answer(601, 9000, 'active')), {
    good: false,
    text: /^nobody looks: .* is active, its last look was at 1970/,
  });
  t.match(line.read(answer(10, 9000, 'inactive', open)), {
    good: false,
    text: /nobody looks.*inactive.*; it has failed/,
  });
  t.match(line.read(''), { good: false, text: /unknown/ });
  const { status } = spawnSync('/bin/sh', ['-n'], { input: line.script });
  t.equal(status, 0);
  t.ok(line.script.includes(layout.notices));
});

t.test('the restore that was measured last, against what is allowed', async (t) => {
  const root = t.testdir();
  const { config } = input();
  const check = restoreCheck({ ...config, backup: { ...config.backup, local: { path: root } } });
  const judge = (record?: string) => {
    if (record !== undefined) writeFileSync(`${root}/drills.jsonl`, record);
    return check.judge(spawnSync('/bin/sh', ['-c', check.script], { encoding: 'utf8' }).stdout.trimEnd());
  };
  const drill = (rto?: number) =>
    `${JSON.stringify({ at: '2026-11-29T04:00:00Z', result: 'passed', rto, rpo: 60_000 })}\n`;
  t.match(judge(), { status: 'skip' });
  t.match(judge(`${drill(9e9)}${drill(1_800_000)}`), {
    status: 'pass',
    detail: '30 min at the last drill, 30m are allowed',
  });
  t.match(judge(drill(1_800_001)), {
    status: 'warn',
    detail: /2026-11-29T04:00Z took 30 min \(1801 s\), backup\.objectives\.restore is 30m \(1800 s\): 1 s too many/,
  });
  t.match(judge(drill()), { status: 'skip' });
  for (const none of ['', '{"at": "20', '{}', 'null']) t.equal(provenIn(none), undefined, none);
});
