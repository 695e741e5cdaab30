import t from 'tap';
import type { Moved } from '../../../lib/core/generation.ts';
import { outdated, placements, renamedSince, torn } from '../../../lib/jobs/restore/files/placement.ts';

const row = (id: number, path: string) => {
  const [owner = '', name = ''] = path.split('/');
  return { id, owner, name, empty: false };
};

/** What has to be renamed. Rows are ids with names of the recovered database, of the restore point, and what was renamed while files were read. */
function placed(
  rows: Record<number, string>,
  atPoint: Record<number, string>,
  there: readonly string[],
  renamed: Moved['renamed'] = [],
) {
  const list = (all: Record<number, string>) => Object.entries(all).map(([id, path]) => row(Number(id), path));
  const moved = { renamed, deleted: [], made: [] };
  return placements(list(rows), list(atPoint), moved, (path) => there.includes(path)).map(({ from, to }) => [from, to]);
}

t.test('what lies under its name stays', async (t) => {
  t.same(placed({ 1: 'ann/a' }, { 1: 'ann/a' }, ['ann/a.git']), []);
  t.same(
    placed({ 1: 'ann/a', 2: 'ann/new' }, { 1: 'ann/a' }, ['ann/a.git', 'ann/new.git']),
    [],
    'nor what was made later',
  );
});

t.test('one that was renamed while the files were read gets the name that the database has', async (t) => {
  const renamed = [{ id: 1, from: 'ann/a.git', to: 'ann/b.git' }];
  t.same(placed({ 1: 'ann/a' }, { 1: 'ann/a' }, ['ann/b.git'], renamed), [['ann/b.git', 'ann/a.git']]);
  t.same(
    placed({ 1: 'ann/a' }, { 1: 'ann/a' }, ['ann/a.git', 'ann/b.git'], renamed),
    [['ann/b.git', 'ann/a.git']],
    'the old name is what the whole generation had of it',
  );
  t.same(placed({ 1: 'ann/a' }, { 1: 'ann/a' }, ['ann/a.git'], renamed), [], 'read before it was renamed');
});

t.test('at an earlier moment it has the name that it had then', async (t) => {
  t.same(placed({ 1: 'ann/old' }, { 1: 'ann/a' }, ['ann/a.git']), [['ann/a.git', 'ann/old.git']]);
});

t.test('two that changed places change back', async (t) => {
  const moves = placed({ 1: 'ann/a', 2: 'ann/b' }, { 1: 'ann/b', 2: 'ann/a' }, ['ann/a.git', 'ann/b.git']);
  t.same(moves, [
    ['ann/b.git', 'ann/a.git'],
    ['ann/a.git', 'ann/b.git'],
  ]);
});

t.test('a name that another one has taken meanwhile is not taken for it', async (t) => {
  const renamed = [
    { id: 1, from: 'ann/a.git', to: 'ann/b.git' },
    { id: 2, from: 'ann/c.git', to: 'ann/a.git' },
  ];
  const names = { 1: 'ann/a', 2: 'ann/c' };
  t.same(placed(names, names, ['ann/a.git'], renamed), [['ann/a.git', 'ann/c.git']]);
});

t.test('one that has no files is left to be told', async (t) => {
  t.same(placed({ 1: 'ann/a' }, { 1: 'ann/b' }, []), []);
});

t.test('refs and wiki follow the name', async (t) => {
  const names = renamedSince(
    [row(1, 'ann/a'), row(2, 'ann/same'), row(3, 'ann/new')],
    [row(1, 'ann/b'), row(2, 'ann/same')],
  );
  t.same(
    [...names],
    [
      ['ann/b.git', 'ann/a.git'],
      ['ann/b.wiki.git', 'ann/a.wiki.git'],
    ],
  );
});

t.test(
  'at an earlier moment as well: where it was read, else where it was at the restore point, if no other is there',
  async (t) => {
    const renamed = [{ id: 1, from: 'ann/a.git', to: 'ann/b.git' }];
    const [rows, point] = [{ 1: 'ann/old' }, { 1: 'ann/a' }];
    t.same(placed(rows, point, ['ann/a.git', 'ann/b.git'], renamed), [['ann/b.git', 'ann/old.git']]);
    t.same(placed(rows, point, ['ann/a.git'], renamed), [['ann/a.git', 'ann/old.git']]);
    const taken = [...renamed, { id: 2, from: 'ann/c.git', to: 'ann/a.git' }];
    t.same(placed({ ...rows, 2: 'ann/c' }, { ...point, 2: 'ann/c' }, ['ann/a.git'], taken), [
      ['ann/a.git', 'ann/c.git'],
    ]);
  },
);

t.test(
  'what the whole generation had of one that has been renamed or deleted since is told from what nobody knows',
  (t) => {
    const below = [row(1, 'ann/was'), row(2, 'ann/gone')];
    const paths = ['ann/was.git', 'ann/was.wiki.git', 'ann/gone.git', 'ann/odd.git', 'ann/odd.wiki.git'];
    t.same([...outdated(paths, below)], ['ann/was.git', 'ann/was.wiki.git', 'ann/gone.git']);
    t.same([...outdated(paths, [])], [], 'one without a whole generation below it has nothing of the kind');
    t.end();
  },
);

t.test('what was deleted while it was read may be half of it, unless the generation below has it', async (t) => {
  const deleted = [
    { id: 1, path: 'ann/a.git' },
    { id: 2, path: 'ann/b.git' },
  ];
  const moved = { renamed: [], deleted, made: [] };
  const rows = [row(1, 'ann/a'), row(2, 'ann/b'), row(3, 'ann/c')];
  t.same(torn(rows, moved, [row(1, 'ann/a')]), ['ann/b.git', 'ann/b.wiki.git']);
  t.same(torn(rows, moved, [row(1, 'ann/before'), row(2, 'ann/b')]), [], 'under whatever name');
  t.same(torn([row(2, 'ann/old')], moved, []), ['ann/old.git', 'ann/old.wiki.git'], 'by the name of the database');
  t.same(torn([row(9, 'ann/b')], moved, []), [], 'another one that had its name before is whole');
  t.same(torn(rows, { ...moved, deleted: [] }, []), []);
});
