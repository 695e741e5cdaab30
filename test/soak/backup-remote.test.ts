// The place off the host has bad days. Generations on the host go on, the trouble is told, and what is missing follows by itself.
import type { IncomingMessage } from 'node:http';
import path from 'node:path';
import { S3 } from '@aws-sdk/client-s3';
import t, { type Test } from 'tap';
import { generations } from '../../lib/jobs/backup/index.ts';
import { restore } from '../../lib/jobs/restore/index.ts';
import { compare, describe } from '../lab/compare.ts';
import { readLedger } from '../lab/ledger.ts';
import { offHost } from '../lab/off-host.ts';
import { startS3Front, type Toxic } from '../lab/s3-front.ts';
import { atRest, convergedLab, HOST, inside, library, run, soak, variant } from '../lab/suite.ts';
import { startWorkload } from '../lab/workload.ts';

t.setTimeout(0);
const lab = await convergedLab();
const on = async (script: string) => (await inside(lab, script, HOST, 900)).trimEnd();
const { address } = lab.hosts[0]!;
const instance = { on, domain: lab.domain, address, caPath: lab.caPath };
const front = await startS3Front(lab.aws.endpoint);
t.teardown(() => front.close());
const Bucket = 'bad-days';
/** The bridge of the lab, on which the hosts find this machine. */
const here = address.replace(/\d+$/, '1');
const remote = (key: string) => offHost(lab, `${Bucket}/gitea`, { key, at: `http://${here}:${front.port}` });
const objectives = { database: '60s', repositories: '5m' };
const file = await variant(lab, 'backup-remote', { ...(await remote('lab')), 'backup.objectives': objectives });
const renewed = await variant(lab, 'backup-renewed', {
  ...(await remote('new')),
  'backup.objectives': objectives,
});
const ledgerFile = path.join(t.testdir({}), 'ledger');

// Objects are locked, and the host may take away its locks and what is between the whole generations.
const { endpoint, region, env } = lab.aws;
const credentials = { accessKeyId: env.AWS_ACCESS_KEY_ID!, secretAccessKey: env.AWS_SECRET_ACCESS_KEY! };
const s3 = new S3({ endpoint, region, forcePathStyle: true, credentials });
const place = { CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } } as const;
await s3.createBucket({ Bucket, ObjectLockEnabledForBucket: true, ...place });
const Rule = { DefaultRetention: { Mode: 'COMPLIANCE', Days: 30 } } as const;
await s3.putObjectLockConfiguration({ Bucket, ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule } });
await lab.aws.limitDeletes(Bucket, ['*/locks/*', '*/recent/*']);
t.teardown(() => lab.aws.limitDeletes(Bucket, undefined));

const deployed = await run(lab, 'deploy', ['--yes'], file);
if (deployed.code !== 0) throw new Error(deployed.said);

const listed = async () => {
  const { config, host } = await library(file);
  return generations(config, host).finally(() => host.close());
};
const state = async (job: 'backup' | 'wal') => JSON.parse(await on(`cat /var/backups/gitea/state.${job}.json`));
const write = () =>
  on(
    `docker exec gitea-database-1 psql -U postgres -d gitea -tAc "select pg_logical_emit_message(true, 'test', 'x', true)"`,
  );
/** Both jobs at once, as their timers start them; gives how each ended, and its seconds. */
const both = async () => {
  await write();
  const job = (name: string) =>
    `{ began=$(date +%s); systemctl start gitea-runbooks-${name} && how=good || how=failed; echo "${name} $how $(($(date +%s) - began))"; }`;
  const { stdout } = await lab.exec(HOST, `${job('backup')} & ${job('wal')} & wait`, { timeout: 900 });
  const of = (name: string) => {
    const [, how, seconds] = new RegExp(`${name} (\\w+) (\\d+)`).exec(stdout) ?? [];
    return { how, seconds: Number(seconds) };
  };
  return { backup: of('backup'), wal: of('wal') };
};

