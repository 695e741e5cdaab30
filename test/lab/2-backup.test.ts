// Backups: generations on the host and off it, what is noticed when they are damaged, what a cut leaves, turning them off.
import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import { tick } from '../../lib/jobs/backup/files/signature.ts';
import { person } from './instance.ts';
import { offHost } from './off-host.ts';
import { convergedLab, inside, run, variant } from './suite.ts';

t.setTimeout(0);
const lab = await convergedLab();
const root = '/var/backups/gitea';
const on = async (script: string) => (await inside(lab, script)).trimEnd();
const sql = (query: string) => on(`docker exec gitea-database-1 psql -U postgres -d gitea -tAc "${query}"`);

const remote = await offHost(lab, 'backups/gitea');
const config = await variant(lab, 'backup', remote);
const generations = async (more: readonly string[] = []) => {
  const { code, json, said } = await run(lab, 'backup', more, config);
  if (code !== 0) throw new Error(said);
  return json.generations as {
    id: string;
    kind: string;
    full: string;
    places: string[];
    manifest: { degraded: string[] };
  }[];
};

t.test('a whole generation, and one that holds what has changed since; both leave the host', async (t) => {
  const deployed = await run(lab, 'deploy', ['--yes'], config);
  t.equal(deployed.code, 0, deployed.said);
  t.equal((await run(lab, 'plan', ['--exit-code'], config)).code, 0);
  const alice = await person(t, lab, { on, domain: 'git.lab.test', address: lab.hosts[0]!.address }, 'backup-alice');
  await alice.push();
  // What has changed this shortly before it is looked at is looked at once more by the next run: its times may not tell.
  await pause(2 * tick);
  // Other files have worked on the same host: from here on it is known what there is.
  const [first] = await generations(['--full']);
  t.match(first, { kind: 'full', places: ['local', 'remote'], manifest: { degraded: [] } });
  const bob = await person(t, lab, { on, domain: 'git.lab.test', address: lab.hosts[0]!.address }, 'backup-bob');
  const { head } = await bob.push();
  const [second, before] = await generations();
  t.match(second, { kind: 'partial', full: first!.id, places: ['local', 'remote'], manifest: { degraded: [] } });
  t.equal(before?.id, first!.id);
  const manifest = JSON.parse(await on(`cat ${root}/generations/${second!.id}.json`));
  t.match(manifest.files, { changed: ['backup-bob/work.git'], moved: { renamed: [], deleted: [], made: [] } });
  t.match(
    await on(`cat ${root}/stage/refs.txt`),
    `repository backup-bob/work.git\nHEAD ref: refs/heads/main\n${head} refs/heads/main`,
  );
  t.equal((await run(lab, 'plan', ['--exit-code'], config)).code, 0, 'which is nothing that a deploy would change');
  const { json } = await run(lab, 'status', [], config);
  t.match(
    json.lines.find(({ title }: { title: string }) => title === 'Last backup'),
    { good: true, text: /partial.*off the host/ },
  );
});

t.test("the database's log leaves the host by itself, and nothing is sent while nothing is written", async (t) => {
  await sql("select pg_logical_emit_message(true, 'test', 'x', true)");
  await on('systemctl start gitea-runbooks-wal');
  t.match(await on('journalctl -o cat -u gitea-runbooks-wal -n 5'), /wal: sent/);
  await on('sleep 3; systemctl start gitea-runbooks-wal');
  t.match(JSON.parse(await on(`cat ${root}/state.wal.json`)), { at: /^20/ });
});

t.test('what is sound is told to be, what is damaged is named', async (t) => {
  const sound = await run(lab, 'backup', ['--verify', '--all-data'], config);
  t.equal(sound.code, 0, sound.said);
  const damage = async (find: string, name: RegExp) => {
    const file = await on(`${find} | head -n 1`);
    await on(
      `cp -p ${file} /root/kept && chmod u+w ${file} && printf X | dd of=${file} bs=1 seek=200 conv=notrunc status=none`,
    );
    const { code, json } = await run(lab, 'backup', ['--verify', '--all-data'], config);
    t.equal(code, 21, file);
    t.match(json.error.cause, name);
    await on(`cp -p /root/kept ${file}`);
  };
  await damage(`find ${root}/archive/data -type f -size +300c`, /local archive: .*(does not match|invalid|pack)/);
  await damage(`find ${root}/base -name pg_control`, /copy of the database .*pg_control/);
  const again = await run(lab, 'backup', ['--verify'], config);
  t.equal(again.code, 0, again.said);
});

