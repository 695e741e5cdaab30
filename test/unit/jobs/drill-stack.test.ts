// What a restored Gitea is started with, and how its repositories are looked at.
import { mkdirSync } from 'node:fs';
import t from 'tap';
import { gather } from '../../../lib/jobs/drill/findings.ts';
import { repositories } from '../../../lib/jobs/drill/repositories.ts';
import { removeScript, startScript } from '../../../lib/jobs/drill/stack-script.ts';
import { fails, manifestOf, played, says } from './backups.ts';

const id = '20261129T221503Z';

t.test('two containers that nothing gets into or out of, and that do not come back by themselves', async (t) => {
  const stack = { images: { gitea: 'gitea:1', postgres: 'postgres:18' }, access: '/hba', settings: '/ini', limit: 9 };
  const script = startScript({ ...stack, who: 'drill', postgres: '/d/pg', data: '/d/data', temporary: '/d/tmp' });
  t.match(script, /^docker network create --internal gitea-drill /m);
  const runs = script.split('\n').filter((line) => /^'?docker'? '?run/.test(line));
  t.equal(runs.length, 2);
  for (const line of runs) {
    const words = line.replaceAll("'", '');
    t.match(
      words,
      /--network gitea-drill .*--read-only --cap-drop ALL --security-opt no-new-privileges:true --memory \d+m/,
    );
    t.match(words, /--pull never/);
    t.notMatch(words, / (-p|--publish|--restart|--privileged) /);
  }
  t.ok(script.startsWith(removeScript('drill')), 'what another has left goes first');
  t.match(removeScript('scratch'), /\^gitea\(-backup\)\?-scratch-/);
});

/** The look at a folder with two repositories, where the database misses some and git says this. */
async function look(root: string, missing: readonly string[], git = says(''), inUse?: readonly string[]) {
  for (const path of ['ann/a.git', 'ann/a.wiki.git', 'ann/not']) {
    mkdirSync(`${root}/git/repositories/${path}`, { recursive: true });
  }
  const row = { id: 1, owner: 'ann', name: 'a', empty: false };
  const { host, commands } = played((command) => (command.includes('fsck') ? git : says('')));
  const findings = gather(() => {});
  const manifest = manifestOf(id);
  const moved = { renamed: [], made: [], deleted: [{ id: 3, path: 'ann/deleted.git' }] };
  await repositories(
    {
      ...{ host, who: 'drill', image: 'gitea:1', manifest: { ...manifest, files: { ...manifest.files, moved } } },
      brought: { data: root, postgres: '', missing, rows: { repositories: [row], branches: [] } },
      askInUse: async () => inUse ?? Promise.reject(new Error('down')),
    },
    findings,
  );
  return { ...findings, commands };
}

t.test('each repository and wiki, by git without a network', async (t) => {
  const { problems, notes, checked, commands } = await look(t.testdir({}), []);
  t.same([problems, notes, checked], [[], [], { repositories: 1, fsck: 2 }]);
  t.match(commands.at(-1), /docker run .*--network none .*target=\/repositories,readonly/);
});

t.test('what git finds, and that it could not look', async (t) => {
  const found = await look(t.testdir({}), [], says('ann/a.git: broken link\t from   tree 1 missing blob 2 \n'));
  t.same(found.problems, ['git fsck: ann/a.git: broken link from tree 1 missing blob 2']);
  t.same((await look(t.testdir({}), [], fails('no such image', 125))).problems, [
    'git fsck could not be run: no such image',
  ]);
  const many = Array.from({ length: 12 }, (_, at) => `r${at}.git: bad`).join('\n');
  t.equal((await look(t.testdir({}), [], says(many))).problems.at(-1), 'git fsck: 2 more repositories');
});

t.test('a row without a repository counts unless it was deleted meanwhile', async (t) => {
  const missing = ['ann/b.git', 'ann/deleted.git', 'ann/gone.git'];
  const known = await look(t.testdir({}), missing, says(''), ['ann/a.git', 'ann/b.git', 'ann/deleted.git']);
  t.same(known.problems, ['ann/b.git is in the database, and has no files']);
  t.same(known.notes, ['2 repositories: deleted while the generation was made']);
  t.equal((await look(t.testdir({}), missing)).problems.length, 2, 'where the database in use does not answer');
});
