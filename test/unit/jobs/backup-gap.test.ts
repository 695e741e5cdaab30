import t, { type Test } from 'tap';
import { gapBehind } from '../../../lib/jobs/backup/database/gap.ts';
import { tellState } from '../../../lib/jobs/backup/store/state.ts';
import { baseOf, configIn, put, remote } from './backups.ts';

const point = { name: 'x', lsn: '0/5000060', timeline: 1, at: '2026-11-29T12:00:00.000Z' };
const before = { system: '7001', bases: [baseOf('one', '0/2000028')] };
const [last, sent] = ['2026-11-29T11:00:00.000Z', '2026-11-29T11:30:00.000Z'];

function scene(t: Test, { segments = ['2', '3', '4', '5'], off = false, known = true } = {}) {
  const root = t.testdir();
  const config = configIn(root, off ? { remote } : {});
  for (const end of segments) put(`${root}/backups/wal/00000001000000000000000${end}`);
  if (known)
    tellState(config, 'backup', { generation: { id: 'a', kind: 'full', at: last, degraded: [], snapshot: 's' } });
  tellState(config, 'wal', { at: sent });
  return config;
}

t.test('a log that is whole has no gap', async (t) => {
  t.equal(gapBehind(scene(t), { lost: false, point, before }), undefined);
  t.equal(gapBehind(scene(t), { lost: false, point, before: undefined }), undefined);
});

t.test('one that lost its place, or a file of it, has one from the last generation to now', async (t) => {
  t.same(gapBehind(scene(t), { lost: true, point, before }), { from: last, to: point.at });
  const gap = gapBehind(scene(t, { segments: ['2', '4', '5'] }), { lost: false, point, before });
  t.match(gap, { from: last, to: point.at, why: /^0{7}10{15}3 is missing, between \d{4}-.* and \d{4}-/ });
});

t.test('what had left the host by then is not lost', async (t) => {
  t.match(gapBehind(scene(t, { off: true }), { lost: true, point, before }), { from: sent });
});

t.test('another timeline is no gap, and before the first generation there is none', async (t) => {
  const other = { ...before, bases: [baseOf('one', '0/2000028', 2)] };
  t.equal(gapBehind(scene(t, { segments: [] }), { lost: false, point, before: other }), undefined);
  t.equal(gapBehind(scene(t, { known: false }), { lost: true, point, before }), undefined);
});
