import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import t, { type Test } from 'tap';
import { sha256 } from '../../../lib/core/hash.ts';
import { type Before, type Scan, scan } from '../../../lib/jobs/backup/files/index.ts';
import { bare, commit, git, ref, told } from './repositories.ts';

/** So late that no change is too fresh to be trusted. */
const later = () => Date.now() + 60_000;

/** Until a change bears another time than the last one: the file system's clock ticks a few hundred times a second. */
function pastTick(directory: string): void {
  const probe = `${directory}/tick`;
  writeFileSync(probe, '');
  const { mtimeNs } = statSync(probe, { bigint: true });
  do writeFileSync(probe, '');
  while (statSync(probe, { bigint: true }).mtimeNs === mtimeNs);
}

/** As it comes back from the disk. */
const kept = ({ seen, refs }: Scan): Before => ({ seen: JSON.parse(JSON.stringify(seen)), refs });

/** Some repositories that have been scanned, and a clone of one. */
async function scene(t: Test) {
  const work = t.testdir();
  const root = `${work}/repositories`;
  const a = bare(root, 'ann/a.git');
  const first = git(a, ['rev-parse', 'main']).trim();
  ref(a, 'refs/heads/feature/deep/one', first);
  ref(a, 'refs/pull/1/head', first);
  git(a, ['tag', '-a', '-m', 'one', 'v1', first]);
  for (const path of ['ann/b.git', 'ann/b.wiki.git', 'ben/c.git', 'ben/d.git']) bare(root, path);
  const clone = `${work}/clone`;
  git(work, ['clone', '-q', a, clone]);
  pastTick(work);
  let before = kept(await scan(root, undefined, later));
  return {
    ...{ work, root, a, first, clone },
    /** What an operation is noticed as. What the incremental scan read is compared with a full one each time. */
    after: async (operation: () => void): Promise<{ changed: readonly string[]; gone: readonly string[] }> => {
      operation();
      pastTick(work);
      const found = await scan(root, before, later);
      const full = await scan(root);
      t.equal(
        found.refs.toString('latin1'),
        full.refs.toString('latin1'),
        'an incremental scan ends with the same text',
      );
      t.equal(found.repositories, full.repositories);
      before = kept(found);
      return { changed: found.changed, gone: found.gone };
    },
  };
}

t.test('every operation on a repository is noticed as a change of it, and of no other', async (t) => {
  const { root, a, first, clone, after, work } = await scene(t);
  const push = (...args: string[]) => git(clone, ['push', '-q', 'origin', ...args]);
  const operations: Record<string, () => void> = {
    'a push of a new commit': () => {
      git(clone, ['commit', '-q', '--allow-empty', '-m', '2']);
      push('main');
    },
    'a push of a new branch': () => {
      git(clone, ['commit', '-q', '--allow-empty', '-m', '3']);
      push('HEAD:refs/heads/new');
    },
    'a push of a commit that is there': () => push(`${first}:refs/heads/again`),
    'a push into a folder of branches': () => push(`${first}:refs/heads/feature/deep/two`),
    'a push that makes a folder of branches': () => push(`${first}:refs/heads/feature/deep/er/and/deeper`),
    'a forced push': () => push('-f', `${first}:main`),
    'a branch that is deleted': () => push(':again'),
    'the last branch of a folder that is deleted': () => push(':feature/deep/er/and/deeper'),
    'a tag that is pushed': () => push(`${first}:refs/tags/v2`),
    'a tag of a release, made on the host': () => git(a, ['tag', 'v3', first]),
    'a tag with a message, made on the host': () => git(a, ['tag', '-a', '-m', 'four', 'v4', first]),
    'a pull request': () => ref(a, 'refs/pull/2/head', first),
    'a push to a pull request': () => ref(a, 'refs/pull/1/head', commit(a, 'more', first)),
    'a branch that was moved on the host': () => ref(a, 'refs/heads/feature/deep/one', commit(a, 'merge', first)),
    'another default branch': () => git(a, ['symbolic-ref', 'HEAD', 'refs/heads/new']),
    'git pack-refs': () => git(a, ['pack-refs', '--all', '--prune']),
    'a packed branch that is deleted': () => ref(a, 'refs/heads/feature/deep/two', ''),
    'a packed branch that moves': () => ref(a, 'refs/heads/feature/deep/one', first),
    'a pack and nothing else': () => git(a, ['repack', '-a', '-n', '-q']),
    'git repack': () => git(a, ['repack', '-a', '-d', '-q']),
    'git gc': () => {
      commit(a, 'loose');
      git(a, ['gc', '-q', '--prune=now']);
    },
    'git config': () => git(a, ['config', 'receive.denyDeletes', 'false']),
    'a config that was edited': () =>
      writeFileSync(`${a}/config`, '[core]\n\tbare = true\n\trepositoryformatversion = 0\n'),
    'a config that says it is old': () => utimesSync(`${a}/config`, 1e9, 1e9),
    'a config that was edited and still says it is old': () => {
      writeFileSync(`${a}/config`, '[core]\n\tbare = true\n');
      utimesSync(`${a}/config`, 1e9, 1e9);
    },
    'a HEAD that was edited': () => writeFileSync(`${a}/HEAD`, 'ref: refs/heads/main\n'),
    'a packed-refs that was edited': () => writeFileSync(`${a}/packed-refs`, readFileSync(`${a}/packed-refs`)),
    'what Gitea says of who may see it': () => writeFileSync(`${a}/git-daemon-export-ok`, ''),
    'an object that nothing refers to yet': () => {
      const before = readdirSync(`${a}/objects`).length;
      for (let text = 0; readdirSync(`${a}/objects`).length === before; text += 1) {
        git(a, ['hash-object', '-w', '--stdin'], String(text));
      }
    },
    'a hook': () => {
      mkdirSync(`${a}/hooks/update.d`);
      writeFileSync(`${a}/hooks/update.d/gitea`, '');
    },
    'a hook beside another': () => writeFileSync(`${a}/hooks/update.d/second`, ''),
    'what git update-server-info writes': () => {
      ref(a, 'refs/heads/x', first);
      git(a, ['update-server-info']);
    },
    'other objects borrowed': () => writeFileSync(`${a}/objects/info/alternates`, `${root}/ann/b.git/objects\n`),
    'another directory with the same content and times': () => {
      const { atime, mtime } = statSync(a);
      cpSync(a, `${work}/copy`, { recursive: true, preserveTimestamps: true });
      rmSync(a, { recursive: true });
      renameSync(`${work}/copy`, a);
      utimesSync(a, atime, mtime);
    },
  };
  for (const [name, operation] of Object.entries(operations)) {
    await t.test(name, async (t) => {
      t.same(await after(operation), { changed: ['ann/a.git'], gone: [] });
      t.same(await after(() => undefined), { changed: [], gone: [] }, 'and then no more');
    });
  }
  t.equal((await scan(root)).refs.toString('latin1').split('repository ann/b.git')[0], told(a, 'ann/a.git'));
});

