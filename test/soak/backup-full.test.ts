// What has served its time is removed off the host by an operator; and full disks, of which none costs the last good generation.
import { S3 } from '@aws-sdk/client-s3';
import t from 'tap';
import { offHost } from '../lab/off-host.ts';
import { convergedLab, inside, type RunResult, run, variant } from '../lab/suite.ts';

t.setTimeout(0);
const lab = await convergedLab();
const root = '/var/backups/gitea';
const on = async (script: string) => (await inside(lab, script)).trimEnd();
const { endpoint, region, env } = lab.aws;
const Bucket = 'prune';
const client = new S3({
  ...{ endpoint, region, forcePathStyle: true },
  credentials: { accessKeyId: env.AWS_ACCESS_KEY_ID!, secretAccessKey: env.AWS_SECRET_ACCESS_KEY! },
});
await client.createBucket({
  ...{ Bucket, ObjectLockEnabledForBucket: true },
  CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' },
});
const DefaultRetention = { Mode: 'GOVERNANCE', Days: 30 } as const;
await client.putObjectLockConfiguration({
  Bucket,
  ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention } },
});
/** As the policy of the host has it: it may take away locks and what is recent. */
const onlyAdd = () => lab.aws.limitDeletes(Bucket, ['*/locks/*', '*/recent/*']);
await onlyAdd();
t.teardown(() => lab.aws.limitDeletes(Bucket, undefined));

const config = await variant(lab, 'prune', {
  ...(await offHost(lab, `${Bucket}/gitea`)),
  'backup.retention': { hours: 0, days: 1, weeks: 0, months: 0, years: 0 },
});
const backup = (...words: string[]) => run(lab, 'backup', words, config);
const good = async (...words: string[]) => {
  const result = await backup(...words);
  if (result.code !== 0) throw new Error(result.said);
  return result.json;
};
interface Listed {
  readonly id: string;
  readonly kind: string;
  readonly places: readonly string[];
}
const list = async () => (await good('--list')).generations as Listed[];
const wholeOffHost = async () =>
  (await list()).filter(({ kind, places }) => kind === 'full' && places.includes('remote')).map(({ id }) => id);

const operator = { AWS_ACCESS_KEY_ID: 'operator', AWS_SECRET_ACCESS_KEY: 'operators-own-0123456789' };
/** With the operator's credentials in the environment, as a shell has them. */
async function prune(...words: string[]): Promise<RunResult> {
  const before = Object.keys(operator).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, operator);
  try {
    return await backup('--prune', ...words);
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}
const confirmed = () => prune('--confirm', lab.domain);

t.test('nothing goes that is not approved, nor behind a generation that was not read back', async (t) => {
  const deployed = await run(lab, 'deploy', ['--yes'], config);
  t.equal(deployed.code, 0, deployed.said);
  for (let count = 0; count < 3; count++) await good('--full');
  const [newest, second, first] = await wholeOffHost();
  const unread = await prune('--preview');
  t.match([unread.code, unread.json], [0, { goes: [first], refused: { what: /has not been read back/ } }], unread.said);
  t.match(await confirmed(), { code: 22, json: { error: { what: /has not been read back/, next: /--verify/ } } });
  await good('--verify');
  const { json } = await prune('--preview');
  t.match(json, {
    ...{ goes: [first], unfinished: [], refused: undefined },
    stays: [
      { id: newest, why: ['one of the newest two', 'the last of its day'] },
      { id: second, why: ['one of the newest two'] },
    ],
  });
  t.ok(json.freed > 0, 'what it would free is reckoned');
  t.match(await backup('--prune', '--confirm', lab.domain), {
    code: 22,
    json: { error: { what: /AWS_ACCESS_KEY_ID/ } },
  });
  t.match(await prune('--confirm', 'another.example.com'), { code: 22 });
  t.equal((await wholeOffHost()).length, 3);
});

t.test('credentials that may only add remove nothing, and are not in the way of the next', async (t) => {
  const refused = await confirmed();
  t.match(refused, {
    code: 20,
    json: { error: { cause: /denied|not authorized/i, next: /Remove what has served its time/ } },
  });
  t.equal((await wholeOffHost()).length >= 2, true);
  await good('--full');
  t.match(await backup('--verify'), { code: 0 });
});

t.test('killed in the middle it leaves a place with which the jobs and the next one go on', async (t) => {
  await lab.aws.limitDeletes(Bucket, undefined);
  const under = prune('--confirm', lab.domain);
  await on(
    `until docker ps --format '{{.Names}}' | grep -qx gitea-backup-prune-remote; do sleep 0.05; done; sleep 1; systemctl kill -s KILL gitea-runbooks-prune; docker kill gitea-backup-prune-remote >/dev/null 2>&1; true`,
  );
  t.match(await under, { code: 20, json: { error: { next: /the same command again/ } } });
  await onlyAdd();
  t.match(await good('--full'), { generations: [{ kind: 'full', places: ['local', 'remote'] }] });
  t.match(await backup('--verify', '--all-data'), { code: 0 });
});

t.test('with an operator that may, only the newest two stay; nothing of the credentials does', async (t) => {
  await lab.aws.limitDeletes(Bucket, undefined);
  const before = await wholeOffHost();
  const done = await confirmed();
  t.match(done, { code: 0, json: { result: /removed, 2 stay/ } }, done.said);
  await onlyAdd();
  t.same(await wholeOffHost(), before.slice(0, 2));
  const { DeleteMarkers = [] } = await client.listObjectVersions({ Bucket, Prefix: 'gitea/archive/' });
  t.ok(DeleteMarkers.length > 0, 'the versions stay below');
  t.equal(
    await on(
      `journalctl --sync; { journalctl -o cat | grep -F ${operator.AWS_SECRET_ACCESS_KEY}; grep -rlF ${operator.AWS_SECRET_ACCESS_KEY} /run/gitea-runbooks /etc /var/lib/gitea-runbooks ${root} /var/lib/docker/containers; } 2>/dev/null || echo none`,
    ),
    'none',
  );
  t.match(await backup('--verify', '--all-data'), { code: 0 });
  t.match(await confirmed(), { code: 0, json: { result: 'nothing has served its time' } });
});

