import t from 'tap';
import { type Manifest, timeOf } from '../../../lib/core/generation.ts';
import type { Restic } from '../../../lib/jobs/backup/store/restic.ts';
import { candidatesOf, find, idsIn, wantedOf } from '../../../lib/jobs/restore/finding/catalog.ts';
import { fails, manifestOf, resticThat, says } from './backups.ts';

const [monday, noon, tuesday, later] = ['20261123T021000Z', '20261123T120000Z', '20261124T021000Z', '20261124T022000Z'];

interface Kept {
  readonly manifests?: readonly Manifest[];
  /** Snapshots of files whose run was cut off before the manifest. */
  readonly cut?: readonly string[];
  /** Repositories that are not there. */
  readonly absent?: readonly string[];
  readonly without?: (tag: string) => boolean;
  /** When the log of the database was brought off the host. */
  readonly logs?: readonly string[];
  /** Of the files of each, as restic writes it down. */
  readonly bytes?: number;
}

/** A place with restic in it: each generation is a snapshot of its files and one of its manifest. */
function place({ manifests = [], cut = [], absent = [], without = () => false, logs = [], bytes }: Kept) {
  const listed = (kind: Manifest['kind']) => {
    const all: readonly { id: string; tree: string; tags?: readonly string[]; summary?: object }[] = [
      ...manifests
        .filter((one) => one.kind === kind)
        .flatMap(({ id, full, tree }) => [
          {
            id: `files-${id}`,
            tree,
            tags: [`generation=${id}`],
            ...(bytes ? { summary: { total_bytes_processed: bytes } } : {}),
          },
          {
            id: `manifest-${id}`,
            tree: 'small',
            tags: [`manifest=${id}`, `kind=${kind}`, `full=${full}`, 'system=7001'],
          },
        ]),
      ...(kind === 'full' ? cut.map((id) => ({ id: `files-${id}`, tree: 'x', tags: [`generation=${id}`] })) : []),
      ...(kind === 'full'
        ? [{ id: 'log', tree: 'y' }]
        : logs.map((time) => ({ id: `log of ${time}`, tree: 'y', time, tags: ['wal'] }))),
    ];
    return all.filter(({ tags = [] }) => !tags.some(without));
  };
  return resticThat(({ script }) => {
    const dumped = /(archive|recent) dump --no-lock manifest-(\w+) \/generation\/stage\/manifest.json$/.exec(script);
    if (dumped) return says(JSON.stringify(manifests.find(({ id }) => id === dumped[2])));
    const lists = { archive: listed('full'), recent: listed('partial') };
    const lines = Object.entries(lists).map(([name, list]) => {
      const mark = new RegExp(`printf '(.*${name}.*)'`).exec(script)?.[1] ?? '';
      return `${mark}${absent.includes(name) ? '' : JSON.stringify(list)}\n\n`;
    });
    return says(lines.join(''));
  });
}

const four = [manifestOf(monday), manifestOf(noon, monday), manifestOf(tuesday), manifestOf(later, tuesday)];
const get = (restic: Restic, to: string, from: 'local' | 'remote' = 'local', received?: number) =>
  find(restic, from, wantedOf(to), received);

t.test('what is asked for: the newest, a name, or a moment', async (t) => {
  t.same(wantedOf('latest'), { kind: 'latest' });
  t.same(wantedOf('end-of-log'), { kind: 'end' });
  t.same(wantedOf(monday), { kind: 'id', id: monday });
  t.same(wantedOf('2026-11-29 22:15'), { kind: 'time', time: '2026-11-29T22:15:00.000Z' }, 'UTC');
  t.same(wantedOf('2026-11-29T22:15:03Z'), { kind: 'time', time: '2026-11-29T22:15:03.000Z' });
  t.same(wantedOf('2026-11-29T22:15+01:00'), { kind: 'time', time: '2026-11-29T21:15:00.000Z' });
  for (const word of ['yesterday', '', '2026-11-29', '2026-13-40 10:00', 'Latest', '20261129T2215Z', '5'])
    t.throws(() => wantedOf(word), { name: 'RunbookError', exitCode: 22 }, word);
});

