import { readdirSync } from 'node:fs';
import t, { type Test } from 'tap';
import type { Manifest } from '../../../lib/core/generation.ts';
import type { Output } from '../../../lib/host/port.ts';
import { upkeep } from '../../../lib/jobs/backup/thinning/upkeep.ts';
import {
  baseOf,
  configIn,
  fails,
  fine,
  played as hostOf,
  manifestOf,
  put,
  remote,
  resticThat,
  says,
} from './backups.ts';

const none = { hours: 0, days: 0, weeks: 0, months: 0, years: 0 };
const [one, two, three] = ['20261120T021000Z', '20261121T021000Z', '20261122T021000Z'];
const [old, young] = ['20261120T120000Z', '20261122T120000Z'];
const five = [manifestOf(one), manifestOf(old, one), manifestOf(two), manifestOf(three), manifestOf(young, three)];

function scene(
  t: Test,
  kept: readonly Manifest[],
  { off = false, local = fine as Output, away = fine as Output, snapshots = '' } = {},
) {
  const root = t.testdir();
  const config = configIn(root, { retention: none, ...(off ? { remote } : {}) });
  for (const one of kept) put(`${root}/backups/generations/${one.id}.json`, JSON.stringify(one));
  const played = resticThat(({ place, what }) => {
    if (what === 'left') return says(snapshots);
    return place === 'local' ? local : away;
  });
  /** But for the look at what there is. */
  const changing = () => played.calls.filter(({ what }) => what !== 'left');
  const told: string[] = [];
  const go = () => upkeep({ config, host: hostOf().host, restic: played.restic, tell: (text) => told.push(text) });
  const left = () => readdirSync(`${root}/backups/generations`).sort();
  return { root, calls: changing, told, go, left };
}

t.test('never the newest two whole ones, nor what came after the newest', async (t) => {
  const { go, calls, left } = scene(t, five);
  await go();
  t.same(
    left(),
    [two, three, young].map((id) => `${id}.json`),
  );
  t.same(
    calls().map(({ place }) => place),
    ['local'],
  );
  t.same(
    calls()[0]
      ?.script.split('\n')
      .filter((line) => line.includes(' forget ')),
    [
      `archive forget --unsafe-allow-remove-all --tag manifest=${one} || exit`,
      `archive forget --unsafe-allow-remove-all --tag generation=${one} || exit`,
      `recent forget --unsafe-allow-remove-all --tag manifest=${old} || exit`,
      `recent forget --unsafe-allow-remove-all --tag generation=${old} || exit`,
    ],
    'the manifest first',
  );
});

t.test('nothing goes, nothing is asked', async (t) => {
  const { go, calls, left } = scene(t, five.slice(2));
  await go();
  t.same([calls().length, left().length], [0, 3]);
});

t.test('off the host only what came in between goes, and log that is two days old', async (t) => {
  const { go, calls } = scene(t, five, { off: true });
  await go();
  const { script = '' } = calls().find(({ place }) => place === 'remote') ?? {};
  t.match(script, `recent forget --unsafe-allow-remove-all --tag manifest=${old}`);
  t.match(script, 'recent forget --tag wal --group-by host --keep-within 2d --keep-last 3');
  t.notMatch(script, /archive|--remove-all\b(?!.*tag)/);
});

t.test('a place where nothing can be taken away is told, and is no failure', async (t) => {
  const { go, told, left } = scene(t, five, { off: true, away: fails('Fatal: x\nAccess Denied.') });
  await go();
  t.match(told.at(-1), /off the host could not be thinned out: Access Denied\./);
  t.equal(left().length, 3);
});

t.test('what cannot be taken away on the host is a failure, and stays to be taken away', async (t) => {
  const { go, left } = scene(t, five, { local: fails('no space left on device') });
  await t.rejects(go(), { exitCode: 20, message: /the new one is there.*no space left/s });
  t.equal(left().length, 5);
});

t.test('the log goes up to where the newest whole one but one begins', async (t) => {
  const bases = [baseOf('a', '0/1000028'), baseOf('b', '0/3000028')];
  const before = manifestOf(two, two, { database: { ...five[2]!.database, bases } });
  const { root, go } = scene(t, [before, five[3]!]);
  const segments = ['1', '2', '3', '4'].map((end) => `00000001000000000000000${end}`);
  for (const name of segments) put(`${root}/backups/wal/${name}`);
  await go();
  t.same(readdirSync(`${root}/backups/wal`).sort(), segments.slice(2));
  const first = scene(t, [before]);
  put(`${first.root}/backups/wal/${segments[0]}`);
  await first.go();
  t.equal(readdirSync(`${first.root}/backups/wal`).length, 1, 'with a single one all stays');
});

t.test('whatever step of it fails ends it: a later one that succeeds must not hide that', async (t) => {
  const { go, calls } = scene(t, five);
  await go();
  const lines = calls()[0]!.script.split('\n');
  t.ok(lines.length >= 8);
  t.same(
    lines.filter((line) => !line.endsWith('|| exit')),
    [],
  );
});

t.test(
  'what runs that were cut off have left: half of a generation goes, a whole one that was not noted counts',
  async (t) => {
    const tags = (...all: string[]) => JSON.stringify(all.map((line) => ({ tags: line.split(' ') })));
    const archive = tags(
      `generation=${three}`,
      `manifest=${three} kind=full full=${three} system=7001`,
      'generation=20261121T060000Z',
    );
    const recent = tags(
      'generation=20261122T130000Z',
      `manifest=${old} kind=partial full=${one} system=7001`,
      `generation=${old}`,
      'wal',
    );
    const snapshots = `-- of archive\n${archive}\n-- of recent\n${recent}\n`;
    const { go, calls, told } = scene(t, [five[2]!, five[3]!], { snapshots });
    await go();
    t.same(
      calls()[0]
        ?.script.split('\n')
        .filter((line) => line.includes(' forget ')),
      [
        'archive forget --unsafe-allow-remove-all --tag generation=20261121T060000Z || exit',
        `recent forget --unsafe-allow-remove-all --tag manifest=${old} || exit`,
        `recent forget --unsafe-allow-remove-all --tag generation=${old} || exit`,
        'recent forget --unsafe-allow-remove-all --tag generation=20261122T130000Z || exit',
      ],
    );
    t.match(told.join('\n'), /has served its time: 1 generation\n.*2 snapshots of runs that were cut off/s);
  },
);
