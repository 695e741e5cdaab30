// The scripts for git themselves, with git.
import { execFileSync } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import t from 'tap';
import { trusting } from '../../../lib/jobs/restore/files/git.ts';
import { layScript, lookScript, readLook } from '../../../lib/jobs/restore/repository/git.ts';
import { updates } from '../../../lib/jobs/restore/repository/refs.ts';
import { bare, commit, git, gitEnvironment, ref } from './repositories.ts';

const oid = 'ab'.repeat(32);
const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize 12345\n`;

/** In a room of its own for what the container has alone. */
function sh(t: { testdir: () => string }, script: string, input = '') {
  const home = t.testdir();
  const env = { ...gitEnvironment, HOME: home, GIT_CONFIG_GLOBAL: `${home}/config` };
  try {
    const words = ['-c', `${trusting}\n${script.replaceAll('/tmp/', `${home}/`)}`];
    return { code: 0, said: execFileSync('sh', words, { env, input, encoding: 'latin1', stdio: 'pipe' }) };
  } catch (error) {
    const { status, stdout } = error as { status: number; stdout: string };
    return { code: status, said: stdout };
  }
}

function withFile(directory: string, name: string, content: string): string {
  const blob = git(directory, ['hash-object', '-w', '--stdin'], content).trim();
  const tree = git(directory, ['mktree'], `100644 blob ${blob}\t${name}\n`).trim();
  const made = git(directory, ['commit-tree', tree, '-m', name]).trim();
  ref(directory, `refs/heads/${name}`, made);
  return blob;
}

t.test('pointers of LFS are found in what a ref leads to, and nothing that looks like one', (t) => {
  const directory = bare(t.testdir(), 'a/b.git');
  withFile(directory, 'large', pointer);
  withFile(directory, 'text', `about pointers:\n\n  ${pointer}`.padEnd(200, '.'));
  withFile(directory, 'zeros', '\0'.repeat(500));
  withFile(directory, 'long', pointer.padEnd(1100, '#'));
  const { code, said } = sh({ testdir: () => `${directory}/..` }, lookScript(directory));
  t.equal(code, 0);
  t.same(readLook(said), [{ oid, size: 12345 }]);
  t.end();
});

t.test('what is missing makes it fail: a file as well as a folder', (t) => {
  const room = t.testdir({ home: {} });
  const directory = bare(room, 'a/b.git');
  const blob = withFile(directory, 'one', 'content');
  const tree = git(directory, ['rev-parse', 'refs/heads/one^{tree}']).trim();
  const looked = () => sh({ testdir: () => `${room}/home` }, lookScript(directory)).code;
  t.equal(looked(), 0);
  for (const hash of [blob, tree]) {
    const file = `${directory}/objects/${hash.slice(0, 2)}/${hash.slice(2)}`;
    renameSync(file, `${file}.away`);
    t.not(looked(), 0);
    renameSync(`${file}.away`, file);
    rmSync(`${room}/home/failed`);
    t.equal(looked(), 0);
  }
  t.end();
});

t.test(
  'refs go back in one step: objects come along, what was is kept and hidden, and a push meanwhile stops all of it',
  (t) => {
    const room = t.testdir({ home: {} });
    const home = { testdir: () => `${room}/home` };
    const live = bare(room, 'a/live.git');
    const kept = bare(room, 'a/kept.git');
    const was = git(live, ['rev-parse', 'main']).trim();
    const back = commit(kept, 'only there');
    ref(kept, 'refs/heads/main', back);
    ref(kept, 'refs/heads/feature', back);
    const changes = [
      { ref: 'refs/heads/feature', to: back },
      { ref: 'refs/heads/main', from: was, to: back },
    ];
    const moved = [changes[0]!, { ref: 'refs/heads/main', from: back, to: back }];
    t.equal(sh(home, layScript(live, kept), updates(moved, 'S').toString()).code, 3);
    t.equal(git(live, ['for-each-ref', '--format=%(refname)']).trim(), 'refs/heads/main', 'nothing has changed');
    for (let round = 0; round < 2; round++) {
      const { code } = sh(home, layScript(live, kept), round === 0 ? updates(changes, 'S').toString() : '');
      t.equal(code, 0);
      t.same(git(live, ['for-each-ref', '--format=%(refname) %(objectname)']).trim().split('\n'), [
        `refs/before-restore/S/heads/main ${was}`,
        `refs/heads/feature ${back}`,
        `refs/heads/main ${back}`,
      ]);
    }
    t.notMatch(git(room, ['ls-remote', live]), /before-restore|restoring/, 'clients do not see it');
    t.equal(git(live, ['config', '--get-all', 'transfer.hideRefs']).trim().split('\n').length, 2, 'said once');
    t.notOk(existsSync(`${live}/FETCH_HEAD`));
    t.end();
  },
);
