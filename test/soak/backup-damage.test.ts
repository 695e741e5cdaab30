// Bad days of the backups themselves: damaged files, a hole in the log, another key, locks that were left, two operators at once.
import path from 'node:path';
import t from 'tap';
import { person } from '../lab/instance.ts';
import { offHost } from '../lab/off-host.ts';
import { convergedLab, inside, run, variant } from '../lab/suite.ts';

t.setTimeout(0);
const lab = await convergedLab();
const root = '/var/backups/gitea';
const on = async (script: string) => (await inside(lab, script)).trimEnd();
const sql = (query: string) => on(`docker exec gitea-database-1 psql -U postgres -d gitea -tAc "${query}"`);
const config = await variant(lab, 'damage', {
  ...(await offHost(lab, 'damage/gitea')),
});
interface Listed {
  readonly id: string;
  readonly kind: string;
  readonly full: string;
  readonly places: readonly string[];
  readonly manifest: { readonly at: string; readonly degraded: readonly string[] };
}
/** The newest generation, after one was made. */
const backup = async (more: readonly string[] = []) => {
  const { code, json, said, stderr } = await run(lab, 'backup', more, config);
  if (code !== 0) throw new Error(said);
  return { ...(json.generations[0] as Listed), stderr };
};
const verify = (more: readonly string[] = []) => run(lab, 'backup', ['--verify', ...more], config);
const restore = (more: readonly string[]) => run(lab, 'restore', [...more, '--confirm', lab.domain], config);
const flip = (file: string, at: number) =>
  on(
    `cp -p ${file} /root/kept && chmod u+w ${file} && printf XY | dd of=${file} bs=1 seek=${at} conv=notrunc status=none`,
  );
const largest = (repository: string) =>
  on(`find ${root}/${repository}/data -type f -printf '%s %p\\n' | sort -n | tail -n 1 | cut -d' ' -f2`);
const segments = async () => (await on(`ls ${root}/wal`)).split('\n').filter((name) => /^[0-9A-F]{24}$/.test(name));
const system = () => sql('select system_identifier from pg_control_system()');

t.test(
  'a damaged file of a repository is named with the generations that it hurts, and the next one mends it',
  async (t) => {
    const deployed = await run(lab, 'deploy', ['--yes'], config);
    t.equal(deployed.code, 0, deployed.said);
    // From here on generations come when they are asked for.
    await on('systemctl stop "gitea-runbooks-backup*.timer" gitea-runbooks-wal.timer');
    const alice = await person(t, lab, { on, domain: lab.domain, address: lab.hosts[0]!.address }, 'damage-alice');
    await alice.push();
    const whole = await backup(['--full']);
    await alice.push();
    const partial = await backup();
    t.match(partial, { kind: 'partial', full: whole.id });

    const pack = await largest('archive');
    await flip(pack, 200);
    t.equal((await backup()).kind, 'partial', 'restic does not notice what it does not read');
    const found = await verify(['--all-data']);
    t.equal(found.code, 21, found.said);
    t.match(found.json.error.cause, `pack ${path.basename(pack)}`);
    t.match(found.json.error.cause, new RegExp(`local archive: which hurts .*${whole.id}.*${partial.id}`));
    t.match(found.json.error.next, /The newest that is sound: .*restore\.mjs --to \d+T\d+Z --from remote/);
    const before = await system();
    const refused = await restore(['--to', partial.id]);
    t.equal(refused.code, 22);
    t.match(refused.json.error, { what: /local copy of .* is damaged/, next: /nothing was touched.*--from remote/ });
    const made = await backup();
    t.match(made, { kind: 'full', places: ['local', 'remote'], manifest: { degraded: [] } });
    t.match(made.stderr, /mending/);
    const again = await verify(['--all-data']);
    t.equal(again.code, 0, again.said);
    t.equal(await system(), before);
    const preview = await run(lab, 'restore', ['--preview', '--to', whole.id], config);
    t.equal(preview.code, 0, `what it needs is there again\n${preview.said}`);

    await alice.push();
    const last = await backup();
    const recent = await largest('recent');
    await flip(recent, 200);
    const second = await verify(['--all-data']);
    t.equal(second.code, 21);
    t.match(second.json.error.cause, /local recent: which hurts /);
    t.match(second.json.error.next, new RegExp(`--to (${made.id}|${last.id})`));
    await on(`cp -p /root/kept ${recent}`);
    const third = await verify();
    t.equal(third.code, 0, 'a file that was known to be damaged is looked at again, whatever part has its turn');
  },
);

t.test('what the next generations would rest on: copies of the database, the log, the manifest', async (t) => {
  await sql('select pg_switch_wal()');
  await on('sleep 1');
  const [segment] = (await segments()).slice(-1);
  const made = await backup();
  await flip(`${root}/wal/${segment}`, 300);
  const base = await on(`find ${root}/base -name pg_control | head -n 1`);
  await flip(base, 100);
  await on(`sed -i 's/"refs":"./"refs":"x/' ${root}/generations/${made.id}.json`);
  const { code, json } = await verify();
  t.equal(code, 21);
  t.match(json.error.cause, new RegExp(`log of the database ${segment}`));
  t.match(json.error.cause, /copy of the database .*pg_control/);
  t.match(json.error.cause, new RegExp(`${made.id}: wal/${segment} in it is not what was saved`));
  t.match(json.error.cause, new RegExp(`${made.id}: stage/refs.txt in it is not what was saved`));
  const next = await backup();
  t.match(next, { kind: 'full', manifest: { degraded: [] } });
  t.match(JSON.parse(await on(`cat ${root}/chain.json`)).bases, [{ name: /-whole$/ }]);
  const again = await verify();
  t.equal(again.code, 0, again.said);
});

