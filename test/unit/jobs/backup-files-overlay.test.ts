import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { overlay, parseRefs, type RepositoryRefs, scan } from '../../../lib/jobs/backup/files/index.ts';
import { packedRefs } from '../../../lib/jobs/backup/files/write-refs.ts';
import { bare, commit, git, ref, told } from './repositories.ts';

/** Whoever runs the tests may give files to nobody else. */
const owner = { uid: process.getuid!(), gid: process.getgid!() };
const refsOf = async (root: string): Promise<RepositoryRefs[]> => [...parseRefs((await scan(root)).refs)];

/** How git finds a repository: nothing, or its complaint. */
function fsck(directory: string): string {
  try {
    git(directory, ['fsck', '--full', '--strict', '--no-dangling', '--no-progress']);
    return '';
  } catch (error) {
    return String((error as { stderr: string }).stderr);
  }
}

t.test(
  'a repository that was pushed to while it was copied is broken, and sound under the refs of before',
  async (t) => {
    const work = t.testdir();
    const live = bare(`${work}/live`, 'ann/a.git');
    const first = git(live, ['rev-parse', 'main']).trim();
    git(live, ['tag', '-a', '-m', 'one', 'v1', first]);
    ref(live, 'refs/pull/1/head', first);
    const list = await refsOf(`${work}/live`);
    const want = told(live, 'ann/a.git');

    // A backup reads in the order of names: objects, then a push comes, then packed-refs and refs.
    const copy = `${work}/copy/ann/a.git`;
    mkdirSync(copy, { recursive: true });
    for (const name of ['HEAD', 'config', 'objects']) cpSync(`${live}/${name}`, `${copy}/${name}`, { recursive: true });
    const second = commit(live, 'two', first);
    ref(live, 'refs/heads/main', second);
    ref(live, 'refs/heads/other', second);
    git(live, ['tag', '-a', '-m', 'two', 'v2', second]);
    git(live, ['pack-refs', '--all', '--prune']);
    ref(live, 'refs/heads/main', commit(live, 'three', second));
    for (const name of ['packed-refs', 'refs']) cpSync(`${live}/${name}`, `${copy}/${name}`, { recursive: true });
    t.match(fsck(copy), /invalid sha1 pointer/);

    t.same(await overlay(`${work}/copy`, list, owner), { changed: ['ann/a.git'], unlisted: [], missing: [] });
    t.equal(fsck(copy), '');
    t.equal(told(copy, 'ann/a.git'), want);
    t.equal(
      git(copy, ['show-ref', '-d', '--tags']).split('\n')[1],
      `${first} refs/tags/v1^{}`,
      'a tag still stands for a commit',
    );
    t.equal(git(copy, ['describe', 'main']).trim(), 'v1');
  },
);

t.test('the refs become exactly those of the list, whatever was there', async (t) => {
  const work = t.testdir();
  const root = `${work}/repositories`;
  const a = bare(root, 'ann/a.git');
  const first = git(a, ['rev-parse', 'main']).trim();
  ref(a, 'refs/heads/b\xe4r', first);
  ref(a, 'refs/heads/x/y', first);
  ref(a, 'refs/heads/a-b', first);
  ref(a, 'refs/heads/a.b', first);
  ref(a, 'refs/heads/a0', first);
  git(a, ['symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/heads/main']);
  git(a, ['tag', '-a', '-m', 'one', 'v1', first]);
  git(bare(root, 'ann/d.git'), ['update-ref', '--no-deref', 'HEAD', '@']);
  bare(root, 'ann/a.wiki.git');
  bare(root, 'ann/same.git');
  git(`${root}/ann/same.git`, ['pack-refs', '--all', '--prune']);
  const list = await refsOf(root);
  const paths = list.map(({ path }) => path);
  const want = paths.map((path) => told(`${root}/${path}`, path));
  const untouched = statSync(`${root}/ann/same.git/packed-refs`).mtimeMs;

  ref(a, 'refs/heads/x/y', '');
  ref(a, 'refs/heads/x', first);
  ref(a, 'refs/heads/new/and/deep', first);
  ref(a, 'refs/heads/b\xe4r', commit(a, 'other', first));
  git(a, ['pack-refs', '--all', '--prune']);
  ref(a, 'refs/heads/later', first);
  ref(a, 'refs/heads/loose/and/deep', first);
  git(a, ['symbolic-ref', 'HEAD', 'refs/heads/later']);
  writeFileSync(`${a}/refs/heads/notes.txt~`, '');
  mkdirSync(`${work}/elsewhere`);
  writeFileSync(`${work}/elsewhere/kept`, '');
  symlinkSync(`${work}/elsewhere`, `${a}/refs/heads/link`);
  git(`${root}/ann/d.git`, ['symbolic-ref', 'HEAD', 'refs/heads/main']);
  rmSync(`${root}/ann/a.wiki.git/refs`, { recursive: true });
  bare(root, 'ben/stranger.git');
  const stranger = told(`${root}/ben/stranger.git`, 'ben/stranger.git');

  const lost = { path: 'ben/lost.git', head: 'ref: refs/heads/main', refs: new Map() };
  const found = await overlay(root, [...list, lost], owner);
  t.same(found, {
    changed: ['ann/a.git', 'ann/a.wiki.git', 'ann/d.git'],
    unlisted: ['ben/stranger.git'],
    missing: ['ben/lost.git'],
  });
  t.same(
    paths.map((path) => told(`${root}/${path}`, path)),
    want,
  );
  t.equal(told(`${root}/ben/stranger.git`, 'ben/stranger.git'), stranger);
  t.ok(existsSync(`${work}/elsewhere/kept`), 'a link is taken away, and not what it leads to');
  t.same(git(a, ['for-each-ref', 'refs/heads/link', 'refs/heads/new']), '');
  t.notOk(existsSync(`${a}/refs/heads/loose`), 'folders without a ref in them are gone');
  for (const path of paths) {
    for (const folder of ['refs/heads', 'refs/tags']) t.ok(existsSync(`${root}/${path}/${folder}`));
    t.equal(fsck(`${root}/${path}`), '');
  }
  t.equal(statSync(`${root}/ann/same.git/packed-refs`).mtimeMs, untouched, 'what is right is not written');
  t.same((await overlay(root, list, owner)).changed, [], 'a second call has nothing to do');
  ref(a, 'refs/heads/x/z', first);
  git(a, ['gc', '-q', '--prune=now']);
  t.equal(fsck(a), '', 'git works on with it');
});

