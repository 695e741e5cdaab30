import t from 'tap';
import { parseConfig } from '../../../lib/config/load.ts';
import { namesGiven } from '../../../lib/config/rules/secret-names.ts';
import { backupJobs } from '../../../lib/phases/backup-jobs.ts';
import { good, goodWith, lines, problemsOf } from './sample.ts';

const of = (text: string) => problemsOf(goodWith(`backup: ${text}`));
const remote = (repository: string, environment = '{}') =>
  of(`{remote: {repository: '${repository}', environment: ${environment}}}`);
const parsed = (text: string) => parseConfig(text, 'f.yaml', { placeholders: 'allow' });

t.test('the directory on the host is one of its own, beside the data', async (t) => {
  for (const path of ['/var/backups/gitea', '/mnt/backup', '/mnt/backup/gitea/', '/srv/gitea-backups', '/data/b'])
    t.same(of(`{local: {path: ${path}}}`), [], path);
  for (const [path, message] of [
    ['/var/backups', 'a directory of the system, .* did you mean "/var/backups/gitea"'],
    ['/etc/gitea', 'within /etc of the system, .* /var/backups/gitea'],
    ['/var/lib/docker/x', 'within /var/lib/docker'],
    ['/mnt/../etc', 'allowed is a path without'],
    ['/', 'a directory of the system'],
    ['/srv/gitea', 'which is host\\.dataPath "/srv/gitea", allowed is a directory beside it'],
    ['/srv/gitea/', 'which is host\\.dataPath'],
    ['/srv/gitea/backups', 'which lies within host\\.dataPath'],
  ] as const)
    t.match(of(`{local: {path: ${path}}}`), [new RegExp(`^f\\.yaml:9:24 backup\\.local\\.path: .*${message}`)], path);
  const around = `${good.replace('domain:', '  dataPath: /mnt/b/gitea\ndomain:')}backup: {local: {path: /mnt/b}}\n`;
  t.match(problemsOf(around), [
    /^f\.yaml:10:24 backup\.local\.path: .*which lies around host\.dataPath "\/mnt\/b\/gitea"/,
  ]);
  const moved = good.replace('domain:', '  dataPath: /var/backups/gitea/data\ndomain:');
  t.match(
    problemsOf(moved),
    [/^f\.yaml:3:13 backup\.local\.path: /],
    'a default is shown where the other value stands',
  );
  t.equal(parsed(goodWith('backup: {local: {path: /mnt/b/}}')).config?.backup.local.path, '/mnt/b');
});

t.test('what comes by a calendar comes every day', async (t) => {
  for (const calendar of ['daily', "'02:10'", "'*-*-* 02:10:00 Europe/Vienna'"])
    t.same(of(`{calendar: ${calendar}, verifyCalendar: ${calendar}}`), [], calendar);
  for (const [calendar, message] of [
    ['weekly', 'does not come every day, allowed is at least once a day'],
    ["'Mon..Fri 02:00'", 'does not come every day'],
    ["'25:00'", 'is not a calendar expression'],
    ["''", 'names no time'],
    ['"a\\nb"', 'is not a calendar expression'],
  ] as const)
    for (const key of ['calendar', 'verifyCalendar'])
      t.match(
        of(`{${key}: ${calendar}}`),
        [new RegExp(`^f\\.yaml:9:${12 + key.length} backup\\.${key}: .*${message}`)],
        `${key} ${calendar}`,
      );
});

