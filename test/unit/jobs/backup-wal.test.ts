import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { gapIn, gapText, lsnOf, segmentOf, segmentsIn, trim } from '../../../lib/jobs/backup/database/wal.ts';

t.test('a position of the log and the file that it is in, as PostgreSQL names it', async (t) => {
  t.equal(lsnOf('16/B374D848'), 0x16_b374_d848n);
  // pg_walfile_name of the same positions.
  t.equal(segmentOf(1, '0/1000028'), '000000010000000000000001');
  t.equal(segmentOf(1, '16/B374D848'), '0000000100000016000000B3');
  t.equal(segmentOf(26, '0/FFFFFFFF'), '0000001A00000000000000FF');
  t.equal(segmentOf(1, '1/0'), '000000010000000100000000', 'after 255 files comes the next log');
});

t.test('a gap is told by its first and last file', async (t) => {
  const from = { timeline: 1, lsn: '0/FD000028' };
  const to = { timeline: 1, lsn: '1/1000060' };
  const all = ['FD', 'FE', 'FF'].map((end) => `0000000100000000000000${end}`);
  all.push('000000010000000100000000', '000000010000000100000001');
  t.equal(gapIn(all, from, to), undefined);
  t.equal(gapIn([...all, '000000010000000100000002'], from, to), undefined);
  t.same(gapIn(all.toSpliced(1, 1), from, to), { first: all[1], last: all[1] });
  t.same(gapIn(all.slice(2), from, to), { first: all[0], last: all[1] });
  t.same(gapIn(all.slice(0, -1), from, to), { first: all[4], last: all[4] });
  t.same(
    gapIn(
      all.map((name) => name.replace(/^00000001/, '00000002')),
      from,
      to,
    ),
    { first: all[0], last: all[4] },
    'of another timeline it is another log',
  );
});

t.test('what is in the folder, and what goes of it', async (t) => {
  const names = ['1', '2', '3'].map((end) => `00000001000000000000000${end}`);
  const folder = t.testdir();
  for (const name of [...names.slice(0, 2), `${names[2]}.partial`, '00000002.history', 'other'])
    writeFileSync(`${folder}/${name}`, '');
  mkdirSync(`${folder}/0`);
  t.same(segmentsIn(folder), names);
  trim(folder, { timeline: 1, lsn: '0/1000000' });
  t.same(segmentsIn(folder), names, 'the one that it begins in stays');
  trim(folder, { timeline: 1, lsn: '0/2000000' });
  t.same(segmentsIn(folder), names.slice(1));
  trim(folder, { timeline: 2, lsn: '0/9000000' });
  t.same(
    readdirSync(folder).sort(),
    ['0', `${names[2]}.partial`, '00000002.history', 'other'].sort(),
    'of an older timeline as well; nothing but whole files of the log',
  );
});

t.test('a gap is told with its times: of what stands before and behind it', async (t) => {
  const dir = t.testdir();
  const name = (end: number) => `00000001000000000000000${end}`;
  for (const [file, at] of [
    [name(2), '2026-11-29T10:00:00Z'],
    [`${name(5)}.partial`, '2026-11-29T11:00:00Z'],
  ] as const) {
    writeFileSync(`${dir}/${file}`, '');
    utimesSync(`${dir}/${file}`, new Date(at), new Date(at));
  }
  t.equal(
    gapText(dir, { first: name(3), last: name(4) }),
    `${name(3)} to ${name(4)} is missing, between 2026-11-29T10:00:00.000Z and 2026-11-29T11:00:00.000Z`,
  );
  t.equal(gapText(dir, { first: name(6), last: name(6) }), `${name(6)} is missing, since 2026-11-29T11:00:00.000Z`);
  t.equal(gapText(dir, { first: name(1), last: name(1) }), `${name(1)} is missing`);
});