const moment = () => on('sleep 1.1; date -u +%Y-%m-%dT%H:%M:%SZ; sleep 1.1');
const write = () => sql("select pg_logical_emit_message(true, 'test', 'x', true), pg_switch_wal()");

t.test(
  'a file of the log is missing: told with its times; what lies in the gap cannot be had, what lies before can',
  async (t) => {
    await write();
    const early = await moment();
    await backup();
    await write();
    const [missing] = (await segments()).slice(-1);
    const within = await moment();
    await write();
    await write();
    await on(`sleep 1; rm ${root}/wal/${missing}`);
    const found = await verify();
    t.equal(found.code, 21);
    t.match(found.json.error.cause, new RegExp(`${missing}.* missing, between \\d{4}-.* and \\d{4}-`));
    const next = await backup();
    t.match(next, { kind: 'full', manifest: { degraded: [] } });
    t.match(next.stderr, new RegExp(`gap.*${missing}.*between`));
    const refused = await restore(['--to', within]);
    t.match([20, 22].includes(refused.code), true, refused.said);
    t.match(JSON.stringify(refused.json.error), missing!);

    // Beside a backup that runs, and with a second operator who wants something else.
    await on('systemctl start --no-block gitea-runbooks-backup-full; sleep 2');
    const first = restore(['--to', early]);
    await on('until systemctl is-active -q gitea-runbooks-restore; do sleep 0.2; done');
    const other = await restore(['--to', next.id]);
    t.equal(other.code, 11, other.said);
    t.match(other.json.error.what, /another restore is under way/);
    const done = await first;
    t.equal(done.code, 0, done.said);
    t.match(done.stderr, /ending gitea-runbooks-backup-full\.service/);
    t.equal((await run(lab, 'restore', ['--discard-old', '--confirm', lab.domain], config)).code, 0);
    await on('systemctl stop "gitea-runbooks-backup*.timer" gitea-runbooks-wal.timer');
  },
);

t.test('two who ask for a backup at once get the same one', async (t) => {
  const [one, other] = await Promise.all([backup(), backup()]);
  t.equal(one.id, other.id);
});

t.test('another key opens nothing and makes nothing; with the right one it goes on', async (t) => {
  const key = '/etc/gitea-runbooks/secrets/backup_key';
  const snapshots = () =>
    on(`ls ${root}/archive/snapshots ${root}/recent/snapshots; cat ${root}/archive/config | sha256sum`);
  const before = await snapshots();
  await on(`cp -p ${key} /root/key && echo another >${key}`);
  const { code, json } = await run(lab, 'backup', [], config);
  t.equal(code, 20);
  t.match(json.error.cause, /backup_key on the host does not open the local repositories/);
  t.equal((await verify()).code, 21);
  t.equal(await snapshots(), before);
  const doctor = await run(lab, 'doctor', [], config);
  t.match(JSON.stringify(doctor.json), /the one on the host does not: its jobs fail/);
  await on(`cp -p /root/key ${key}`);
  t.match(await backup(), { places: ['local', 'remote'] });
});

t.test('a lock that was left is in the way of no run', async (t) => {
  const machine = (await on('cat /etc/machine-id')).slice(0, 12);
  const image = await on("docker image ls --format '{{.Repository}}:{{.Tag}}' | grep restic | head -n 1");
  const lock = (what: string, repository: string, more = '') =>
    on(`docker run -d --rm --name gitea-backup-${what} --hostname gitea-backup-${what}-${machine} --network host -v ${root}:/local -v /etc/gitea-runbooks:/etc/g:ro --entrypoint sh ${image} -c '${more} exec restic -r ${repository} --password-file /etc/g/secrets/backup_key check --no-cache --limit-download 1 --read-data'
sleep 4; docker kill -s KILL gitea-backup-${what}`);
  await lock('prune', '/local/recent');
  await lock('thin-out', '"$REMOTE/recent"', '. /etc/g/backup-remote.env;');
  const made = await backup();
  t.match(made, { places: ['local', 'remote'] });
  t.match(made.stderr, /a run that is gone had left .* on the local repository recent: taken away/);
  t.match(made.stderr, /a run that is gone had left .* on the remote repository recent: taken away/);
});

t.test('a disk that is too small for a restore is told before anything is fetched', async (t) => {
  const [newest] = (await run(lab, 'backup', ['--list'], config)).json.generations as Listed[];
  const [stamp, folder] = ['20260101T000000Z', '/srv/gitea/restore-20260101T000000Z'];
  const journal = JSON.stringify({ stamp, id: newest!.id, from: 'local', phase: 'fetching' });
  await on(`mkdir ${folder} && mount -t tmpfs -o size=1m none ${folder} && echo '${journal}' >${root}/restore.json`);
  const { code, json } = await restore([]);
  await on(`umount ${folder}; rmdir ${folder}; rm -f ${root}/restore.json`);
  t.equal(code, 22);
  t.match(json.error, { what: /needs \d+ MB beside the data in use/, next: /nothing in use was touched/ });
  t.equal((await run(lab, 'deploy', ['--yes'])).code, 0, 'back to the config of the lab');
});