t.test('a name tells its moment', async (t) => t.equal(timeOf('20261129T221503Z'), Date.UTC(2026, 10, 29, 22, 15, 3)));

t.test('only what has a manifest, and a whole one below it, is a generation', async (t) => {
  const row = (...tags: string[]) => ({ id: 'x', tree: 'y', tags });
  t.same(
    idsIn({
      archive: [row('manifest=b', 'kind=full', 'full=b'), row('generation=b'), row('generation=a')],
      recent: [
        row('manifest=c', 'kind=partial', 'full=b'),
        row('generation=c'),
        row('manifest=d', 'kind=partial', 'full=a'),
        { id: 'log', tree: 'z' },
      ],
    }),
    ['b', 'c'],
  );
  t.same(idsIn({ archive: [], recent: [] }), []);
});

t.test('the newest one: of changes over the whole one that it rests on', async (t) => {
  const { restic, calls } = place({ manifests: four, cut: ['20261125T021000Z'] });
  const { manifest, layers, time } = await get(restic, 'latest', 'remote');
  t.equal(manifest.id, later);
  t.equal(time, undefined);
  t.same(layers, [
    { repository: 'archive', snapshot: `files-${tuesday}` },
    { repository: 'recent', snapshot: `files-${later}` },
  ]);
  t.ok(calls.every((call) => call.place === 'remote'));
  t.ok(
    calls.every(({ script }) => /--no-lock|snapshots archive/.test(script)),
    'a place that only takes is enough',
  );
  t.match(calls[0]?.script, /^reached\n/, 'and one that does not answer is told within a minute');
});

t.test('what restic has written down of its files comes with a layer', async (t) => {
  const { restic } = place({ manifests: four, bytes: 12_345 });
  t.same(
    (await get(restic, 'latest')).layers.map(({ bytes }) => bytes),
    [12_345, 12_345],
  );
});

t.test('a whole one by its name is one layer', async (t) => {
  const { restic } = place({ manifests: four });
  t.same((await get(restic, monday)).layers, [{ repository: 'archive', snapshot: `files-${monday}` }]);
});

t.test('a moment is in the first generation after it', async (t) => {
  const { restic } = place({ manifests: four });
  const found = await get(restic, '2026-11-23 02:11');
  t.same([found.manifest.id, found.time], [noon, '2026-11-23T02:11:00.000Z']);
  t.equal((await get(restic, '2026-11-23 12:00:01')).manifest.id, tuesday);
  t.equal((await get(restic, '2026-11-24 02:20')).manifest.id, later, 'the moment itself');
});

t.test('the restore point counts, which comes after the moment of the name', async (t) => {
  const { database } = four[2]!;
  const slow = { ...database, point: { ...database.point, at: '2026-11-24T04:00:00.000Z' } };
  const { restic } = place({ manifests: [four[0]!, manifestOf(tuesday, tuesday, { database: slow })] });
  t.equal((await get(restic, '2026-11-24 03:59')).manifest.id, tuesday);
  await t.rejects(get(restic, '2026-11-24 04:01'), { name: 'RunbookError', exitCode: 22 });
  t.same(candidatesOf([monday, tuesday], { kind: 'time', time: '2026-11-24T15:00:00.000Z' }), []);
});

t.test(
  'a moment in a gap of the log is refused before anything is fetched, and what lies beside it is not',
  async (t) => {
    const [from, to] = ['2026-11-23T20:00:00.000Z', '2026-11-24T02:11:00.000Z'];
    const gap = { from, to, why: '000000010000000000000009 is missing' };
    const after = manifestOf(tuesday, tuesday, { gap });
    const { restic } = place({ manifests: [four[0]!, four[1]!, after, four[3]!] });
    await t.rejects(get(restic, '2026-11-24 02:00'), {
      exitCode: 22,
      message:
        /2026-11-24T02:00.* cannot be reached: between .*20:00.* has a gap\n.*0009 is missing\nNext: nothing was touched/s,
    });
    t.equal((await get(restic, from)).time, from);
    t.equal((await get(restic, '2026-11-23 12:00')).manifest.id, noon);
    t.equal((await get(restic, tuesday)).manifest.id, tuesday);
  },
);