t.test('what does not change a repository is not noticed', async (t) => {
  const { a, clone, after, work } = await scene(t);
  const operations: Record<string, () => void> = {
    nothing: () => undefined,
    'a clone': () => git(work, ['clone', '-q', a, 'second']),
    'a fetch': () => git(clone, ['fetch', '-q']),
    'git ls-remote': () => git(work, ['ls-remote', a]),
    'git gc that has nothing to do': () => git(a, ['gc', '-q', '--auto']),
  };
  for (const [name, operation] of Object.entries(operations)) {
    t.same(await after(operation), { changed: [], gone: [] }, name);
  }
});

t.test("repositories that come, go and take each other's names are noticed", async (t) => {
  const { root, after } = await scene(t);
  const move = (from: string, to: string) => renameSync(`${root}/${from}`, `${root}/${to}`);
  const cases: [string, () => void, string[], string[]][] = [
    ['made', () => bare(root, 'ann/new.git'), ['ann/new.git'], []],
    ['a first page of a wiki', () => bare(root, 'ann/a.wiki.git'), ['ann/a.wiki.git'], []],
    ['renamed', () => move('ann/new.git', 'ann/newer.git'), ['ann/newer.git'], ['ann/new.git']],
    ['given to another owner', () => move('ann/newer.git', 'ben/newer.git'), ['ben/newer.git'], ['ann/newer.git']],
    ['deleted', () => rmSync(`${root}/ben/newer.git`, { recursive: true }), [], ['ben/newer.git']],
    [
      'exchanged',
      () => {
        move('ben/c.git', 'ben/x');
        move('ben/d.git', 'ben/c.git');
        move('ben/x', 'ben/d.git');
      },
      ['ben/c.git', 'ben/d.git'],
      [],
    ],
    ['an owner renamed', () => move('ben', 'cat'), ['cat/c.git', 'cat/d.git'], ['ben/c.git', 'ben/d.git']],
    ['an owner deleted', () => rmSync(`${root}/cat`, { recursive: true }), [], ['cat/c.git', 'cat/d.git']],
  ];
  for (const [name, operation, changed, gone] of cases) {
    t.same(await after(operation), { changed, gone }, name);
  }
});

t.test('a change in the moment of a scan is not lost to a clock that ticks slowly', async (t) => {
  const root = `${t.testdir()}/repositories`;
  bare(root, 'ann/a.git');
  const fresh = await scan(root);
  t.same((await scan(root, kept(fresh))).changed, ['ann/a.git'], 'what has just changed counts as changed once more');
  const settled = await scan(root, kept(fresh), later);
  t.same((await scan(root, kept(settled))).changed, []);
});

t.test(
  'what is known of an unchanged repository is carried over, from the text that belongs to it alone',
  async (t) => {
    const root = `${t.testdir()}/repositories`;
    const a = bare(root, 'ann/a.git');
    bare(root, 'ann/b.git');
    const { refs, seen } = await scan(root, undefined, later);
    const value = git(a, ['rev-parse', 'main']).trim();
    const other = Buffer.from(refs.toString('latin1').replace(value, 'f'.repeat(40)), 'latin1');
    const carried = await scan(root, { refs: other, seen: { ...seen, refs: sha256(other) } });
    t.same([carried.changed, carried.refs.toString()], [[], other.toString()], 'nothing of it is read again');
    const torn = await scan(root, { refs: other, seen });
    t.same(
      [torn.changed, torn.refs.toString()],
      [['ann/a.git', 'ann/b.git'], refs.toString()],
      'another text is not believed',
    );
  },
);
