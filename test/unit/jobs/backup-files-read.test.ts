import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { parseRefs, scan } from '../../../lib/jobs/backup/files/index.ts';
import { bare, commit, git, ref, told } from './repositories.ts';

const textOf = async (root: string) => (await scan(root)).refs.toString('latin1');

t.test('the refs of every repository are what git says, whatever shape they are in', async (t) => {
  const root = t.testdir();
  const directory = bare(root, 'ann/shapes.git');
  const first = commit(directory, 'first');
  const second = commit(directory, 'second', first);
  ref(directory, 'refs/heads/feature/with/slashes', first);
  ref(directory, 'refs/heads/b\xe4r', first);
  ref(directory, 'refs/heads/ends./inside', first);
  ref(directory, 'refs/pull/1/head', first);
  ref(directory, 'refs/heads/gone', first);
  git(directory, ['tag', '-a', '-m', 'one', 'v1', second]);
  git(directory, ['pack-refs', '--all', '--prune']);
  ref(directory, 'refs/heads/gone', '');
  ref(directory, 'refs/heads/main', second);
  ref(directory, 'refs/pull/2/head', second);
  ref(directory, 'refs/heads/ends./loose', second);
  ref(directory, 'refs/heads/a-b', second);
  ref(directory, 'refs/heads/a.b', second);
  ref(directory, 'refs/heads/a0', second);
  git(directory, ['tag', '-a', '-m', 'two', 'v2', second]);
  git(directory, ['symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/heads/main']);

  const detached = bare(root, 'ann/detached.git');
  git(detached, ['update-ref', '--no-deref', 'HEAD', git(detached, ['rev-parse', 'refs/heads/main']).trim()]);
  bare(root, 'ann/shapes.wiki.git');
  bare(root, 'ann-x/.profile.git');
  mkdirSync(`${root}/ben/empty.git`, { recursive: true });
  git(`${root}/ben/empty.git`, ['init', '-q', '--bare', '-b', 'trunk', '.']);

  mkdirSync(`${root}/ben/sha256.git`, { recursive: true });
  git(`${root}/ben/sha256.git`, ['init', '-q', '--bare', '--object-format=sha256', '-b', 'main', '.']);
  ref(`${root}/ben/sha256.git`, 'refs/heads/main', commit(`${root}/ben/sha256.git`, 'long'));

  const paths = [
    'ann-x/.profile.git',
    'ann/detached.git',
    'ann/shapes.git',
    'ann/shapes.wiki.git',
    'ben/empty.git',
    'ben/sha256.git',
  ];
  const found = await scan(root);
  t.equal(found.refs.toString('latin1'), paths.map((path) => told(`${root}/${path}`, path)).join(''));
  t.equal(found.repositories, 6);
  t.same(found.changed, paths);
  t.same(found.degraded, []);
  t.same(
    [...parseRefs(found.refs)].map(({ path }) => path),
    paths,
  );
});

t.test('what is no ref is not taken for one', async (t) => {
  const root = t.testdir();
  const directory = bare(root, 'ann/a.git');
  const want = told(directory, 'ann/a.git');
  const value = git(directory, ['rev-parse', 'main']);
  for (const name of ['main.lock', '.hidden', 'two words', 'new\nline']) {
    writeFileSync(`${directory}/refs/heads/${name}`, value);
  }
  mkdirSync(`${root}/ann/half.git/refs`, { recursive: true });
  mkdirSync(`${root}/ann/notes`);
  writeFileSync(`${root}/README`, '');
  const found = await scan(root);
  t.equal(found.refs.toString('latin1'), want);
  t.same(found.degraded, [], 'one that is being made is no news');
  symlinkSync(directory, `${root}/ann/link.git`);
  mkdirSync(`${root}/ann/odd name.git`);
  t.same((await scan(root)).degraded.toSorted(), [
    'ann/link.git is a symbolic link: what it leads to is not saved',
    'ann/odd name.git has a name that Gitea gives to no repository: its refs are not saved apart',
  ]);
});

t.test('what cannot be read is told, and costs nothing else', async (t) => {
  const root = t.testdir();
  const good = bare(root, 'ann/good.git');
  const reftable = bare(root, 'ann/reftable.git');
  git(reftable, ['config', 'extensions.refStorage', 'reftable']);
  const cut = bare(root, 'ann/cut.git');
  const value = git(cut, ['rev-parse', 'main']).trim();
  ref(cut, 'refs/heads/other', value);
  git(cut, ['pack-refs', '--all', '--prune']);
  writeFileSync(`${cut}/refs/heads/zeroed`, '');
  writeFileSync(
    `${cut}/packed-refs`,
    `# pack-refs with: peeled fully-peeled sorted \n${value} refs/heads/main\n${value} refs/heads/oth`,
  );
  t.equal(git(good, ['config', 'core.bare']).trim(), 'true');

  const found = await scan(root);
  t.equal(
    found.refs.toString('latin1'),
    `repository ann/cut.git\nHEAD ref: refs/heads/main\n${value} refs/heads/main\n${told(good, 'ann/good.git')}`,
  );
  t.same(found.degraded, [
    'ann/cut.git has a broken ref refs/heads/zeroed: what is in its file is no commit',
    'ann/cut.git has a broken packed-refs: only the lines that could be read are saved',
    'ann/reftable.git keeps its refs as a reftable, which this backup cannot read: its refs are not saved apart',
  ]);
  const settled = await scan(root, undefined, () => Date.now() + 60_000);
  const again = await scan(root, settled);
  t.same(again.degraded, found.degraded, 'and again by each later scan');
  t.same(again.changed, ['ann/cut.git', 'ann/reftable.git'], 'what is not understood counts as changed');
});

t.test(
  'a repository that vanishes in the middle of a scan is left out, and one that has lost its HEAD is told',
  async (t) => {
    const root = t.testdir();
    const later = () => Date.now() + 60_000;
    for (const path of ['ann/a.git', 'ann/b.git', 'ann/c.git']) bare(root, path);
    const before = await scan(root, undefined, later);
    rmSync(`${root}/ann/c.git/HEAD`);
    // Their names have been read when the call comes back, and none of them has been opened.
    const running = scan(root, before, later);
    rmSync(`${root}/ann/b.git`, { recursive: true });
    const found = await running;
    t.equal(found.refs.toString('latin1'), told(`${root}/ann/a.git`, 'ann/a.git'));
    t.same(found.gone, ['ann/b.git']);
    t.same(found.degraded, [
      'ann/c.git has no HEAD that git would take: it is no repository to git, and its refs are not saved apart',
    ]);
  },
);

t.test('a folder of repositories that is not there is an error, and not an empty backup', async (t) => {
  await t.rejects(textOf(`${t.testdir()}/none`), { code: 'ENOENT' });
});