t.test('what a killed git has left in the way is taken away, reflogs are not', async (t) => {
  const root = `${t.testdir()}/repositories`;
  const a = bare(root, 'ann/a.git');
  git(a, ['config', 'core.logAllRefUpdates', 'true']);
  ref(a, 'refs/heads/main', commit(a, 'two', git(a, ['rev-parse', 'main']).trim()));
  const list = await refsOf(root);
  const locks = [
    ...[
      'HEAD.lock',
      'config.lock',
      'packed-refs.lock',
      'packed-refs.new',
      'gc.pid',
      'objects/pack/multi-pack-index.lock',
    ],
    ...['refs/heads/main.lock', 'refs/heads/gone.lock', 'logs/refs/heads/main.lock', 'objects/info/commit-graph.lock'],
  ];
  for (const lock of locks) writeFileSync(`${a}/${lock}`, '');
  t.throws(() => ref(a, 'refs/heads/main', git(a, ['rev-parse', 'main~']).trim()), /main\.lock/);
  const log = readFileSync(`${a}/logs/refs/heads/main`, 'utf8');

  await overlay(root, list, owner);
  t.same(
    locks.filter((lock) => existsSync(`${a}/${lock}`)),
    [],
  );
  t.equal(readFileSync(`${a}/logs/refs/heads/main`, 'utf8'), log);
  ref(a, 'refs/heads/main', git(a, ['rev-parse', 'main~']).trim());
  t.equal(fsck(a), '');
});

t.test('each way to differ is seen by itself', async (t) => {
  const root = `${t.testdir()}/repositories`;
  const names = ['another value', 'another name', 'another HEAD', 'one more', 'no folder of refs', 'not a ref'];
  const directories = names.map((_, index) => bare(root, `ann/${index}.git`));
  for (const directory of directories) git(directory, ['pack-refs', '--all', '--prune']);
  const [value, name, head, more, folder, litter] = directories as [string, string, string, string, string, string];
  const list = await refsOf(root);
  t.same((await overlay(root, list, owner)).changed, []);
  const want = directories.map((directory) => told(directory, ''));

  const first = git(value, ['rev-parse', 'main']).trim();
  ref(value, 'refs/heads/main', commit(value, 'two', first));
  git(name, ['branch', '-m', 'main', 'other']);
  git(name, ['symbolic-ref', 'HEAD', 'refs/heads/main']);
  git(head, ['symbolic-ref', 'HEAD', 'refs/heads/other']);
  git(more, ['branch', 'more', 'main']);
  rmSync(`${folder}/refs`, { recursive: true });
  writeFileSync(`${litter}/refs/heads/two words`, '');

  const backwards = list.map((repository) => ({ ...repository, refs: new Map([...repository.refs].reverse()) }));
  const { changed } = await overlay(root, backwards, owner);
  t.same(
    changed.map((path) => names[Number(path[4])]),
    names,
  );
  t.same(
    directories.map((directory) => told(directory, '')),
    want,
  );
  t.notOk(existsSync(`${litter}/refs/heads/two words`));
});

t.test('names come to packed-refs in the order in which git looks for them', (t) => {
  const value = 'a'.repeat(40);
  const names = [
    'refs/tags/v1',
    'refs/heads/a0',
    'refs/heads/a/b',
    'refs/heads/\xe4',
    'refs/heads/a-b',
    'refs/heads/Z',
  ];
  const lines = packedRefs(
    new Map([...names, 'refs/remotes/o/HEAD'].map((name, at) => [name, at < 6 ? value : 'ref: refs/heads/Z'])),
  );
  t.same(lines.split('\n'), [
    '# pack-refs with: sorted ',
    ...['Z', 'a-b', 'a/b', 'a0', '\xe4'].map((name) => `${value} refs/heads/${name}`),
    `${value} refs/tags/v1`,
    '',
  ]);
  t.end();
});
