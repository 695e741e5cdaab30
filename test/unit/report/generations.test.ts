import t from 'tap';
import type { ListedGeneration } from '../../../lib/core/generation.ts';
import { renderGenerations } from '../../../lib/report/generations.ts';

const now = Date.parse('2026-11-29T12:00:00Z');
const one = (id: string, at: string, added: number, degraded: readonly string[] = []): ListedGeneration => ({
  ...{ id, kind: 'full', full: id, places: ['local', 'remote'] },
  manifest: {
    at,
    began: at,
    ended: new Date(Date.parse(at) + 90_000).toISOString(),
    added,
    repositories: 12,
    degraded,
  },
});

t.test('generations as a table, with what is not as it should be below each', async (t) => {
  const found: ListedGeneration[] = [
    {
      id: '20261129T115500Z',
      kind: 'partial',
      full: 'x',
      places: ['remote'],
      size: { holds: 3 * 1024 ** 2, added: 2048 },
    },
    one('20261129T115000Z', '2026-11-29T11:50:00Z', 512),
    one('20261129T090000Z', '2026-11-29T09:00:00Z', 1536, ['not read: a\u001b[31m\nb']),
    one('20261120T090000Z', '2026-11-20T09:00:00Z', 5 * 1024 ** 4 * 1000),
  ];
  const lines = renderGenerations(found, now).split('\n');
  t.match(lines[0], /^generation +kind +age +added +holds +took +repositories +verified +where$/);
  t.match(lines[1], /^20261129T115500Z +partial +5 min +2\.0 KiB +3\.0 MiB +\? +\? +not yet +off the host$/);
  t.match(lines[2], /^20261129T115000Z +full +10 min +512 B +\? +1 min 30 s +12 +not yet +host, off the host$/);
  t.match(lines[3], / 3 h +1\.5 KiB /);
  t.match(lines[4], /^ {4}not read: a/);
  t.notMatch(lines[4], '\u001b', 'a name cannot steer the terminal');
  t.match(lines[5], / 9 d +5000 TiB /);
  t.equal(lines.length, 6);
  const where = lines[0]!.indexOf('where');
  t.same(
    lines.slice(1, 4).map((line) => line.slice(where - 2, where)),
    ['  ', '  ', '  '],
    'columns are in line',
  );
});

t.test('what one of changes holds, and when it was last found to be sound', async (t) => {
  const { manifest } = one('20261129T115000Z', '2026-11-29T11:50:00Z', 512);
  const found: ListedGeneration = {
    ...{ id: '20261129T115000Z', kind: 'partial', full: 'x', places: ['local'], size: { holds: 4096, added: 1024 } },
    ...{ verified: '2026-11-29T09:00:00Z', manifest: { ...manifest!, changed: 2 } },
  };
  t.match(renderGenerations([found], now), / 10 min +1\.0 KiB +4\.0 KiB +1 min 30 s +2 of 12 +3 h ago +host$/);
});

t.test('a gap in the log is told with its times', async (t) => {
  const found = one('20261129T115000Z', '2026-11-29T11:50:00Z', 512);
  const gap = { from: '2026-11-29T09:00:00.000Z', to: '2026-11-29T11:50:00.000Z' };
  const text = renderGenerations([{ ...found, manifest: { ...found.manifest!, gap } }], now);
  t.match(text, /\n {4}the log .* no moment between 2026-11-29T09:00:00.000Z and 2026-11-29T11:50:00.000Z can be/);
});

t.test('none is said to be none', async (t) => t.equal(renderGenerations([]), 'Generations: none'));
