// What `status` says of the drills, and what their unit is told.
import { spawnSync } from 'node:child_process';
import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import t from 'tap';
import { sha256 } from '../../../lib/core/hash.ts';
import { drillStatus } from '../../../lib/phases/drill-watch.ts';
import { desiredState } from '../../../lib/phases/index.ts';
import { drillRecord } from '../../../lib/phases/proven.ts';
import { input } from './input.ts';

const now = Date.parse('2026-11-29T12:00:00Z') / 1000;
const hours = 3600;
const ago = (seconds: number) => new Date((now - seconds) * 1000).toISOString();
const of = (seconds: number, more = {}) => ({
  ...{ format: 1, at: ago(seconds), host: hostname(), from: 'remote', generation: 'g' },
  ...{ result: 'passed', problems: [] },
  ...{ rto: 41_000, rpo: 180_000 },
  ...more,
});
const failed = { result: 'failed', problems: ['git fsck: a/b.git: missing blob', 'more'] };

/** What is said on a host with these drills in its record, whose backups began so many seconds ago. */
function said(root: string, drills: readonly object[], young = 0, change = (text: string) => text) {
  const { config } = input();
  const changed = { ...config, backup: { ...config.backup, local: { path: root } } };
  let before = '';
  const lines = drills.map((drill) => {
    const line = JSON.stringify({ ...drill, before: before && sha256(before), signature: 's' });
    before = line;
    return `${line}\n`;
  });
  rmSync(drillRecord(changed), { force: true });
  if (drills.length > 0) writeFileSync(drillRecord(changed), change(lines.join('')));
  writeFileSync(`${root}/.gitea-runbooks`, '');
  utimesSync(`${root}/.gitea-runbooks`, now - young, now - young);
  const [only] = drillStatus(changed);
  t.equal(only!.title, 'Last proven restore');
  const { stdout } = spawnSync('/bin/sh', ['-c', only!.script], { encoding: 'utf8' });
  return only!.read(stdout.trim().replace(/^\d+/, String(now)));
}

t.test('when, from where, how long it took and how old it was', async (t) => {
  const root = t.testdir({});
  t.same(said(root, [of(9 * 24 * hours), of(50 * hours)]), {
    good: true,
    text: '50 h ago: g from off the host; RTO 41 s, RPO 3 min',
  });
  t.match(said(root, [of(60, { from: 'local' })]).text, /g from this host;/);
  t.match(said(root, [of(60, { host: 'spare' })]).text, /g from off the host on spare;/);
  t.match(said(root, [of(8 * 24 * hours + 1)]), { good: false, text: /longer ago than backup\.drill\.maxAge/ });
});

t.test('one that failed counts until another has passed', async (t) => {
  const root = t.testdir({});
  t.same(said(root, [of(50 * hours), of(hours, failed)]), {
    good: false,
    text: '50 h ago: g from off the host; RTO 41 s, RPO 3 min; the last one failed 60 min ago: git fsck: a/b.git: missing blob',
  });
  t.match(said(root, [of(50 * hours, failed), of(hours)]), { good: true });
  t.match(said(root, [of(hours, failed)]), { good: false, text: /^none yet: .*; the last one failed 60 min ago: git/ });
  t.match(said(root, [of(hours, { ...failed, host: 'spare' })]).text, /failed 60 min ago on spare: git/);
});

t.test('none yet is well for as long as none was due', async (t) => {
  const root = t.testdir({});
  t.same(said(root, [], 60), { good: true, text: 'none yet: npx zx runbooks/drill.mjs' });
  t.match(said(root, [], 8 * 24 * hours + 60), { good: false });
});

t.test('a record that was changed', async (t) => {
  const root = t.testdir({});
  const drills = [of(99 * hours, failed), of(50 * hours), of(2 * hours)];
  for (const change of [
    (text: string) => text.replace('"failed"', '"passed"'),
    (text: string) => text.replace(/\n.*\n/, '\n'),
    (text: string) => `${text}{"torn`,
  ])
    t.match(said(root, drills, 0, change), { good: false, text: /the record was changed/ });
});

t.test('the unit: at its time, with leave for its own folder only, and cleared behind it', async (t) => {
  const { config } = input();
  const drill = { calendar: 'Sat *-*-* 03:00:00', maxAge: '8d' };
  const specs = desiredState(input({ config: { backup: { ...config.backup, drill } } }));
  const text = (end: string) => {
    const found = specs.find((spec) => spec.id === `file:/etc/systemd/system/gitea-runbooks-drill.${end}`);
    return found?.kind === 'file' ? String(found.content) : '';
  };
  t.match(text('timer'), /^OnCalendar=Sat \*-\*-\* 03:00:00\n.*\nPersistent=true$/m);
  t.match(text('service'), /^ExecStart=\S+ \S+ drill\n.*\nExecStopPost=-\S+ \S+ drill clear$/m);
  t.match(text('service'), /^ReadWritePaths=\/var\/backups\/gitea -\/srv\/gitea\/drill /m);
  t.match(
    specs.find(({ id }) => id === 'directory:/srv/gitea/drill'),
    { mode: '0700', uid: 0 },
  );
});
