// What the watch takes for a thing to tell, at which moment, and what it leaves alone.
import t from 'tap';
import type { Config } from '../../../lib/config/config.types.ts';
import { absences, unitsOf } from '../../../lib/jobs/tell/absence.ts';
import { hoursLeft, type Sample, withSample } from '../../../lib/jobs/tell/forecast.ts';
import { type Seen, type SeenBackup, unitsIn } from '../../../lib/jobs/tell/seen.ts';
import { input } from '../phases/input.ts';
import { remote } from './backups.ts';

const { config } = input();
const away: Config = { ...config, backup: { ...config.backup, remote } };
const now = Date.parse('2026-11-30T12:00:00Z');
const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString();
const hour = 3600;
const noted = (seconds: number, degraded: string[] = []) => ({
  ...{ id: 'g', kind: 'partial', at: ago(seconds), degraded, snapshot: 's' },
});

const well: SeenBackup = {
  ...{ begun: now - 90 * 24 * hour * 1000, remoteBegun: now - 90 * 24 * hour * 1000 },
  backup: { generation: noted(60), full: noted(hour), shipped: noted(60), shippedFull: 'f' },
  wal: { at: ago(20) },
  verify: { at: ago(hour) },
  ...{ journal: undefined, slot: { status: 'reserved', active: true } },
  drill: { at: now - hour * 1000, passed: true },
};
const seen = (backup: Partial<SeenBackup> = {}, more: Partial<Seen> = {}): Seen => ({
  ...{ now, booted: now - 48 * hour * 1000, units: new Map(), disks: [], backup: { ...well, ...backup } },
  ...more,
});
const told = (of: Config, what: Seen, quiet?: number) =>
  absences(of, what, { samples: {}, ...(quiet === undefined ? {} : { quiet }) });
const ids = (...args: Parameters<typeof told>) => told(...args).map(({ id }) => id);

t.test('all is well, with a copy off the host and without', async (t) => {
  t.same(told(away, seen()), []);
  t.same(told(config, seen({ backup: { generation: noted(60), full: noted(hour) }, wal: {} })), []);
});

t.test('what is too old is told with its age and what is allowed, since the moment at which it was', async (t) => {
  const backup = (generation: number, shipped = generation) => ({
    backup: { ...well.backup, generation: noted(generation), shipped: noted(shipped) },
  });
  t.same(ids(away, seen(backup(600))), [], 'twice the objective: one run may be under way');
  const [late] = told(away, seen(backup(60, 601)));
  t.match(late, {
    id: 'late:generation',
    severity: 'error',
    since: ago(1),
    next: /journalctl -u gitea-runbooks-backup/,
  });
  t.match(late?.what, /^no backup has left the host for 10 min: backup\.objectives\.repositories is 5m$/);
  t.match(told(config, seen(backup(7300)))[0]?.what, /^no backup was made for 2 h/);
  t.same(ids(config, seen(backup(60, 7300))), [], 'nothing has to leave the host');
  t.same(ids(away, seen({ wal: { at: ago(120) } })), []);
  t.match(told(away, seen({ wal: { at: ago(121) } }))[0], { id: 'late:log', what: /2 min: .*database is 60s/ });
  t.same(ids(away, seen({ backup: { ...well.backup, full: noted(30 * hour + 1) } })), ['late:full']);
  t.same(ids(away, seen({ verify: { at: ago(30 * hour + 1) } })), ['late:verify']);
});

t.test('what never came is told as long after the beginning; before that everything is new', async (t) => {
  const none = { backup: {}, wal: {}, verify: {} };
  const begun = (seconds: number) => ({ ...none, begun: now - seconds * 1000, remoteBegun: now - seconds * 1000 });
  t.same(ids(away, seen(begun(599))), []);
  t.match(told(away, seen(begun(601))), [{ id: 'late:generation', what: /there was none yet/ }]);
  t.same(ids(away, seen(begun(31 * hour))), ['late:generation', 'late:full', 'late:verify']);
  t.same(ids(away, seen({ ...none, begun: 0 })), [], 'there is no folder of ours yet');
  const { shipped: _none, ...local } = well.backup;
  t.same(ids(away, seen({ backup: local, remoteBegun: now - 599_000 })), [], 'the place off the host is new');
  t.same(ids(away, seen({ backup: local, remoteBegun: now - 601_000 })), ['late:generation']);
});

t.test('a host that was down has time to catch up', async (t) => {
  const old = { backup: { generation: noted(99 * hour), full: noted(99 * hour), shipped: noted(99 * hour) } };
  const booted = (seconds: number) => ({ booted: now - seconds * 1000 });
  t.same(ids(away, seen(old, booted(600))), []);
  t.same(ids(away, seen(old, booted(601))), ['late:generation']);
  t.same(ids(away, seen(old, booted(hour + 1))), ['late:generation', 'late:full']);
});

t.test('the slot of the log: lost at once, without a receiver after ten minutes', async (t) => {
  for (const status of ['', 'lost'])
    t.match(told(away, seen({ slot: { status, active: false } })), [{ id: 'slot', what: /it has a gap/ }]);
  t.same(ids(away, seen(), now - 600_000), []);
  t.match(told(away, seen(), now - 601_000), [{ id: 'slot', what: /nobody is connected/, since: ago(601) }]);
  t.same(ids(away, seen({ slot: undefined })), [], 'a database that is down is another matter');
});

