import t from 'tap';
import { retained } from '../../../lib/jobs/backup/thinning/retention.ts';

const none = { hours: 0, days: 0, weeks: 0, months: 0, years: 0 };
const full = (id: string) => ({ id, kind: 'full' as const, full: id });
const partial = (id: string, of: string) => ({ id, kind: 'partial' as const, full: of });
const daily = (from: string, days: number) =>
  Array.from({ length: days }, (_, day) => {
    const at = new Date(Date.parse(`${from}T02:10:00Z`) + day * 86_400_000);
    return full(`${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`);
  });
const sorted = (kept: ReadonlyMap<string, unknown>) => [...kept.keys()].sort();

t.test('without any rule: the newest two whole ones, and what came after the newest', async (t) => {
  const fulls = daily('2026-11-20', 5);
  const [last, before] = [fulls[4]!.id, fulls[3]!.id];
  const known = [
    ...fulls,
    partial('20261123T100000Z', before),
    partial('20261124T100000Z', last),
    partial('20261124T100500Z', last),
  ];
  t.same(sorted(retained(known, none)), [
    '20261123T021000Z',
    '20261124T021000Z',
    '20261124T100000Z',
    '20261124T100500Z',
  ]);
});

t.test('of each of the last so many days, weeks, months and years the last', async (t) => {
  const fulls = daily('2025-01-01', 730);
  const kept = sorted(retained(fulls, { hours: 0, days: 3, weeks: 2, months: 3, years: 2 }));
  t.same(
    kept.map((id) => id.slice(0, 8)),
    // 2026-12-27 is a Sunday, the end of a week; 2026-12-31 the end of all that is.
    ['20251231', '20261031', '20261130', '20261227', '20261229', '20261230', '20261231'],
  );
});

t.test('an hourly one keeps what it rests on', async (t) => {
  const fulls = daily('2026-11-20', 4);
  const old = fulls[1]!.id;
  const known = [
    ...fulls,
    partial('20261121T235000Z', old),
    partial('20261121T235500Z', old),
    partial('20261121T221000Z', old),
  ];
  t.same(sorted(retained(known, { ...none, hours: 1 })), [old, '20261121T235500Z', fulls[2]!.id, fulls[3]!.id]);
  t.same(sorted(retained(known, { ...none, hours: 2 })), [
    old,
    '20261121T221000Z',
    '20261121T235500Z',
    fulls[2]!.id,
    fulls[3]!.id,
  ]);
});

t.test(
  'an hour without a generation does not count: after a pause of weeks the last ones are still there',
  async (t) => {
    const fulls = [...daily('2026-09-01', 3), ...daily('2026-11-20', 2)];
    t.equal(retained(fulls, { ...none, days: 5 }).size, 5);
  },
);

t.test('each that stays is kept by a rule that has a name', async (t) => {
  const fulls = daily('2026-11-20', 4);
  const [first, second, third, last] = fulls.map(({ id }) => id) as [string, string, string, string];
  const kept = retained([...fulls, partial('20261120T100000Z', first)], { ...none, hours: 1, days: 1, weeks: 1 });
  t.same(
    [...kept],
    [
      [last, ['one of the newest two', 'the last of its day', 'the last of its week']],
      [third, ['one of the newest two']],
      ['20261120T100000Z', ['the last of its hour']],
      [first, ['one that stays rests on it']],
    ],
  );
  t.notOk(kept.has(second));
});