t.test(
  'a run that was killed in the middle leaves no half of a generation, and nothing that is in the way of the next',
  async (t) => {
    const before = await generations(['--list']);
    await on('systemctl start --no-block gitea-runbooks-backup-full');
    await on('until docker ps --format "{{.Names}}" | grep -q "^gitea-backup-snapshot$"; do sleep 0.1; done');
    await on(
      'systemctl kill -s KILL gitea-runbooks-backup-full; docker kill gitea-backup-snapshot >/dev/null 2>&1; true',
    );
    t.same(
      (await generations(['--list'])).map(({ id }) => id),
      before.map(({ id }) => id),
    );
    const [next] = await generations(['--full']);
    t.match(next, { kind: 'full', places: ['local', 'remote'] });
    t.equal((await run(lab, 'backup', ['--verify'], config)).code, 0);
  },
);

t.test(
  'a log that is not received any more, and cannot be gone on with, is begun anew with a whole generation',
  async (t) => {
    await on('docker stop gitea-wal-1');
    await sql("select pg_drop_replication_slot('gitea_backup')");
    t.match((await run(lab, 'plan', [], config)).json.changes[0], { why: /the slot gitea_backup does not exist/ });
    const [made] = await generations();
    t.match(made, { kind: 'full', manifest: { degraded: [] } });
    const manifest = JSON.parse(await on(`cat ${root}/generations/${made!.id}.json`));
    t.match(manifest.database.bases, [{ name: /-whole$/ }]);
    t.equal((await run(lab, 'plan', ['--exit-code'], config)).code, 0, 'and is as a deploy would have it');
    // The receiver goes on by itself from an empty folder, and says nothing.
    await on(`docker stop gitea-wal-1; rm ${root}/wal/*; docker start gitea-wal-1`);
    await sql('select pg_switch_wal()');
    const [next] = await generations();
    t.match(next, { kind: 'full', manifest: { degraded: [] } });
    t.equal((await run(lab, 'backup', ['--verify'], config)).code, 0);
  },
);

t.test('what has served its time goes, on the host and between the whole ones off it', async (t) => {
  const retention = { hours: 0, days: 1, weeks: 0, months: 0, years: 0 };
  const brief = await variant(lab, 'backup-brief', { ...remote, 'backup.retention': retention });
  t.equal((await run(lab, 'deploy', ['--yes'], brief)).code, 0);
  const before = await generations(['--list']);
  t.ok(before.filter(({ kind }) => kind === 'full').length >= 3);
  const { code, json, said } = await run(lab, 'backup', ['--full'], brief);
  t.equal(code, 0, said);
  const local = (json.generations as typeof before).filter(({ places }) => places.includes('local'));
  t.equal(local.filter(({ kind }) => kind === 'full').length, 2);
  const remoteOnes = (json.generations as typeof before).filter(({ places }) => places.includes('remote'));
  t.equal(
    remoteOnes.filter(({ kind }) => kind === 'full').length,
    before.filter(({ kind }) => kind === 'full').length + 1,
  );
  for (const found of [local, remoteOnes])
    t.same(
      found.filter(({ kind }) => kind === 'partial'),
      [],
      'nothing came since',
    );
  t.equal((await run(lab, 'backup', ['--verify', '--all-data'], brief)).code, 0);
  t.equal((await run(lab, 'deploy', ['--yes'], config)).code, 0);
});

t.test('turned off nothing of it works any more, and no backup is gone; turned on again it goes on', async (t) => {
  const off = await variant(lab, 'backup-off', { 'backup.enabled': false });
  const gone = await run(lab, 'deploy', ['--yes'], off);
  t.equal(gone.code, 0, gone.said);
  t.equal(await sql('select count(*) from pg_replication_slots'), '0');
  t.equal(await sql("select rolcanlogin from pg_roles where rolname = 'gitea_backup'"), 'f');
  t.equal(await on('docker ps -a --format "{{.Names}}" | grep -c gitea-wal-1 || true'), '0');
  t.equal(await on('systemctl list-timers --all --no-legend "gitea-runbooks-backup*" | wc -l'), '0');
  t.equal((await run(lab, 'plan', ['--exit-code'], off)).code, 0);
  t.ok(Number(await on(`find ${root}/archive/snapshots -type f | wc -l`)) > 0);
  t.equal((await run(lab, 'backup', [], off)).code, 22);
  t.equal((await run(lab, 'deploy', ['--yes'], config)).code, 0);
  const [made] = await generations();
  t.match(made, { places: ['local', 'remote'], manifest: { degraded: [] } });
  t.equal((await run(lab, 'deploy', ['--yes'])).code, 0, 'and back to the config of the lab');
});