t.test('a place whose objects are locked gets whole generations, and the log', async (t) => {
  const workload = await startWorkload(instance, { file: ledgerFile, prefix: 'remote', rate: 3 });
  t.teardown(() => workload.stop());
  await workload.more(15);
  t.equal(await on('systemctl start gitea-runbooks-backup-full && echo good'), 'good');
  t.match(await both(), { backup: { how: 'good' }, wal: { how: 'good' } });
  t.match((await listed())[0], { kind: 'partial', places: ['local', 'remote'] });
  await workload.more(5);
});

/** Nothing begins by itself, and nothing is on its way. */
const quiet = () =>
  on(
    `systemctl stop gitea-runbooks-backup.timer gitea-runbooks-wal.timer; ${atRest('gitea-runbooks-backup', 'gitea-runbooks-wal')}; until ! systemctl is-active -q gitea-runbooks-ship || [ "$(systemctl show --value -p SubState gitea-runbooks-ship)" = exited ]; do sleep 1; done`,
  );

/** A bad day: what is told, and what becomes of it when it is over. */
async function badDay(t: Test, toxic: Toxic, said: RegExp, over?: () => Promise<void>) {
  const before = (await listed()).map(({ id }) => id);
  // What is on its way when the day turns bad goes on trying; this is about what begins then.
  await quiet();
  front.toxic = toxic;
  front.met();
  const { backup, wal } = await both();
  t.ok(front.met() > 0);
  t.same([backup.how, wal.how], ['failed', 'failed']);
  t.ok(wal.seconds < 360, `the log's job ends after ${wal.seconds} s`);
  t.match(await state('backup'), { failed: { what: /on this host only/ } });
  t.match(await state('wal'), { failed: { what: /could not be brought off the host/ } });
  t.match(await on('journalctl -o cat -u gitea-runbooks-backup -u gitea-runbooks-wal -n 40'), said);
  const status = await run(lab, 'status', [], file);
  const line = status.json.lines.find(({ title }: { title: string }) => title === 'Last backup');
  t.match(line, { good: false, text: /on this host only.*log of the database/ });
  if (over) await over();
  else front.toxic = undefined;
  // A deploy starts the timers, and a run of theirs may have begun before it was over.
  await quiet();
  const local = (await listed()).filter(({ id }) => !before.includes(id));
  t.same(
    local.map(({ places }) => places),
    [['local']],
    'the generation is there, on the host, and no half of it off it',
  );
  t.match(await both(), { backup: { how: 'good' }, wal: { how: 'good' } }, 'the next runs make up for it');
  t.match((await listed())[0], { places: ['local', 'remote'] });
  t.equal((await state('backup')).failed ?? (await state('wal')).failed, undefined);
}

const refuse = (status: number, code: string, message: string) => ({ refuse: [status, code, message] as const });
const isPut: Pick<Toxic, 'only'> = { only: ({ method }) => method === 'PUT' };

t.test('it is away', (t) => badDay(t, { does: 'down' }, /EOF|connection|retrying/));

t.test('it lets nothing be put', (t) =>
  badDay(t, { ...isPut, does: refuse(403, 'AccessDenied', 'Access Denied.') }, /Access Denied/),
);

const expired = refuse(400, 'ExpiredToken', 'The provided token has expired.');
const signedBy = (key: string, { headers }: IncomingMessage) =>
  headers.authorization?.includes(`Credential=${key}/`) ?? true;
const renew = (t: Test, config: string) => async () => {
  const { code, said } = await run(lab, 'deploy', ['--yes'], config);
  t.equal(code, 0, said);
};

t.test('the credentials expire, and are renewed by a deploy', (t) =>
  badDay(t, { only: (request) => signedBy('lab', request), does: expired }, /token has expired/, renew(t, renewed)),
);

