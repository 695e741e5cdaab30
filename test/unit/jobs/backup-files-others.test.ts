import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import t from 'tap';
import { moved, newerFiles, strangers } from '../../../lib/jobs/backup/files/index.ts';

t.test('repositories that were renamed, deleted or made between two lists', (t) => {
  const before = [
    { id: 1, owner: 'Ann', name: 'Same' },
    { id: 2, owner: 'ann', name: 'old' },
    { id: 3, owner: 'ann', name: 'given' },
    { id: 4, owner: 'ann', name: 'deleted' },
    { id: 5, owner: 'ann', name: 'replaced' },
    { id: 6, owner: 'ann', name: 'lower' },
  ];
  const after = [
    { id: 6, owner: 'Ann', name: 'LOWER' },
    { id: 7, owner: 'Ann', name: 'Made' },
    { id: 8, owner: 'ann', name: 'replaced' },
    { id: 3, owner: 'Ben', name: 'given' },
    { id: 2, owner: 'ann', name: 'New' },
    { id: 1, owner: 'Ann', name: 'Same' },
  ];
  t.same(moved(before, after), {
    renamed: [
      { id: 3, from: 'ann/given.git', to: 'ben/given.git' },
      { id: 2, from: 'ann/old.git', to: 'ann/new.git' },
    ],
    deleted: [
      { id: 4, path: 'ann/deleted.git' },
      { id: 5, path: 'ann/replaced.git' },
    ],
    made: [
      { id: 7, path: 'ann/made.git' },
      { id: 8, path: 'ann/replaced.git' },
    ],
    again: ['made', 'new', 'replaced']
      .flatMap((name) => [`ann/${name}.git`, `ann/${name}.wiki.git`])
      .concat('ben/given.git', 'ben/given.wiki.git'),
  });
  t.same(moved(before, before), { renamed: [], deleted: [], made: [], again: [] });
  t.end();
});

t.test('directories without a row, and rows without a directory', (t) => {
  const root = t.testdir();
  for (const path of ['ann/a.git', 'ann/a.wiki.git', 'ann/Upper.git', 'ann/left.git', 'ben/x.wiki.git', 'ann/notes']) {
    mkdirSync(`${root}/${path}`, { recursive: true });
  }
  writeFileSync(`${root}/ann/file.git`, '');
  const rows = [
    { owner: 'Ann', name: 'A' },
    { owner: 'ann', name: 'Upper' },
    { owner: 'ben', name: 'lost' },
  ];
  t.same(strangers(root, rows), {
    strangers: ['ann/Upper.git', 'ann/left.git', 'ben/x.wiki.git'],
    missing: ['ann/upper.git', 'ben/lost.git'],
  });
  t.same(strangers(`${root}/none`, rows.slice(0, 1)), { strangers: [], missing: ['ann/a.git'] });
  t.end();
});

/** As far ahead that nothing made by then counts as new, and no further: times of files cannot be set, so the limit moves. */
function limitAfter(path: string): number {
  const { ctimeMs } = statSync(path);
  const probe = `${path}.probe`;
  do writeFileSync(probe, '');
  while (statSync(probe).ctimeMs <= ctimeMs);
  return statSync(probe).ctimeMs + 3000;
}

t.test('files that came, changed or were moved in since a moment, and no others', async (t) => {
  const work = t.testdir({
    lfs: { '00': { '11': { old: 'x' } }, '01': { '02': { gone: 'x' } }, tmp: {} },
    packages: { aa: { bb: { blob: 'x' }, direct: 'x' } },
    logs: { 'of-a-task': 'x' },
  });
  const roots = ['lfs', 'packages', 'logs', 'none'].map((name) => `${work}/${name}`);
  t.equal((await newerFiles(roots, Date.now())).length, 5, 'what is too fresh to tell counts as new');
  const since = limitAfter(`${work}/logs`);
  t.same(await newerFiles(roots, since), []);

  writeFileSync(`${work}/lfs/tmp/upload-1`, 'x');
  renameSync(`${work}/lfs/tmp/upload-1`, `${work}/lfs/00/11/new`);
  utimesSync(`${work}/lfs/00/11/new`, 1e9, 1e9);
  mkdirSync(`${work}/lfs/03/04`, { recursive: true });
  writeFileSync(`${work}/lfs/03/04/newer`, 'x');
  writeFileSync(`${work}/lfs/tmp/upload-2`, 'half');
  renameSync(`${work}/lfs/01/02/gone`, `${work}/lfs/01/elsewhere`);
  appendFileSync(`${work}/packages/aa/direct`, 'more');
  writeFileSync(`${work}/packages/b\u00e4r`, 'x');
  symlinkSync('/etc/hostname', `${work}/packages/link`);
  t.same(
    await newerFiles(roots, since),
    ['lfs/00/11/new', 'lfs/01/elsewhere', 'lfs/03/04/newer', 'packages/aa/direct', 'packages/b\u00e4r'].map(
      (path) => `${work}/${path}`,
    ),
  );
  t.ok(readdirSync(`${work}/lfs/tmp`).includes('upload-2'), 'an upload that is under way has no place yet');
});