t.test('objectives are what the timers can meet, with the arithmetic', async (t) => {
  for (const text of ['database: 20s', 'database: 5m', 'repositories: 1m', 'repositories: 24h', 'restore: 168h'])
    t.same(of(`{objectives: {${text}}}`), [], text);
  for (const [text, path, message] of [
    ['database: 19s', 'database', 'is 19s, allowed is 20s to 1h: the log leaves the host after each 0\\.6 of it'],
    ['database: 61m', 'database', 'is 61m, allowed is 20s to 1h'],
    ['repositories: 59s', 'repositories', 'is 59s, allowed is 1m to 24h: a generation begins after each 0\\.8 of it'],
    ['repositories: 25h', 'repositories', 'is 25h, allowed is 1m to 24h'],
    ['restore: 59s', 'restore', 'is 59s, allowed is 1m to 168h'],
    ['restore: 999999h', 'restore', 'is 999999h, allowed'],
    ['database: 0s', 'database', 'allowed is a number with s, m or h'],
    ['database: 90', 'database', 'is the number 90'],
    ['database: 1d', 'database', 'allowed is a number with s, m or h'],
    ['database: "60s\\n"', 'database', 'allowed is a number with s, m or h'],
    ['database: 10m', 'database', 'is 10m, longer than the 5m of backup\\.objectives\\.repositories'],
  ] as const) {
    const said = of(`{objectives: {${text}}}`);
    t.match(said, [new RegExp(`^f\\.yaml:9:\\d+ backup\\.objectives\\.${path}: .*${message}`)], text);
    t.equal(said.length, 1, text);
  }
  for (const [database, most, repositories, mostOf] of [
    ['20s', 20, '1m', 60],
    ['1h', 3600, '24h', 86400],
  ] as const) {
    const text = goodWith(
      `backup: {objectives: {database: ${database}, repositories: ${repositories}}, remote: {repository: 'rest:https://b.test'}}`,
    );
    const { backup } = parsed(text).config!;
    const every = (unit: string) => {
      const when = backupJobs({ backup }).find((job) => job.unit === unit)?.when;
      return when && 'seconds' in when ? when.seconds : Number.NaN;
    };
    t.ok(every('backup') < mostOf, 'the timer leaves time for the run');
    t.ok(every('wal') < most, 'and so does that of the log');
  }
});

t.test('something is kept', async (t) => {
  const none = 'retention: {hours: 0, days: 0, weeks: 0, months: 0, years: 0}';
  t.match(of(`{${none}}`), [/^f\.yaml:9:21 backup\.retention: is 0 five times, which keeps nothing/]);
  t.same(of(`{enabled: false, ${none}}`), []);
  t.same(of(`{${none.replace('days: 0', 'days: 1')}}`), []);
  t.match(of('{retention: {days: -1, weeks: 1.5, years: 1001}}'), [
    /retention\.days/,
    /retention\.weeks/,
    /retention\.years/,
  ]);
});

t.test('the forms in which restic takes an address, each with room for a name below it', async (t) => {
  for (const address of [
    's3:https://s3.eu-central-1.amazonaws.com/bucket',
    's3:http://10.0.0.5:9000/bucket/a/b',
    's3:s3.corp.test/bucket',
    's3://s3.corp.test/bucket/x',
    'rest:https://backup.corp.test',
    'rest:https://[fd00::1]:8000/gitea/',
    'sftp:backup@nas.corp.test:/srv/gitea',
    'sftp:nas:gitea',
    'sftp://backup@nas.corp.test:2222//srv/gitea',
    'b2:gitea-backup:x',
    'azure:gitea:/',
    'gs:gitea:/x',
    'swift:gitea:/x',
  ])
    t.same(remote(address), [], address);
  for (const [address, message] of [
    ['s3:https://s3.corp.test', 'which names no bucket'],
    ['s3:https://s3.corp.test/', 'which names no bucket'],
    ['s3:bucket', 'which names no bucket'],
    ['s3:https://s3.corp.test/bucket?x=1', 'with "\\?" or "#"'],
    ['rest:http+unix:///run/x', 'allowed is rest:https'],
    ['rest:backup.corp.test', 'allowed is rest:https'],
    ['rest:https://back_up.test/x', 'allowed is rest:https'],
    ['sftp:nas.corp.test', 'allowed is sftp:USER@HOST:/PATH'],
    ['sftp:nas.corp.test:~/x', 'does not understand'],
    ['b2:short', 'did you mean "b2:short:/"'],
    ['b2:ab:/', 'a name of 6 to 50 letters'],
    ['azure:gitea', 'did you mean "azure:gitea:/"'],
    ['gs:Gitea:/', 'a name of small letters'],
    ['swift:gitea:x', 'does not begin with "/"'],
    ['rest:https://b.test/a/../b', 'without "\\." and "\\.\\."'],
    [`rest:https://b.test/${'x'.repeat(500)}`, 'too long'],
    ['rest:https://b.test/ü', 'signs of ASCII'],
    ['/srv/backups', 'an address as restic writes it'],
    ['rclone:x:y', 'an address as restic writes it'],
    ['constructor:x', 'an address as restic writes it'],
    ['', 'is the text "", allowed are'],
  ] as const) {
    const said = remote(address);
    t.match(said, [new RegExp(`^f\\.yaml:9:31 backup\\.remote\\.repository: .*${message}`)], address);
    t.equal(said.length, 1, address);
  }
  for (const address of [
    'rest:https://me:hunter22@b.test/',
    'rest:https://hunter22@b.test/',
    's3:https://key:hunter22@s3.corp.test/b',
    'sftp:me:hunter22@nas:/x',
    'sftp://me:hunter22@nas/x',
  ]) {
    t.match(remote(address), [/^f\.yaml:9:31 backup\.remote\.repository: holds a /], address);
    t.notMatch(remote(address).join(), 'hunter22', 'and it is not repeated');
  }
  for (const address of [
    's3:https://s3.example.com/b',
    's3:s3.example.com/b',
    'rest:https://192.0.2.1/',
    'sftp:a@nas.example.org:/x',
  ])
    t.match(remote(address), [/repository: placeholder value left in/], address);
  t.match(of('{remote: {}}'), [/backup\.remote\.repository: is missing/]);
});