/** A folder of the backups on a small disk of its own, with what was in it and so many MiB more. */
async function onSmallDisk(folder: string, more: number): Promise<void> {
  await on(`cp -a ${root}/${folder} /root/kept-${folder}
size=$(($(du -sm ${root}/${folder} | cut -f1) + ${more}))
mount -t tmpfs -o size=\${size}M,mode=700 tmpfs ${root}/${folder}
chown --reference=/root/kept-${folder} ${root}/${folder}
cp -a /root/kept-${folder}/. ${root}/${folder}/
rm -rf /root/kept-${folder}`);
}
const enlarge = (folder: string) => on(`mount -o remount,size=2g ${root}/${folder}`);
/** What has come meanwhile stays. */
const offSmallDisk = (folder: string) =>
  on(`cp -a ${root}/${folder} /root/kept-${folder} && umount -l ${root}/${folder} && rm -rf ${root}/${folder}/* &&
cp -a /root/kept-${folder}/. ${root}/${folder}/ && rm -rf /root/kept-${folder}`);
const serves = () =>
  on(
    `curl -fsSk --max-time 5 --resolve ${lab.domain}:443:127.0.0.1 https://${lab.domain}/api/healthz | grep -q database:ping`,
  );
const restorable = async () => (await run(lab, 'restore', ['--preview', '--to', 'latest'], config)).code;

t.test('a full staging disk: nothing is begun, the error names it, and the next run with room goes on', async (t) => {
  const before = await list();
  await onSmallDisk('stage', 1);
  await on(`dd if=/dev/zero of=${root}/stage/filler bs=1k 2>/dev/null; true`);
  t.match(await backup(), {
    code: 20,
    json: { error: { cause: /the disk of \S+\/stage has .* left.*docs\/runbooks\/disk-full\.md/s } },
  });
  t.same(await list(), before);
  t.equal(await restorable(), 0);
  await on(`rm ${root}/stage/filler`);
  t.match(await good(), { generations: [{ places: ['local', 'remote'] }] });
  await offSmallDisk('stage');
});

t.test(
  'a local repository that fills while it is written: nothing is left half done, and the disk is not left full',
  async (t) => {
    const [before] = await list();
    await onSmallDisk('archive', 24);
    await on(
      'cd /srv/gitea/gitea/data && install -d -o 1000 -g 1000 data data/attachments && head -c 60M /dev/urandom >data/attachments/large',
    );
    t.match(await backup('--full'), {
      code: 20,
      json: { error: { cause: /the disk of \S+\/archive is full.*no space left on device.*disk-full\.md/s } },
    });
    t.equal((await list())[0]?.id, before?.id);
    t.equal(await restorable(), 0);
    t.ok(Number(await on(`df --output=avail -m ${root}/archive | tail -n 1`)) > 8, 'what was written of it is gone');
    t.match(await backup('--verify', '--all-data'), { code: 0 });
    await enlarge('archive');
    t.match(await good('--full'), { generations: [{ kind: 'full', places: ['local', 'remote'] }] });
    await offSmallDisk('archive');
    await on('rm /srv/gitea/gitea/data/data/attachments/large');
  },
);

t.test('a full disk of the log: the database goes on, and so does the log once there is room', async (t) => {
  await onSmallDisk('wal', 40);
  await on('docker restart gitea-wal-1');
  const write = `docker exec gitea-database-1 psql -U postgres -d gitea -qtAc "select pg_logical_emit_message(true, 'test', repeat('x', 1000000)) from generate_series(1, 16); select pg_switch_wal()" >/dev/null`;
  await on(`for round in 1 2 3 4 5 6; do ${write}; sleep 1; done`);
  await serves();
  t.match(await backup(), { code: 20, json: { error: { cause: /the disk of \S+\/wal (has|is full)/ } } });
  t.equal(await restorable(), 0);
  const status = () =>
    on(
      `docker exec gitea-database-1 psql -U postgres -d gitea -tAc "select wal_status from pg_replication_slots where slot_name = 'gitea_backup'"`,
    );
  t.match(await status(), /reserved|extended/, 'the database keeps what has not arrived, up to its bound');
  await enlarge('wal');
  const [made] = (await good()).generations;
  t.notOk(made.manifest.gap, 'nothing of the log is missing');
  await serves();
  await offSmallDisk('wal');
  await on('docker restart gitea-wal-1');
  t.match(await good(), { generations: [{ places: ['local', 'remote'] }] });
});

t.test('a log that has lost its place meanwhile is begun anew, and the gap is told with its times', async (t) => {
  const [before] = (await good('--list')).generations;
  await on(
    `docker stop gitea-wal-1 >/dev/null; docker exec gitea-database-1 psql -U postgres -qc "select pg_drop_replication_slot('gitea_backup')" >/dev/null`,
  );
  const [made] = (await good()).generations;
  t.match(made, { kind: 'full', manifest: { gap: { from: /^20/, to: /^20/ } } });
  t.ok(made.manifest.gap.from >= before.manifest.at && made.manifest.gap.to <= made.manifest.at);
  t.match(await backup('--verify'), { code: 0 });
});

t.test('and back to the config of the lab', async (t) => {
  t.equal((await run(lab, 'deploy', ['--yes'])).code, 0);
});