t.test('what is not there is refused, with what is', async (t) => {
  const { restic } = place({ manifests: four });
  await t.rejects(get(restic, '20261125T021000Z'), {
    exitCode: 22,
    message: /no generation 20261125T021000Z in the local.*there are 4, from 20261123T021000Z to/s,
  });
  const nothing = place({ cut: [monday], absent: ['recent'] });
  await t.rejects(get(nothing.restic, '2026-11-24 02:21'), {
    exitCode: 22,
    message: /no generation of 2026-11-24T02:21/,
  });
  await t.rejects(get(nothing.restic, 'latest'), { exitCode: 22, message: /none at all.*--from remote/s });
});

t.test('behind the newest generation the log goes on, as far as it was written', async (t) => {
  const logs = ['2026-11-24T02:40:00Z', '2026-11-24T02:50:00+00:00', '2026-11-24T02:30:00Z'];
  const { restic } = place({ manifests: four, logs });
  const [, sent] = logs;
  const end = await get(restic, 'end-of-log', 'remote');
  t.equal(end.manifest.id, later);
  t.same([end.log, end.time], [{ snapshot: `log of ${sent}` }, undefined]);
  t.equal(end.layers.length, 2);
  const until = '2026-11-24T02:45:00.000Z';
  const some = await get(restic, until, 'remote');
  t.same([some.manifest.id, some.log], [later, { until, snapshot: `log of ${sent}` }]);
  t.same((await get(restic, '2026-11-24 02:20', 'remote')).log, undefined, 'what a generation reaches needs none');
  const refused = { exitCode: 22, message: /asked for, and the log was last written at 2026-11-24T02:50.*end-of-log/s };
  await t.rejects(get(restic, '2026-11-24 02:51', 'remote'), refused);
  const here = await get(restic, until, 'local', Date.parse(until));
  t.same(here.log, { until }, 'on the host it is read where it is received');
  t.same((await get(restic, 'end-of-log', 'local', 5)).log, {});
  await t.rejects(get(restic, until, 'local', Date.parse(until) - 1), { exitCode: 22, message: /go on so far/ });
  await t.rejects(get(restic, 'end-of-log'), { exitCode: 22, message: /none of it on the host/ });
  await t.rejects(get(place({ manifests: four }).restic, 'end-of-log', 'remote'), {
    exitCode: 22,
    message: /off the host/,
  });
});

t.test('a generation of which something is gone is not taken for whole', async (t) => {
  const files = place({ manifests: four, without: (tag) => tag === `generation=${tuesday}` });
  await t.rejects(get(files.restic, 'latest'), { exitCode: 20, message: /20261124T021000Z is not whole/ });
  const other = manifestOf(monday, monday, { format: 2 as 1 });
  await t.rejects(get(place({ manifests: [other] }).restic, 'latest'), { exitCode: 20, message: /of format 2/ });
});

t.test('a place that does not answer is told in its own words', async (t) => {
  const { restic } = resticThat(() => fails('Fatal: connection refused'));
  await t.rejects(get(restic, 'latest', 'remote'), { exitCode: 20, message: /connection refused.*--from local/s });
});

t.test('partial ones alone are no whole ones, also where the repository of those is not there', async (t) => {
  const { restic } = place({ manifests: [four[1]!], absent: ['archive'] });
  await t.rejects(get(restic, 'latest'), { exitCode: 22, message: /none at all/ });
});

t.test('of several readings of the files the one counts that the manifest names', async (t) => {
  const [one] = four;
  const tags = [`generation=${monday}`];
  const rows = [
    { id: 'first', tree: 'read before a rename', tags },
    { id: 'second', tree: one!.tree, tags },
    { id: 'm', tree: 'small', tags: [`manifest=${monday}`, 'kind=full', `full=${monday}`] },
  ];
  const { restic } = resticThat(({ script }) =>
    says(script.includes(' dump ') ? JSON.stringify(one) : `archive ${JSON.stringify(rows)}\nrecent []\n`),
  );
  t.same((await get(restic, 'latest')).layers, [{ repository: 'archive', snapshot: 'second' }]);
});
