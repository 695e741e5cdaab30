import t from 'tap';
import { planOf } from '../../../lib/jobs/backup/thinning/prune-plan.ts';

const none = { hours: 0, days: 0, weeks: 0, months: 0, years: 0 };
const [one, two, three, four] = ['20261120T021000Z', '20261121T021000Z', '20261122T021000Z', '20261123T021000Z'];
const now = Date.parse('2026-11-23T12:00:00Z');
const manifest = (id: string, full = id) => [
  `manifest=${id}`,
  `kind=${id === full ? 'full' : 'partial'}`,
  `full=${full}`,
  'system=7001',
];
const whole = (id: string) => [[`generation=${id}`], manifest(id)];
const sound = { at: '2026-11-23T05:20:00.000Z', newest: { local: four, remote: four } };
const go = (changes: Partial<Parameters<typeof planOf>[0]> = {}) =>
  planOf({
    ...{ place: 's3:https://s3.example.com/backup', retention: none, verified: sound, now },
    snapshots: { archive: [one, two, three, four].flatMap(whole), recent: [] },
    ...changes,
  });

t.test('the newest two stay whatever the rules say, and each that stays says why', async (t) => {
  t.same(go(), {
    place: 's3:https://s3.example.com/backup',
    stays: [
      { id: four, why: ['one of the newest two'] },
      { id: three, why: ['one of the newest two'] },
    ],
    goes: [two, one],
    unfinished: [],
    verified: sound.at,
  });
  t.same(
    go({ retention: { ...none, days: 3 } }).stays.map(({ id, why }) => [id, why.at(-1)]),
    [four, three, two].map((id) => [id, 'the last of its day']),
  );
});

t.test('what a kept one of changes rests on stays', async (t) => {
  const archive = [one, two, three, four].flatMap(whole);
  const recent = [manifest('20261120T120000Z', one), ['wal'], ['generation=20261120T120000Z']];
  const { stays, goes } = go({ snapshots: { archive, recent }, retention: { ...none, hours: 1 } });
  t.same(stays.at(-1), { id: one, why: ['one that stays rests on it'] });
  t.same(goes, [two]);
});

t.test('what a run left that was cut off goes once a newer whole one is there', async (t) => {
  const begun = (id: string) => [`generation=${id}`];
  const archive = [...whole(three), ...whole(two), begun(one), begun(four)];
  const { goes, unfinished } = go({
    snapshots: { archive, recent: [] },
    verified: { ...sound, newest: { remote: three } },
  });
  t.same([goes, unfinished], [[], [one]], 'the newer one may be under way');
});

t.test('nothing goes while the newest whole one has not been read back off the host', async (t) => {
  const at = sound.at;
  for (const verified of [{}, { at }, { at, newest: { local: four } }, { at, newest: { local: four, remote: three } }])
    t.match(go({ verified }).refused, { what: new RegExp(`${four}, has not been read back`), next: /--verify/ });
  const partial = '20261123T110000Z';
  t.equal(go({ verified: { at, newest: { remote: partial } } }).refused, undefined, 'one of changes rests on it');
  const failed = { at, what: 'remote archive: pack 12ab' };
  t.match(go({ verified: { ...sound, failed } }), { refused: { what: /not sound: remote archive: pack 12ab/ } });
  t.notOk('verified' in go({ verified: { ...sound, failed } }));
});

t.test('a generation of the future would push all others out: it is refused', async (t) => {
  const ahead = '20271123T021000Z';
  const archive = [...[one, two, three, four].flatMap(whole), ...whole(ahead)];
  const verified = { ...sound, newest: { remote: ahead } };
  t.match(go({ snapshots: { archive, recent: [] }, verified }).refused, { what: new RegExp(ahead), next: /clock/ });
  t.equal(go({ now: Date.parse('2026-11-23T02:00:00Z') }).refused, undefined, 'ten minutes are no future');
});

t.test('where there is nothing, nothing goes', async (t) => {
  const plan = go({ snapshots: { archive: [], recent: [] } });
  t.match(plan, { goes: [], stays: [], refused: { what: /no whole generation/, next: /--full/ } });
});