t.test('variables: names of the place, texts on one line, secrets by reference', async (t) => {
  const server = 'rest:https://b.test/x';
  const env = (text: string) => remote(server, text);
  t.same(env('{AWS_ACCESS_KEY_ID: me, AWS_SECRET_ACCESS_KEY: {secret: backup_access}, AWS_DEFAULT_REGION: ""}'), []);
  t.same(
    env('{RESTIC_REST_USERNAME: me, RESTIC_REST_PASSWORD: {secret: x}, HTTPS_PROXY: "http://proxy.test:3128"}'),
    [],
  );
  for (const [name, message] of [
    ['RESTIC_PASSWORD', 'set for restic themselves'],
    ['RESTIC_PASSWORD_COMMAND', 'set for restic themselves'],
    ['RESTIC_REPOSITORY_FILE', 'set for restic themselves'],
    ['RESTIC_CACHE_DIR', 'set for restic themselves'],
    ['REMOTE', 'set for restic themselves'],
    ['GOMEMLIMIT', 'set for restic themselves'],
    ['PATH', 'how programs run'],
    ['HOME', 'how programs run'],
    ['LD_PRELOAD', 'how programs run'],
    ['IFS', 'how programs run'],
    ['GOOGLE_APPLICATION_CREDENTIALS', 'names a file'],
    ['AWS_SHARED_CREDENTIALS_FILE', 'names a file'],
    ['base', 'capital letters'],
    ["'A B'", 'capital letters'],
    ["'A=1; reboot'", 'capital letters'],
    ["'1A'", 'capital letters'],
    ['Ä', 'capital letters'],
    ["''", 'capital letters'],
  ] as const) {
    const said = env(`{${name}: {secret: x}}`);
    t.match(
      said,
      [new RegExp(`^f\\.yaml:9:70 backup\\.remote\\.environment.*: is a variable called .*${message}`)],
      name,
    );
    t.equal(said.length, 1, name);
  }
  for (const name of [
    'AWS_SECRET_ACCESS_KEY',
    'RESTIC_REST_PASSWORD',
    'B2_ACCOUNT_KEY',
    'OS_AUTH_TOKEN',
    'AZURE_ACCOUNT_SAS',
  ]) {
    const [said, ...more] = env(`{${name}: hunter22}`);
    t.match(said, /is a credential in clear, allowed is a reference - write \{ secret: NAME \}/, name);
    t.notMatch(said, 'hunter22');
    t.same(more, []);
  }
  t.match(env('{HTTPS_PROXY: "http://me:hunter22@proxy.test"}'), [/holds a password/]);
  t.match(env('{A: "a\\nb"}'), [/A: holds a line break/]);
  t.match(env('{A: "\\u0000"}'), [/A: /]);
  t.match(env('{A: 1}'), [/A: is the number 1/]);
  t.match(env('{A: {secret: gitea_x}}'), [/environment\.A\.secret: .*keep for themselves/]);
  for (const name of ['backup_key', 'replication_password'])
    t.match(env(`{A: {secret: ${name}}}`), [/keep for themselves/], name);
  t.match(env(`{${Array.from({ length: 51 }, (_, at) => `A${at}: x`).join(', ')}}`), [/has 51 variables/]);
  const { config } = parsed(goodWith(`backup: {remote: {repository: '${server}', environment: {A: {secret: b}}}}`));
  t.same(namesGiven(config!), ['b']);
});