t.test(
  'they expire in the middle of what is sent: it is told by what has not arrived, and goes on once they are renewed',
  async (t) => {
    await on(
      "docker exec gitea-gitea-1 sh -c 'head -c 60000000 /dev/urandom >/var/lib/gitea/data/attachments/expiry-test'",
    );
    let sent = 0;
    const later = (request: IncomingMessage) => {
      sent += Number(request.headers['content-length'] ?? 0);
      return sent > 30_000_000 && signedBy('new', request);
    };
    front.toxic = { only: later, does: expired };
    const { backup } = await both();
    t.comment(`the run has ended ${backup.how} after ${backup.seconds} s, ${sent} bytes`);
    t.ok(sent > 30_000_000);
    const { generation, shipped } = await state('backup');
    t.ok(shipped.at < generation.at, 'it has not arrived');
    t.match(await on('journalctl -o cat -u gitea-runbooks-backup -u gitea-runbooks-ship -n 20'), /token has expired/);
    await renew(t, file)();
    // With the credentials that it began with the copy would go on trying for a quarter of an hour.
    await on('systemctl start gitea-runbooks-backup');
    t.match((await listed())[0], { places: ['local', 'remote'] });
    t.match((await state('backup')).failed, undefined);
    front.toxic = undefined;
  },
);

t.test(
  'the connection goes in the middle of what is sent: the copy goes on trying, and no generation waits',
  async (t) => {
    const data: Toxic['only'] = ({ method, url }) => method === 'PUT' && /\/data\//.test(url ?? '');
    await on(
      `docker exec gitea-gitea-1 sh -c 'head -c 3000000 /dev/urandom >/var/lib/gitea/data/attachments/cut-test'`,
    );
    front.toxic = { only: data, does: { cut: 1000 } };
    t.equal(await on('systemctl start gitea-runbooks-backup && echo good'), 'good');
    t.match(
      await on('journalctl -o cat -u gitea-runbooks-backup -n 8'),
      /on its way off the host, which goes on by itself/,
    );
    t.match((await listed())[0], { places: ['local'] });
    t.equal(await on('systemctl start gitea-runbooks-backup && echo good'), 'good', 'and the next one is made on time');
    front.toxic = undefined;
    await on(
      'until ! systemctl is-active -q gitea-runbooks-ship || [ "$(systemctl show --value -p SubState gitea-runbooks-ship)" = exited ]; do sleep 1; done',
    );
    t.equal(await on('systemctl start gitea-runbooks-backup && echo good'), 'good');
    t.match((await listed())[0], { places: ['local', 'remote'] });
  },
);

t.test(
  'a clock that is wrong, a line that is slow, a place that says nothing',
  { skip: soak ? false : 'soak' },
  async (t) => {
    await t.test('clock', (t) =>
      badDay(
        t,
        {
          does: refuse(
            403,
            'RequestTimeTooSkewed',
            'The difference between the request time and the current time is too large.',
          ),
        },
        /too large/,
      ),
    );
    await t.test('hang', (t) => badDay(t, { does: 'hang' }, /on this host only/));
    await t.test('slow', async (t) => {
      front.toxic = { does: { slow: 100_000 } };
      t.match(await both(), { backup: { how: 'good' } });
      front.toxic = undefined;
    });
  },
);

t.test('what is off the host is whole: it comes back, and the ledger agrees', async (t) => {
  front.toxic = undefined;
  t.equal(await on('systemctl start gitea-runbooks-backup && echo good'), 'good');
  const [newest] = await listed();
  const { config, host } = await library(renewed);
  t.teardown(() => host.close());
  await restore(config, host, { to: newest!.id, from: 'remote' });
  const found = await compare(readLedger(ledgerFile), instance, { until: new Date(newest!.manifest!.at) });
  t.same(found.missing, [], describe(found));
  await restore(config, host, { instead: 'discard-old' });
  t.equal((await run(lab, 'deploy', ['--yes'])).code, 0, 'back to the config of the lab');
});
