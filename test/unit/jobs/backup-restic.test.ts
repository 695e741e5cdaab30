import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import t from 'tap';
import type { Config } from '../../../lib/config/config.types.ts';
import { answering, listing, type ResticCall, resticOn } from '../../../lib/jobs/backup/store/restic.ts';
import { configIn, played, remote } from './backups.ts';

/** What Docker is told for a call. */
async function told(config: Config, call: Partial<ResticCall>) {
  const { host, commands } = played();
  await resticOn(
    host,
    config,
    200,
  )({ what: 'look', place: 'local', script: 'archive snapshots', timeout: 60, ...call });
  const [text = ''] = commands;
  const mounts = [...text.matchAll(/type=bind,source=([^,\s']+),target=([^,\s']+)(,readonly)?/g)];
  return { text, mounts: mounts.map(([, source, target, only]) => [source, target, only ? 'read' : 'write']) };
}

t.test('it takes what people leave of one processor, and all of them where everybody waits for it', async (t) => {
  const config = configIn(t.testdir());
  t.match((await told(config, {})).text, / --cpu-shares 128 -e GOMAXPROCS=1 /);
  t.notMatch((await told(config, { urgent: true })).text, /cpu-shares|GOMAXPROCS/);
});

t.test('on the host restic has no network, and writes to its repositories and its cache alone', async (t) => {
  const root = t.testdir();
  const mounts = [{ source: '/srv/gitea/gitea/data', target: '/generation/data' }];
  const { text, mounts: found } = await told(configIn(root, { remote }), { mounts });
  t.match(
    text,
    /^docker rm -f gitea-backup-look .*\nexec docker run --rm --name gitea-backup-look --pull never --network none /,
  );
  t.same(found, [
    [`${root}/backups`, '/local', 'write'],
    [`${root}/backups/cache`, '/cache', 'write'],
    ['/etc/gitea-runbooks/secrets/backup_key', '/run/secrets/key', 'read'],
    ['/srv/gitea/gitea/data', '/generation/data', 'read'],
  ]);
  for (const words of [
    '--read-only',
    '--cap-drop ALL --cap-add DAC_READ_SEARCH --security',
    '--memory 200m',
    'no-new-privileges:true',
  ])
    t.match(text, words);
  t.match(text, /GOMEMLIMIT=160MiB/);
  t.notMatch(text, /--privileged|docker\.sock|CHOWN/);
});

t.test("who only looks is in nobody's way: a name of its own, and an end by itself", async (t) => {
  const { text } = await told(configIn(t.testdir()), { looks: true });
  t.match(text, `--name gitea-backup-look-${process.pid} `);
  t.match(text, `--hostname gitea-backup-look-${process.pid}-`);
  t.match(text, '\nlimit=60\narchive snapshots');
});

t.test('the key and the credentials of the place come as files, never as words', async (t) => {
  const secret = { repository: remote.repository, environment: { AWS_ACCESS_KEY_ID: 'given-as-text' } };
  const { text, mounts } = await told(configIn(t.testdir(), { remote: secret }), { place: 'remote' });
  t.notMatch(text, /given-as-text|s3\.example\.com|RESTIC_PASSWORD=|AWS_/);
  t.match(text, 'RESTIC_PASSWORD_FILE=/run/secrets/key');
  t.match(text, /\. \/run\/secrets\/remote; base=\$REMOTE/);
  t.ok(mounts.some(([source, , mode]) => source === '/etc/gitea-runbooks/backup-remote.env' && mode === 'read'));
  t.match(text, '--network host');
  t.notOk(mounts.some(([source]) => source === '/root/.ssh'));
});

t.test('a place behind SSH is reached as root reaches it', async (t) => {
  const sftp = { repository: 'sftp:backup@backup.example.com:/gitea', environment: {} };
  const config = configIn(t.testdir(), { remote: sftp });
  const has = async (place: 'local' | 'remote') =>
    (await told(config, { place })).mounts.filter(([source]) => source === '/root/.ssh');
  t.same(await has('remote'), [['/root/.ssh', '/root/.ssh', 'read']]);
  t.same(await has('local'), []);
});