t.test('a generation that is not whole, and what the drills came to', async (t) => {
  t.match(told(away, seen({ backup: { ...well.backup, generation: noted(60, ['one', 'two', 'three']) } })), [
    { id: 'degraded', severity: 'warning', what: 'the newest generation is not whole: one, and 2 more' },
  ]);
  const drill = (seconds: number, more = {}) => ({ drill: { at: now - seconds * 1000, passed: true, ...more } });
  t.same(ids(away, seen(drill(8 * 24 * hour, { recoveryTime: 1800 }))), []);
  t.match(told(away, seen(drill(8 * 24 * hour + 1))), [
    { id: 'late:drill', what: /for 192 h: backup\.drill\.maxAge is 8d/ },
  ]);
  t.match(told(away, seen({ drill: undefined })), [{ id: 'late:drill', what: /there was none yet/ }]);
  t.same(ids(away, seen(drill(hour, { passed: false }))), ['drill']);
  const [slow] = told(away, seen(drill(hour, { recoveryTime: 2400.2 })));
  t.match(slow, { id: 'objective:restore', severity: 'warning' });
  t.match(slow?.what, /took 40 min \(2401 s\), backup\.objectives\.restore is 30m \(1800 s\): 601 s too many$/);
});

t.test('a disk is told when it is full, and before it will be', async (t) => {
  const disk = (free: number) => ({ disks: [{ path: '/b', size: 100e9, now: { at: now, free } }] });
  const samples = (free: number, hours: number): Record<string, readonly Sample[]> => ({
    '/b': [{ at: now - hours * hour * 1000, free }],
  });
  const of = (free: number, before: Record<string, readonly Sample[]>) =>
    absences(away, seen({}, disk(free)), { samples: before });
  t.same(of(50e9, samples(74e9, 24)), [], 'in two days and more');
  t.match(of(50e9, samples(76e9, 24)), [
    {
      id: 'disk:/b',
      severity: 'warning',
      what: /will be full in 46 h if it goes on like this: 50000 MB of 100000 MB are free/,
    },
  ]);
  t.same(of(50e9, samples(99e9, 5)), [], 'of so short a time nothing is foretold');
  t.match(of(0.9e9, {}), [{ severity: 'error', what: /is full/, next: /df -h/ }]);
});

t.test('samples of a day, a quarter of an hour apart', async (t) => {
  let all: readonly Sample[] = [];
  for (let at = 0; at < 60; at++) all = withSample(all, { at: at * hour * 500, free: 100 - at });
  t.equal(all.length, 51);
  const [first] = all;
  t.equal(
    withSample(all, { at: all.at(-1)!.at + 60_000, free: 1 }).length,
    50,
    'one of the day before goes, too soon comes none',
  );
  t.equal(hoursLeft(all, { at: first!.at + 10 * hour * 1000, free: first!.free / 2 }), 10);
  t.equal(hoursLeft(all, { at: first!.at + 10 * hour * 1000, free: first!.free }), undefined);
  t.same(withSample(all, { at: 0, free: 1 }), [first && { at: 0, free: 1 }].flat(), 'a clock that went back');
});

const show = (units: Record<string, [active: string, file: string, load?: string]>) =>
  unitsIn(
    Object.entries(units)
      .map(
        ([id, [active, file, load = 'loaded']]) =>
          `Result=exit-code\nId=gitea-runbooks-${id}\nLoadState=${load}\nActiveState=${active}\nUnitFileState=${file}\n`,
      )
      .join('\n'),
  );
const fine = Object.fromEntries(
  ['backup', 'backup-full', 'verify', 'drill', 'renew'].flatMap((unit): [string, [string, string]][] => [
    [`${unit}.service`, ['inactive', 'static']],
    [`${unit}.timer`, ['active', 'enabled']],
  ]),
);

t.test('units: what has failed is told, and of what runs nothing is known', async (t) => {
  const of = (more: Parameters<typeof show>[0], backup: Partial<SeenBackup> = {}) =>
    unitsOf(config, seen(backup, { units: show({ ...fine, ...more }) }));
  t.same(of({}), { notices: [], start: [], undecided: new Set() });
  const { notices, undecided } = of({
    'renew.service': ['failed', 'static'],
    'backup.service': ['activating', 'static'],
  });
  t.match(notices, [{ id: 'unit:gitea-runbooks-renew', what: /renew\.service has failed \(exit-code\)/ }]);
  t.same([...undecided], ['unit:gitea-runbooks-backup']);
});

t.test('timers: those left stopped are started, those turned off are told', async (t) => {
  const of = (more: Parameters<typeof show>[0], backup: Partial<SeenBackup> = {}) =>
    unitsOf(config, seen(backup, { units: show({ ...fine, ...more }) }));
  const stopped = { 'verify.timer': ['inactive', 'enabled'] } as const;
  t.match(of({ 'verify.timer': [...stopped['verify.timer']] }), {
    notices: [],
    start: ['gitea-runbooks-verify.timer'],
  });
  t.match(of({ 'verify.timer': ['inactive', 'disabled'], 'renew.timer': ['inactive', '', 'not-found'] }), {
    notices: [{ id: 'timers:off', what: /verify\.timer is disabled, gitea-runbooks-renew\.timer is not-found$/ }],
    start: [],
  });
  const journal = { stamp: 'x', id: 'G', from: 'local' } as const;
  t.match(of({ 'verify.timer': ['inactive', 'enabled'] }, { journal: { ...journal, phase: 'fetching' } }), {
    notices: [{ id: 'restore', what: 'a restore of G was cut off (fetching): nothing in use was touched' }],
    start: ['gitea-runbooks-verify.timer'],
  });
  t.match(of({ 'verify.timer': ['inactive', 'enabled'] }, { journal: { ...journal, phase: 'switching' } }), {
    notices: [{ id: 'restore', what: /half of two states/, next: /--undo/ }],
    start: [],
  });
});
