import t from 'tap';
import { align, type BranchRow, type RepositoryRefs, sentenceOf } from '../../../lib/jobs/backup/files/index.ts';

const commit = (digit: string) => digit.repeat(40);
const [one, two, three] = [commit('1'), commit('2'), commit('3')];

const repository = (path: string, refs: Record<string, string>): RepositoryRefs => ({
  path,
  head: 'ref: refs/heads/main',
  refs: new Map(Object.entries(refs)),
});

interface Case {
  readonly refs: Record<string, string>;
  /** Branches of the database. */
  readonly rows: Record<string, string>;
  readonly empty?: boolean;
  readonly missing?: readonly string[];
}

/** One repository after alignment, with what was done. */
function aligned({ refs, rows, empty = false, missing = [] }: Case) {
  const branches: BranchRow[] = Object.entries(rows).map(([name, value]) => ({ repository: 7, name, commit: value }));
  const found = align(
    [repository('ann/a.git', refs)],
    { repositories: [{ id: 7, owner: 'Ann', name: 'A', empty }], branches },
    (_, value) => !missing.includes(value),
  );
  return {
    refs: Object.fromEntries(found.refs[0]!.refs),
    moves: found.moves.map(({ kind, ref, from, to }) => [kind, ref, from, to]),
  };
}

t.test('branches become what the database has', (t) => {
  const found = aligned({
    refs: {
      'refs/heads/main': two,
      'refs/heads/pushed': three,
      'refs/heads/same': one,
      'refs/pull/1/head': three,
      'refs/tags/v1': three,
    },
    rows: { main: one, same: one, deleting: two, 'b\u00e4r': two },
  });
  t.same(found.refs, {
    'refs/heads/main': one,
    'refs/heads/same': one,
    'refs/pull/1/head': three,
    'refs/tags/v1': three,
    'refs/heads/deleting': two,
    'refs/heads/b\u00c3\u00a4r': two,
  });
  t.same(found.moves, [
    ['deleted', 'refs/heads/pushed', three, undefined],
    ['set', 'refs/heads/main', two, one],
    ['made', 'refs/heads/deleting', undefined, two],
    ['made', 'refs/heads/b\u00c3\u00a4r', undefined, two],
  ]);
  t.end();
});

t.test('a row whose commit is missing leaves what the files have, and is told', (t) => {
  const found = aligned({
    refs: { 'refs/heads/main': two },
    rows: { main: one, other: three, odd: 'none', 'bad name': two },
    missing: [one, three],
  });
  t.same(found.refs, { 'refs/heads/main': two });
  t.same(found.moves, [
    ['lost', 'refs/heads/main', two, one],
    ['lost', 'refs/heads/other', undefined, three],
    ['lost', 'refs/heads/odd', undefined, 'none'],
    ['lost', 'refs/heads/bad name', undefined, two],
  ]);
  t.end();
});

t.test('no branch is deleted where Gitea has not written down its branches yet', (t) => {
  const refs = { 'refs/heads/main': two, 'refs/heads/dev': two };
  t.same(aligned({ refs, rows: {} }), {
    refs,
    moves: [
      ['unsynced', 'refs/heads/main', two, undefined],
      ['unsynced', 'refs/heads/dev', two, undefined],
    ],
  });
  t.same(aligned({ refs, rows: { main: one }, empty: true }), {
    refs: { ...refs, 'refs/heads/main': one },
    moves: [
      ['unsynced', 'refs/heads/dev', two, undefined],
      ['set', 'refs/heads/main', two, one],
    ],
  });
  t.same(aligned({ refs: {}, rows: {}, empty: true }), { refs: {}, moves: [] });
  t.end();
});

t.test('a branch whose name no database can hold stays', (t) => {
  const refs = { 'refs/heads/b\u00e4r': one, 'refs/heads/main': one };
  t.same(aligned({ refs, rows: { main: one } }), { refs, moves: [['unnamed', 'refs/heads/b\u00e4r', one, undefined]] });
  t.end();
});

t.test('a name that was a folder becomes a branch, unless what is in the folder stays', (t) => {
  t.same(aligned({ refs: { 'refs/heads/x/y': one }, rows: { x: two } }), {
    refs: { 'refs/heads/x': two },
    moves: [
      ['deleted', 'refs/heads/x/y', one, undefined],
      ['made', 'refs/heads/x', undefined, two],
    ],
  });
  const [kind, name] = ['unsynced', 'refs/heads/x/y'];
  t.same(aligned({ refs: { [name]: one }, rows: { x: two }, empty: true }), {
    refs: { [name]: one },
    moves: [
      [kind, name, one, undefined],
      ['blocked', 'refs/heads/x', undefined, two],
    ],
  });
  t.same(aligned({ refs: { 'refs/heads/x': one }, rows: { 'x/y/z': two }, empty: true }).moves[1], [
    'blocked',
    'refs/heads/x/y/z',
    undefined,
    two,
  ]);
  t.end();
});

t.test('wikis and what has no row are left alone, and rows go to the repository of their id', (t) => {
  const list = ['ann/a.git', 'ann/a.wiki.git', 'ann/b.git', 'ann/stranger.git'].map((path) =>
    repository(path, { 'refs/heads/main': one }),
  );
  const rows = {
    repositories: [
      { id: 1, owner: 'Ann', name: 'a', empty: false },
      { id: 2, owner: 'ann', name: 'B', empty: false },
      { id: 3, owner: 'ann', name: 'a.wiki', empty: false },
    ],
    branches: [
      { repository: 1, name: 'main', commit: one },
      { repository: 2, name: 'main', commit: two },
      { repository: 3, name: 'main', commit: three },
    ],
  };
  const asked: [string, string][] = [];
  const found = align(list, rows, (path, value) => {
    asked.push([path, value]);
    return true;
  });
  t.same(asked, [['ann/b.git', two]], 'only what differs is asked for');
  t.same(
    found.refs.map(({ refs }) => refs.get('refs/heads/main')),
    [one, one, two, one],
  );
  t.same(list[2]!.refs.get('refs/heads/main'), one, 'what was given is not changed');
  t.end();
});

t.test('each move reads as a sentence', (t) => {
  const move = { repository: 'ann/a.git', ref: 'refs/heads/b\u00c3\u00a4r', from: one, to: two } as const;
  t.match(sentenceOf({ ...move, kind: 'set' }), 'ann/a.git: branch b\u00e4r set from 1111111111 to 2222222222');
  t.match(sentenceOf({ ...move, kind: 'lost' }), 'stays at 1111111111: the database has it at 2222222222');
  const { from: _, ...without } = move;
  t.match(sentenceOf({ ...without, kind: 'lost' }), 'is not there: the database has it at 2222222222');
  t.match(sentenceOf({ ...without, kind: 'made' }), 'made at 2222222222');
  t.end();
});
