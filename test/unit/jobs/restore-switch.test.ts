import fs, { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import t, { type Test } from 'tap';
import { foldersOf } from '../../../lib/jobs/restore/journal.ts';
import { startAll, switchBack, switchOver } from '../../../lib/jobs/restore/switch.ts';
import { configIn, fails, played, put } from './backups.ts';

const journal = { stamp: '20261130T080000Z', id: 'x', from: 'local', phase: 'switching' } as const;

// Giving files away takes root.
const { chownSync, renameSync } = fs;
fs.chownSync = () => {};
syncBuiltinESMExports();
t.teardown(() => {
  fs.chownSync = chownSync;
  syncBuiltinESMExports();
});

/** A host in use, and what a restore has got ready beside it. */
function ready(t: Test) {
  const root = t.testdir();
  const config = configIn(root);
  const folders = foldersOf(config, journal);
  put(`${root}/data/postgres/is`, 'in use');
  put(`${root}/data/gitea/data/is`, 'in use');
  put(`${root}/backups/base/is`, 'in use');
  put(`${root}/backups/wal/is`, 'in use');
  put(`${root}/backups/chain.json`, '{}');
  put(`${root}/backups/stage/seen.json`, '{}');
  put(`${folders.work}/postgres/is`, 'restored');
  put(`${folders.work}/generation/data/is`, 'restored');
  put(`${folders.work}/set-aside/ann/a.git/HEAD`, 'stranger');
  const { host, commands } = played();
  const is = (path: string) => (existsSync(`${path}/is`) ? readFileSync(`${path}/is`, 'utf8') : undefined);
  return {
    ...{ root, folders, host, commands, config },
    over: () => switchOver(host, config, journal),
    back: () => switchBack(host, config, journal),
    inUse: () => [`${root}/data/postgres`, `${root}/data/gitea/data`].map(is),
    before: () =>
      [`${folders.before}/postgres`, `${folders.before}/data`, `${folders.aside}/base`, `${folders.aside}/wal`].map(is),
    logs: () => ['base', 'wal'].map((name) => readdirSync(`${root}/backups/${name}`)),
  };
}

function isOver(t: Test, { inUse, before, logs, folders, root }: ReturnType<typeof ready>) {
  t.same(inUse(), ['restored', 'restored']);
  t.same(before(), ['in use', 'in use', 'in use', 'in use']);
  t.same(logs(), [[], []], 'the log begins anew');
  t.notOk(existsSync(`${root}/backups/chain.json`), 'and so do the copies of the database');
  t.notOk(existsSync(`${root}/backups/stage/seen.json`));
  t.ok(existsSync(`${folders.strangers}/ann/a.git/HEAD`));
}

t.test('restored data take the place of those in use, which are kept; as often as it is called', async (t) => {
  const scene = ready(t);
  await scene.over();
  isOver(t, scene);
  t.match(scene.commands[0], 'gitea-gitea-1 gitea-wal-1 gitea-database-1');
  await scene.over();
  isOver(t, scene);
});

t.test('cut off between any two renames, the next call finishes it', async (t) => {
  for (let cut = 0; cut < 7; cut++) {
    await t.test(`after ${cut}`, async (t) => {
      const scene = ready(t);
      let left = cut;
      fs.renameSync = (from, to) => {
        if (left-- === 0) throw new Error('cut');
        renameSync(from, to);
      };
      syncBuiltinESMExports();
      try {
        await t.rejects(scene.over(), /cut/);
      } finally {
        fs.renameSync = renameSync;
        syncBuiltinESMExports();
      }
      await scene.over();
      isOver(t, scene);
    });
  }
});

t.test('what somebody made anew in between is kept as well', async (t) => {
  const scene = ready(t);
  renameSync(`${scene.root}/data/postgres`, `${scene.folders.work}/gone`);
  mkdirSync(scene.folders.before, { recursive: true });
  renameSync(`${scene.folders.work}/gone`, `${scene.folders.before}/postgres`);
  put(`${scene.root}/data/postgres/made`, 'by Docker');
  await scene.over();
  isOver(t, scene);
  t.same(readdirSync(`${scene.folders.before}/postgres.2`), ['made']);
});

t.test('undone, what was in use before is back and what was restored is kept; as often as it is called', async (t) => {
  const scene = ready(t);
  const { root, folders } = scene;
  await scene.over();
  put(`${root}/backups/wal/new`);
  for (let call = 0; call < 2; call++) {
    await scene.back();
    t.same(scene.inUse(), ['in use', 'in use']);
    t.same(scene.logs(), [['is'], ['is']]);
    t.equal(readFileSync(`${folders.work}/postgres/is`, 'utf8'), 'restored');
    t.ok(existsSync(`${folders.work}/data/is`) && existsSync(`${folders.aside}/undone-wal/new`));
  }
});

t.test('a restore that was cut off half way is undone as far as it went', async (t) => {
  const scene = ready(t);
  rmSync(`${scene.folders.work}/generation`, { recursive: true });
  await scene.over();
  t.same(scene.inUse(), ['restored', 'in use']);
  await scene.back();
  t.same(scene.inUse(), ['in use', 'in use']);
});

t.test('nothing moves while a container does not stop', async (t) => {
  const scene = ready(t);
  const { host } = played(() => fails('Error response from daemon: cannot stop container'));
  await t.rejects(switchOver(host, scene.config, journal), { exitCode: 20, message: /cannot stop container/ });
  await t.rejects(switchBack(host, scene.config, journal), { name: 'RunbookError', exitCode: 20 });
  t.same(scene.inUse(), ['in use', 'in use']);
});

t.test('the database first; what does not become healthy is told in its own words, with the way back', async (t) => {
  const { host, commands } = played();
  await startAll(host, 60);
  t.match(commands[0], /docker start gitea-database-1 .*docker start gitea-gitea-1 gitea-wal-1/);
  await t.rejects(startAll(played(() => fails('the database is newer')).host, 60), {
    exitCode: 20,
    message: /the database is newer.*--undo/s,
  });
});
