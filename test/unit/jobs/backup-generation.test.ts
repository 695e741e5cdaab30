import fs, { existsSync, readFileSync, rmSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import t, { type Test } from 'tap';
import type { Output } from '../../../lib/host/port.ts';
import { chainNow } from '../../../lib/jobs/backup/database/bases.ts';
import { generation } from '../../../lib/jobs/backup/generation.ts';
import { stateOf, tellState } from '../../../lib/jobs/backup/store/state.ts';
import { layout } from '../../../lib/phases/layout.ts';
import { configIn, fails, fine, played, put, resticThat, says } from './backups.ts';
import { bare, commit, ref } from './repositories.ts';

// The release that a host runs is a link to it.
const { realpathSync } = fs;
fs.realpathSync = Object.assign(
  (path: string) => (path === layout.current ? `${layout.releases}/0.9.0` : realpathSync(path)),
  realpathSync,
) as typeof realpathSync;
syncBuiltinESMExports();
t.teardown(() => {
  fs.realpathSync = realpathSync;
  syncBuiltinESMExports();
});

const segment = (end: number) => `00000001000000000000000${end}`;

/** A host with one repository in use, a database and its log. What the database says can be changed. */
function scene(t: Test) {
  const root = t.testdir();
  const config = configIn(root);
  const repositories = `${root}/data/gitea/data/git/repositories`;
  const repository = bare(repositories, 'ann/a.git');
  for (const end of [2, 3]) put(`${root}/backups/wal/${segment(end)}`);
  const now = { system: '7001', timeline: 1, slot: 'reserved', rows: ['a'], manifest: fine as Output };
  /** What happens while each of the next snapshots is taken; gives how it ends. */
  const meanwhile: (() => Partial<Output> | undefined)[] = [];
  const names = () => JSON.stringify(now.rows.map((name, at) => ({ id: at + 1, owner: 'ann', name, empty: false })));
  const { host, commands } = played((command) => {
    const copied = / -D \/base\/([^ ]+)\.new /.exec(command)?.[1];
    if (copied) {
      const range = { Timeline: now.timeline, 'Start-LSN': '0/2000028' };
      put(`${root}/backups/base/${copied}/backup_manifest`, JSON.stringify({ 'WAL-Ranges': [range] }));
    }
    if (command.includes('pg_create_restore_point'))
      return says(
        `0/3000060\t2026-11-29T22:15:03.100Z\t0000000${now.timeline}0000000000000003\t${now.system}\t18.6 (Debian)\t338\t1\n`,
      );
    if (command.includes('coalesce(wal_status')) return says(now.slot && `${now.slot}\tt`);
    if (command.includes('json_agg')) return says(names());
    if (command.includes('write_lsn')) return says('t');
    return fine;
  });
  let taken = 0;
  const { restic, calls } = resticThat(({ what }) => {
    if (what === 'init') for (const name of ['archive', 'recent']) put(`${root}/backups/${name}/config`);
    if (what === 'manifest') return now.manifest;
    if (what !== 'snapshot') return fine;
    const other = meanwhile.shift()?.();
    taken += 1;
    const id = `s${taken}`;
    const said = `{"message_type":"summary","data_added_packed":10}\n${JSON.stringify([{ id, tree: `tree-${id}` }])}\n`;
    return { ...says(said), ...other };
  });
  const told: string[] = [];
  const work = { config, host, restic, tell: (text: string) => told.push(text) };
  const make = (full = false) => generation(work, full);
  const become = (rows: string[]) => {
    now.rows = rows;
    return undefined;
  };
  return { root, config, become, meanwhile, now, calls, told, commands, repository, make };
}

t.test('the first one is whole: repositories are made, and files are read behind the restore point', async (t) => {
  const { make, calls, config, root, commands } = scene(t);
  const manifest = await make();
  t.same(
    calls.map(({ what, place }) => [what, place]),
    [
      ['init', 'local'],
      ['snapshot', 'local'],
      ['manifest', 'local'],
    ],
  );
  t.match(manifest, {
    ...{ format: 1, kind: 'full', full: manifest.id, tree: 'tree-s1', release: '0.9.0', added: 10, degraded: [] },
    database: {
      system: '7001',
      postgres: '18.6',
      gitea: 338,
      point: { lsn: '0/3000060', timeline: 1 },
      wal: { first: segment(2), last: segment(3) },
    },
    files: { repositories: 1, queues: false, moved: { renamed: [], deleted: [], made: [] } },
  });
  t.match(manifest.images.gitea, 'gitea/gitea:1.27.3-rootless ');
  t.ok(manifest.secrets.includes('backup_key'));
  const script = calls[2]!.script;
  t.match(script, /^archive backup --host gitea --force --quiet /);
  for (const tag of [`manifest=${manifest.id}`, 'kind=full', `full=${manifest.id}`, 'system=7001'])
    t.match(script, `--tag ${tag}`);
  t.match(script, /\/generation\/stage\/manifest\.json$/);
  t.match(calls[1]!.script, `--tag generation=${manifest.id}`);
  t.same(JSON.parse(readFileSync(`${root}/backups/generations/${manifest.id}.json`, 'utf8')), manifest);
  t.match(stateOf(config, 'backup'), { generation: { id: manifest.id, snapshot: 's1' }, full: { id: manifest.id } });
  t.match(readFileSync(`${root}/backups/stage/refs.txt`, 'latin1'), /^repository ann\/a\.git/);
  const at = (text: string) => commands.findLastIndex((command) => command.includes(text));
  t.ok(at('flush-queues') < at('pg_create_restore_point') && at('pg_create_restore_point') < at('write_lsn'));
});

t.test('the next holds what has changed since, and rests on it', async (t) => {
  const { make, repository, calls, root } = scene(t);
  const full = await make();
  ref(repository, 'refs/heads/new', commit(repository, 'new'));
  calls.splice(0);
  const manifest = await make();
  t.match(manifest, {
    kind: 'partial',
    full: full.id,
    files: { changed: ['ann/a.git'] },
    database: { bases: full.database.bases },
  });
  t.match(calls[0]!.script, /^recent backup .*--files-from-raw \/generation\/stage\/list/);
  t.match(readFileSync(`${root}/backups/stage/list`, 'utf8'), '/generation/data/git/repositories/ann/a.git\0');
  t.match(calls[1]!.script, `--tag full=${full.id}`);
  const third = await make();
  t.equal(third.full, full.id);
  t.match(calls[2]!.script, '--parent s2', 'the last one of changes need not be read again');
});

t.test('a whole one is made where it is wanted', async (t) => {
  const { make, config } = scene(t);
  await make();
  t.equal((await make(true)).kind, 'full');
  t.equal(chainNow(config)?.bases.length, 2);
});

t.test('when the clock has gone back the next is whole, once, and still the newest', async (t) => {
  const { make, root, told } = scene(t);
  const first = await make();
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
  const id = `${tomorrow.slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
  put(`${root}/backups/generations/${id}.json`, JSON.stringify({ ...first, id, began: tomorrow }));
  const next = await make();
  t.equal(next.kind, 'full');
  t.ok(next.id > id && first.id < id);
  t.match(told.join('\n'), 'the clock of the host has gone back since the newest');
  const last = await make();
  t.match(last, { kind: 'partial', full: next.id });
  t.ok(last.id > next.id);
});

t.test('what the last look has found damaged is mended first, and the next one is whole', async (t) => {
  const { make, calls, config, now } = scene(t);
  await make();
  const pack = 'ab'.repeat(32);
  const failed = { at: 'x', what: 'y' };
  const damages = { hurt: { local: [], remote: [] }, lost: { local: [], remote: [] }, sound: {} };
  const found = { ...damages, packs: { 'local archive': [pack], 'remote archive': ['cd'] } };
  tellState(config, 'verify', { failed, found, mend: { anew: true } });
  calls.splice(0);
  now.manifest = fails('no room');
  await t.rejects(make(), { name: 'RunbookError', exitCode: 20 });
  t.match(stateOf(config, 'verify'), { mend: { anew: true } }, 'it is due until it is done');
  now.manifest = fine;
  t.match(await make(), { kind: 'full', database: { bases: { length: 1 } } });
  t.match(calls[0], { what: 'mend', place: 'local' });
  t.match(calls[0]?.script, `archive repair index --quiet || exit\nthere=$(archive list packs`);
  t.notMatch(calls[0]?.script, / cd$|recent repair/, 'what is off the host is not for the host to mend');
  t.same(stateOf(config, 'verify'), { failed }, 'whether older ones are whole again the next look tells');
  t.equal((await make()).kind, 'partial');
});

t.test('with another database behind it nothing rests on the one before', async (t) => {
  const { make, now, told, config } = scene(t);
  await make();
  now.system = '7002';
  t.match(await make(), { kind: 'full', database: { system: '7002', bases: { length: 1 } } });
  t.ok(told.includes('this is another database: a whole generation is needed'));
  t.equal(chainNow(config)?.system, '7002');
});

t.test('nor after the database has been restored', async (t) => {
  const { make, now, told, root } = scene(t);
  await make();
  now.timeline = 2;
  for (const end of [2, 3]) put(`${root}/backups/wal/00000002000000000000000${end}`);
  t.equal((await make()).kind, 'full');
  t.ok(told.includes('the database has been restored meanwhile: a whole generation is needed'));
});

t.test(
  'a hole in the log is told; a whole one that begins behind it is sound, one that holds it is none',
  async (t) => {
    const { make, told, root, config } = scene(t);
    const first = await make();
    rmSync(`${root}/backups/wal/${segment(2)}`);
    await t.rejects(make(), {
      exitCode: 20,
      message: new RegExp(`not whole: ${segment(2)} to ${segment(2)} is missing`),
    });
    t.match(told.join('\n'), `a gap: ${segment(2)} is missing. No moment within it can be brought back`);
    t.equal(stateOf(config, 'backup').generation?.id, first.id);
  },
);

t.test('without its slot the log begins anew, and so does everything', async (t) => {
  for (const slot of ['lost', '']) {
    const { make, now, commands, config } = scene(t);
    await make();
    now.slot = slot;
    t.equal((await make()).kind, 'full');
    t.ok(commands.some((command) => command.includes('pg_create_physical_replication_slot')));
    t.equal(chainNow(config)?.bases.length, 1);
  }
});

t.test('what was renamed while the files were read is read again, and told', async (t) => {
  const { make, become, meanwhile, calls, told } = scene(t);
  meanwhile.push(() => become(['b']));
  const manifest = await make();
  t.equal(calls.filter(({ what }) => what === 'snapshot').length, 2);
  t.equal(manifest.tree, 'tree-s2');
  t.same(manifest.files.moved.renamed, [{ id: 1, from: 'ann/a.git', to: 'ann/b.git' }]);
  t.same(manifest.degraded, []);
  t.ok(told.some((text) => text === 'renamed meanwhile: 1 repository; reading again'));
});

t.test('and one that is renamed each time may be missing, which the generation says', async (t) => {
  const { make, become, meanwhile, calls } = scene(t);
  for (const name of ['b', 'c', 'd']) meanwhile.push(() => become([name]));
  const manifest = await make();
  t.equal(calls.filter(({ what }) => what === 'snapshot').length, 3);
  t.same(manifest.files.moved.renamed, [{ id: 1, from: 'ann/a.git', to: 'ann/d.git' }]);
  t.match(manifest.degraded, [/^not read: ann\/d\.git: renamed from ann\/c\.git while it was read/]);
});

t.test('what was made or deleted meanwhile is told, and nothing is read again for it', async (t) => {
  const { make, become, meanwhile, calls } = scene(t);
  meanwhile.push(() => become(['a', 'b']));
  t.match((await make()).files.moved, { made: [{ path: 'ann/b.git' }], deleted: [] });
  meanwhile.push(() => become(['a']));
  t.match((await make()).files.moved, { made: [], deleted: [{ path: 'ann/b.git' }] });
  t.equal(calls.filter(({ what }) => what === 'snapshot').length, 2);
});

t.test('what was to be read and was deleted before it could be is no damage: the rest is read again', async (t) => {
  const { make, become, meanwhile, calls, repository, root } = scene(t);
  await make();
  ref(repository, 'refs/heads/new', commit(repository, 'new'));
  calls.splice(0);
  meanwhile.push(() => {
    become([]);
    rmSync(repository, { recursive: true });
    const stderr = '{"message_type":"error","item":"/generation/data/x","error":{"message":"no such file"}}';
    return { code: 3, stderr };
  });
  const manifest = await make();
  t.match(manifest, { kind: 'partial', degraded: [], files: { moved: { deleted: [{ path: 'ann/a.git' }] } } });
  t.equal(calls.filter(({ what }) => what === 'snapshot').length, 2);
  t.notMatch(readFileSync(`${root}/backups/stage/list`, 'utf8'), 'ann/a.git');
});

t.test('without its manifest it is none', async (t) => {
  const { make, now, config, root } = scene(t);
  now.manifest = fails('no space left on device');
  await t.rejects(make(), { exitCode: 20, message: /so it is none.*no space left/s });
  t.same(stateOf(config, 'backup'), {});
  t.equal(chainNow(config), undefined);
  t.notOk(existsSync(`${root}/backups/stage/seen.json`));
});