t.test('the limit of the way out is told where there is one', async (t) => {
  const root = t.testdir();
  t.match(
    (await told(configIn(root, { remote: { ...remote, uploadLimit: 1024 } }), { place: 'remote' })).text,
    ' --limit-upload 1024 ',
  );
  t.notMatch((await told(configIn(root, { remote }), { place: 'remote' })).text, '--limit-upload');
});

t.test('only what brings files back may give them to their owners', async (t) => {
  const config = configIn(t.testdir());
  t.match(
    (await told(config, { restores: true })).text,
    '--cap-add CHOWN --cap-add DAC_OVERRIDE --cap-add FOWNER --security',
  );
});

t.test('of a list comes what is asked for, and not the thousands of paths that snapshots of changes name', (t) => {
  const file = `${t.testdir()}/list`;
  const odd = ['/a/"tree":"00"', '/b/]"tags":["manifest=x"],"id":"11"', '/c/\\'];
  const many = Array.from({ length: 2000 }, (_, at) => `/generation/data/git/repositories/owner/repository-${at}.git`);
  const summary = { backup_start: '2026-11-30T02:00:00Z', data_added_packed: 12, total_bytes_processed: 34 };
  const found = [
    { tree: 'aa', paths: [...odd, ...many], tags: ['generation=1', 'kind=partial'], summary, id: 'cc' },
    { tree: 'bb', paths: many, tags: ['wal'], id: 'dd' },
    { tree: 'ee', paths: ['/x'], id: 'ff' },
  ];
  const list = found.map((one) => ({ time: 'now', parent: '99', ...one, short_id: one.id.slice(0, 1) }));
  const asked = (content: string, code: number) => {
    writeFileSync(file, content);
    const script = `run() { cat '${file}'; return ${code}; }\n${listing}\nsnapshots archive`;
    const { stdout, status } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
    return { stdout, status };
  };
  const { stdout, status } = asked(`${JSON.stringify(list)}\n`, 0);
  t.equal(status, 0);
  t.same(
    JSON.parse(stdout),
    found.map(({ paths: _, ...rest }) => ({ time: 'now', ...rest })),
  );
  t.same(asked('[]', 0).stdout.trim(), '', 'one that holds nothing, as one that is not there');
  t.equal(asked('', 10).status, 10);
  t.match(listing, '--no-lock', 'a place that only takes is enough');
  t.end();
});

t.test('a place that does not answer in time is told with what it was tried again for', (t) => {
  const retries = ['EOF', 'The provided token has expired.'].map(
    (why) => `Stat(<config/>) returned error, retrying after 1.4s: client.GetObject: ${why}`,
  );
  const last = [
    'signal terminated received, cleaning up',
    'Fatal: unable to open config file: context canceled',
    's3:x',
  ];
  const asked = (lines: readonly string[], code: number) => {
    const script = `base=s3:x
timeout() { cat; return ${code}; }
${answering}
answers recent
echo goes on`;
    const { stdout, stderr, status } = spawnSync('sh', ['-c', script], { input: lines.join('\n'), encoding: 'utf8' });
    return { stdout, said: stderr.trim().split('\n'), status };
  };
  t.same(asked([...retries, ...last], 124), { stdout: '', said: [retries[1]], status: 124 });
  t.same(asked(last, 124), { stdout: '', said: last, status: 124 }, 'one that says nothing at all');
  t.same(asked(retries, 0), { stdout: 'goes on\n', said: [''], status: 0 });
  t.end();
});

t.test('before a place is listed it has to answer; one that holds nothing yet does', (t) => {
  const asked = (base: string, code: number) => {
    const script = `base=${base}\ntimeout() { echo asked; return ${code}; }\n${answering}\nreached\necho goes on`;
    const { stdout, stderr, status } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
    return [stdout.trim(), stderr.trim(), status];
  };
  t.same(asked('s3:x', 0), ['goes on', '', 0]);
  t.same(asked('s3:x', 10), ['goes on', 'asked', 0]);
  t.same(asked('s3:x', 124), ['', 'asked', 124]);
  t.same(asked('/local', 124), ['goes on', '', 0], 'the disk of the host is there');
  t.end();
});