t.test('a password that is sent in clear is warned of', async (t) => {
  const secret = '{RESTIC_REST_PASSWORD: {secret: x}}';
  const text = goodWith(`backup: {remote: {repository: 'rest:http://b.test/', environment: ${secret}}}`);
  const { problems, config } = parsed(text);
  t.match(problems, [{ severity: 'warning', path: 'backup.remote.repository', message: /sent in clear - use https/ }]);
  t.ok(config);
  t.same(lines(parsed(text.replace('http:', 'https:')).problems), []);
});

t.test('on AWS the place off the host is the bucket that infra makes', async (t) => {
  const aws = (more: string, region = 'eu-central-1') =>
    `${good.replace('address: git-host.corp.test', 'provider: aws')}aws: {accountId: '210987654321', region: ${region}, sshFrom: [10.0.0.0/8]${more}}\n`;
  const of = (text: string) => parsed(text).config?.backup.remote;
  const bucket = 'gitea-backup-210987654321-eu-central-1';
  t.same(of(aws('')), { repository: `s3:https://s3.eu-central-1.amazonaws.com/${bucket}`, environment: {} });
  t.equal(
    of(aws('', 'cn-north-1'))?.repository,
    `s3:https://s3.cn-north-1.amazonaws.com.cn/${bucket.replace('eu-central-1', 'cn-north-1')}`,
  );
  t.equal(of(aws(', backupBucket: own'))?.repository, 's3:https://s3.eu-central-1.amazonaws.com/own');
  t.equal(of(aws(", endpoint: 'http://10.0.0.7:5000'"))?.repository, `s3:http://10.0.0.7:5000/${bucket}`);
  t.equal(of(`${aws('')}backup: {remote: {repository: 'rest:https://b.test/'}}\n`)?.repository, 'rest:https://b.test/');
  t.equal(of(good), undefined);
  const { config } = parsed(aws(''));
  const { address: _unknown, ...host } = config!.host;
  const again = parseConfig(JSON.stringify({ ...config, host }), 'f.json');
  t.same(again.config?.backup, config?.backup, 'and it resolves to itself');
});

t.test('all that is wrong is told at once, each with its place', async (t) => {
  const said = problemsOf(`${good}backup:
  local: { path: /etc }
  remote:
    repository: rest:https://me:pw@b.test
    environment: { PATH: x, AWS_SECRET_ACCESS_KEY: pw }
  objectives: { database: 1s, repositories: 48h }
  calendar: monthly
  retention: { hours: 0, days: 0, weeks: 0, months: 0, years: 0 }
`);
  t.match(said, [
    /^f\.yaml:10:18 backup\.local\.path: /,
    /^f\.yaml:12:17 backup\.remote\.repository: /,
    /^f\.yaml:13:20 backup\.remote\.environment\.PATH: /,
    /^f\.yaml:13:52 backup\.remote\.environment\.AWS_SECRET_ACCESS_KEY: /,
    /^f\.yaml:14:27 backup\.objectives\.database: /,
    /^f\.yaml:14:45 backup\.objectives\.repositories: /,
    /^f\.yaml:15:13 backup\.calendar: /,
    /^f\.yaml:16:14 backup\.retention: /,
  ]);
  t.equal(said.length, 8);
});
