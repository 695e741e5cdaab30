import fs, { readdirSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import t, { type Test } from 'tap';
import { RunbookError } from '../../../lib/core/errors.ts';
import {
  clearAway,
  fullDisk,
  mustHaveReserve,
  namingFullDisk,
  saysFull,
} from '../../../lib/jobs/backup/space/full-disk.ts';
import { configIn, fails, fine, played, put, resticThat, says } from './backups.ts';

const mib = 1024 ** 2;
/** Free bytes of each disk, by the end of its path. Each has 1 GiB, of which 2 % stay free. */
let free: Readonly<Record<string, number>> = {};
/** Folders that are on a disk of their own. */
let own: readonly string[] = [];
const { statfsSync, statSync } = fs;
const nameOf = (path: string) => own.find((name) => path.endsWith(`/${name}`)) ?? 'all';
Object.assign(fs, {
  statfsSync: (path: string) => ({
    ...{ bsize: 1, blocks: 1024 * mib },
    bavail: free[nameOf(path)] ?? 1024 * mib,
  }),
  statSync(path: string, ...rest: []) {
    const stats = statSync(path, ...rest);
    if (/\/backups(\/\w+)?$/.test(path)) Object.assign(stats, { dev: ['all', ...own].indexOf(nameOf(path)) });
    return stats;
  },
});
syncBuiltinESMExports();
t.teardown(() => {
  Object.assign(fs, { statfsSync, statSync });
  syncBuiltinESMExports();
});
t.beforeEach(() => {
  free = {};
  own = [];
});

/** A host with backups, on which a copy off it may be under way. */
function scene(t: Test, copying = false) {
  const root = t.testdir();
  const config = configIn(root);
  const { restic, calls } = resticThat();
  const told: string[] = [];
  const { host } = played(() => (copying ? says('ActiveState=active\nSubState=running\n') : fine));
  return { root, config, calls, told, work: { config, host, restic, tell: (text: string) => told.push(text) } };
}

t.test('nothing is begun on a disk that has less than its reserve', async (t) => {
  const { config, root } = scene(t);
  free = { all: 21 * mib };
  t.doesNotThrow(() => mustHaveReserve(config));
  free = { all: 20 * mib };
  t.throws(() => mustHaveReserve(config), {
    exitCode: 22,
    message: new RegExp(`the disk of ${root}/backups has 20 MiB left, and 20 MiB stay free`),
  });
  t.throws(() => mustHaveReserve(config), /docs\/runbooks\/disk-full\.md/);
});

t.test('a disk of its own is looked at by itself, and named', async (t) => {
  const { config } = scene(t);
  for (const name of ['wal', 'stage', 'archive', 'base', 'recent']) {
    own = [name];
    free = { [name]: 1 };
    t.throws(() => mustHaveReserve(config), { exitCode: 22, message: new RegExp(`/backups/${name} has 1 B`) });
  }
});

t.test('copies of the database that came to nothing do not pile up', async (t) => {
  const { config, root } = scene(t);
  const bases = ['one', 'two'].map((name) => ({ name, sha256: '', lsn: '0/1', timeline: 1 }));
  put(`${root}/backups/chain.json`, JSON.stringify({ system: '7001', bases }));
  for (const name of ['one', 'two', 'three', 'four.new']) put(`${root}/backups/base/${name}/backup_manifest`);
  mustHaveReserve(config);
  t.same(readdirSync(`${root}/backups/base`).sort(), ['one', 'two']);
});

t.test('a full disk is known by what is said of it, and named with what is left', async (t) => {
  const { config, root } = scene(t);
  const failure = (cause: string) =>
    new RunbookError('changeFailed', { what: 'restic could not store the generation', cause, next: 'df -h' });
  t.ok(saysFull(failure('Save(<data/12>) failed: write: no space left on device')));
  t.ok(saysFull(new Error('ENOSPC: no space left on device, write')));
  t.notOk(saysFull(failure('connection reset')));
  own = ['archive'];
  free = { archive: 4096 };
  t.match(fullDisk(config, failure('no space left on device')), {
    exitCode: 20,
    message: new RegExp(
      `the disk of ${root}/backups/archive is full \\(4.0 KiB of 1.0 GiB left\\): restic could not.*no space.*Next: docs/runbooks/disk-full.md`,
      's',
    ),
  });
  free = { all: 0, archive: mib };
  t.match(fullDisk(config, new Error('ENOSPC: x')).message, new RegExp(`disk of ${root}/backups is full \\(0 B`));
});

t.test('what a run has written before its disk was full is taken away again', async (t) => {
  const { work, calls, told } = scene(t);
  await clearAway(work);
  t.match(calls, [{ place: 'local', script: /archive prune .*unlimited\nrecent prune .*unlimited/ }]);
  t.match(told, [/taken away again/]);
  const { restic } = resticThat(() => fails('no'));
  await clearAway({ ...work, restic });
  t.match(told.at(-1), /could not be taken away/);
});

t.test('while a generation is being copied off the host nothing is taken away from under it', async (t) => {
  const { work, calls } = scene(t, true);
  await clearAway(work);
  t.same(calls, []);
});

t.test(
  'a job that cannot write a file of its own names the disk, and not what another place says of its own',
  async (t) => {
    const { config, root } = scene(t);
    free = { all: 0 };
    const enospc = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    await t.rejects(
      namingFullDisk(config, () => Promise.reject(enospc)),
      {
        exitCode: 20,
        message: new RegExp(`the disk of ${root}/backups is full .*disk-full\\.md`, 's'),
      },
    );
    const there = new RunbookError('changeFailed', {
      what: 'could not be sent',
      cause: 'no space left on device',
      next: '-',
    });
    await t.rejects(
      namingFullDisk(config, () => Promise.reject(there)),
      there,
    );
    t.equal(await namingFullDisk(config, async () => 'sent'), 'sent');
  },
);
