// What backups bring to a host, what their jobs are told, and what they tell.
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { parse } from 'yaml';
import { secondsOf } from '../../../lib/core/duration.ts';
import type { Spec } from '../../../lib/core/spec.ts';
import { remoteFile, stream } from '../../../lib/phases/backup.ts';
import { backupJobs } from '../../../lib/phases/backup-jobs.ts';
import { backupChecks, backupStatus, stateFile } from '../../../lib/phases/backup-watch.ts';
import { contributions, desiredState } from '../../../lib/phases/index.ts';
import { backupPaths, dataPaths } from '../../../lib/phases/layout.ts';
import { input, secretValue } from './input.ts';

const { backup } = input().config;
type Backup = Partial<typeof backup>;
const wantedBy = (more: Backup = {}) => desiredState(input({ config: { backup: { ...backup, ...more } } }));
const fileOf = (specs: readonly Spec[], path: string) => {
  const found = specs.find((spec) => spec.kind === 'file' && spec.path === path);
  return found?.kind === 'file' ? found : undefined;
};
const remote = {
  repository: 'rest:https://backup.corp.test/gitea/',
  environment: { REST_USER: "o'brien $HOME", REST_PASS: { secret: 'backup_access' }, EMPTY: '' },
};

t.test('the directory of the backups is ours, and its parts are its readers’', async (t) => {
  const specs = wantedBy();
  const paths = backupPaths({ backup });
  for (const [name, path] of Object.entries(paths)) {
    const uid = name === 'wal' || name === 'base' ? 999 : 0;
    t.match(
      specs.find(({ id }) => id === `directory:${path}`),
      { mode: '0700', uid, gid: uid },
      name,
    );
  }
  const claim = specs.findIndex(({ id }) => id === `claim:${paths.root}`);
  const below = specs.flatMap((spec, at) =>
    spec.kind === 'directory' && spec.path.startsWith(`${paths.root}/`) ? [at] : [],
  );
  t.ok(claim >= 0 && below.every((at) => at > claim), 'nothing is put in before it is known to be ours');
  t.match(specs[claim], { key: 'backup.local.path', mark: '.gitea-runbooks' });
});

t.test('room for the next file of the log that was made by half goes before the log is received', async (t) => {
  const compose = fileOf(wantedBy(), dataPaths(input().config).compose)!;
  const { entrypoint, command } = parse(String(compose.content)).services.wal;
  const root = t.testdir({ bin: {}, wal: {} });
  const [segment, half] = [16 * 1024 ** 2, 9_437_184];
  const files = { a: segment, 'b.partial': segment, 'c.partial': half, 'd.partial': 0, 'e.partial.txt': half };
  for (const [name, bytes] of Object.entries(files)) {
    writeFileSync(`${root}/wal/${name}`, '');
    truncateSync(`${root}/wal/${name}`, bytes);
  }
  writeFileSync(`${root}/bin/pg_receivewal`, '#!/bin/sh\necho "$*"\n', { mode: 0o755 });
  // As Compose hands it on.
  const words = [...entrypoint, ...command].map((word: string) =>
    word.replaceAll('$$', '$').replaceAll('/wal', `${root}/wal`),
  );
  const path = `${root}/bin:${process.env.PATH}`;
  const { stdout } = spawnSync(words[0]!, words.slice(1), { encoding: 'utf8', env: { PATH: path } });
  t.match(stdout, /^-d host=database user=gitea_backup -w -D \S+ -S gitea_backup -s 1 --no-loop\n$/);
  t.same(readdirSync(`${root}/wal`).sort(), ['a', 'b.partial', 'd.partial', 'e.partial.txt']);
});

t.test('how to get to what is off the host: one file of root’s, which a shell reads as it was meant', async (t) => {
  t.equal(fileOf(wantedBy(), remoteFile), undefined, 'there is none without');
  const file = fileOf(wantedBy({ remote }), remoteFile)!;
  t.match(file, { mode: '0400', uid: 0, gid: 0 });
  t.equal(String(file.content), '<secret backup.remote>', 'shown nowhere');
  const text = (file.content as { reveal: () => string }).reveal();
  const folder = t.testdir({ env: text });
  const { stdout } = spawnSync('/bin/sh', ['-c', `. ${folder}/env; env`], { encoding: 'utf8', env: { HOME: '/h' } });
  const said = stdout.split('\n');
  for (const line of [
    'REMOTE=rest:https://backup.corp.test/gitea',
    "REST_USER=o'brien $HOME",
    `REST_PASS=${secretValue('backup_access')}`,
    'EMPTY=',
  ])
    t.ok(said.includes(line), line);
});

t.test('the receiver: the database’s image, its network, and nothing else', async (t) => {
  const compose = wantedBy().find((spec) => spec.kind === 'compose')!;
  const { wal, database } = parse(compose.text).services;
  t.equal(wal.image, database.image);
  t.same(wal.networks, ['backend']);
  t.equal(wal.ports, undefined);
  t.same(
    wal.volumes.map(({ target, read_only = false }: { target: string; read_only?: boolean }) => [target, read_only]),
    [
      ['/run/secrets/replication', true],
      ['/wal', false],
      ['/base', false],
    ],
  );
  t.match(wal.command.join(' '), `user=${stream.role} -w -D /wal -S ${stream.slot}`);
  for (const setting of ['summarize_wal=on', 'max_slot_wal_keep_size=4GB'])
    t.ok(database.command.includes(setting), setting);
  const plain = parse(wantedBy({ enabled: false }).find((spec) => spec.kind === 'compose')!.text).services;
  t.same(Object.keys(plain), ['database', 'gitea', 'proxy']);
  t.notMatch(plain.database.command.join(' '), 'summarize_wal');
});

t.test('turned off, nothing of it is wanted, and nothing is asked', async (t) => {
  const config = { ...input().config, backup: { ...backup, enabled: false, remote } };
  const { secrets, checks, status, images } = contributions(config);
  t.notMatch(JSON.stringify([secrets, images]), /backup|replication|restic/);
  t.same(
    [...checks, ...status].filter(({ id }) => id.startsWith('backup')),
    [],
  );
  const left = wantedBy({ enabled: false, remote }).filter((spec) => JSON.stringify(spec).includes('/var/backups'));
  t.same(
    left.map(({ id }) => id),
    ['file:/etc/gitea-runbooks/config.json'],
  );
});

t.test('each job starts again well within its objective', async (t) => {
  const seconds = (more: Backup) =>
    Object.fromEntries(
      backupJobs({ backup: { ...backup, ...more } }).flatMap(({ unit, when }) =>
        'seconds' in when ? [[unit, when.seconds]] : [],
      ),
    );
  t.same(seconds({}), { backup: 240 }, 'the log goes nowhere without a place off the host');
  t.same(seconds({ remote }), { backup: 240, wal: 36 });
  const objectives = { database: '10s', repositories: '1m', restore: '30m' };
  t.same(seconds({ remote, objectives }), { backup: 48, wal: 10 }, 'not more often than it can be done');
  t.same(
    backupJobs({ backup }).flatMap(({ unit, words, when }) =>
      'calendar' in when ? [[unit, words, when.calendar]] : [],
    ),
    [
      ['backup-full', 'backup full', '*-*-* 02:10:00'],
      ['verify', 'verify', '*-*-* 05:20:00'],
      ['drill', 'drill', 'Sun *-*-* 04:40:00'],
    ],
  );
  t.same(['90s', '5m', '2h'].map(secondsOf), [90, 300, 7200]);
});

t.test('a unit a job: when, what, how long, and below the people’s work', async (t) => {
  const specs = wantedBy({ remote });
  const text = (unit: string) => String(fileOf(specs, `/etc/systemd/system/gitea-runbooks-${unit}`)?.content);
  for (const [unit, words, limit] of [
    ['backup', 'backup', '1day'],
    ['backup-full', 'backup full', '1day'],
    ['wal', 'wal', '10min'],
  ] as const) {
    const service = text(`${unit}.service`);
    t.match(
      service,
      new RegExp(`^ExecStart=/opt/gitea-runbooks/node/\\S+/bin/node /opt/gitea-runbooks/current/\\S+ ${words}$`, 'm'),
    );
    t.match(service, `TimeoutStartSec=${limit}`);
    for (const line of [
      'Nice=10',
      'IOSchedulingClass=idle',
      'MemoryMax=512M',
      'RequiresMountsFor=/srv/gitea /var/backups/gitea',
    ])
      t.ok(service.split('\n').includes(line), `${unit}: ${line}`);
  }
  t.match(text('backup-full.timer'), /^OnCalendar=\*-\*-\* 02:10:00\n.*\nPersistent=true$/m);
  t.match(text('backup.timer'), /^OnUnitActiveSec=240s$/m);
  t.match(text('wal.timer'), /^OnUnitActiveSec=36s$/m);
  for (const unit of ['backup', 'backup-full', 'wal'])
    t.match(
      specs.find(({ id }) => id === `unit:gitea-runbooks-${unit}.timer`),
      { kind: 'unit', impact: 'none' },
    );
  t.equal(fileOf(wantedBy(), '/etc/systemd/system/gitea-runbooks-wal.timer'), undefined);
});

t.test('doctor: whether the copy is on a disk of its own, and whether one is elsewhere', async (t) => {
  const folder = t.testdir({ data: {} });
  const { config } = input();
  const checksAt = (local: string, more: Backup = {}) =>
    new Map(
      backupChecks({
        ...config,
        host: { ...config.host, dataPath: `${folder}/data` },
        backup: { ...backup, ...more, local: { path: local } },
      }).map((check) => [check.id, check]),
    );
  const answer = (local: string) => {
    const check = checksAt(local).get('backup-disk')!;
    return check.judge(spawnSync('/bin/sh', ['-c', check.script], { encoding: 'utf8' }).stdout.trim());
  };
  t.match(answer(`${folder}/not/there/yet`), { status: 'warn', detail: /same disk as the data/, next: /another disk/ });
  const other = ['/dev/shm', '/proc', '/sys'].find((path) => statSync(path).dev !== statSync(folder).dev)!;
  t.match(answer(`${other}/gitea`), { status: 'pass' });
  t.match(checksAt('/b').get('backup-disk')!.judge(''), { status: 'skip' });
  t.match(checksAt('/b').get('backup-remote')!.judge(''), { status: 'warn', detail: /everything would be lost/ });
  t.match(checksAt('/b', { remote }).get('backup-remote')!.judge(''), { status: 'pass', detail: remote.repository });
});

t.test('status: how old what could be restored is, and where it is', async (t) => {
  const now = Date.parse('2026-11-29T12:00:00Z') / 1000;
  const root = t.testdir({});
  const line = (states: { backup?: unknown; wal?: unknown }, more: Backup = {}) => {
    const config = { ...input().config, backup: { ...backup, ...more, local: { path: root } } };
    for (const job of ['backup', 'wal'] as const) {
      rmSync(stateFile(config, job), { force: true });
      const state = states[job];
      if (state !== undefined)
        writeFileSync(stateFile(config, job), typeof state === 'string' ? state : `${JSON.stringify(state)}\n`);
    }
    const [only] = backupStatus(config);
    const { stdout } = spawnSync('/bin/sh', ['-c', only!.script], { encoding: 'utf8' });
    // The clock is the host's; here it stands still.
    return only!.read(stdout.trim().replace(/^\d+/, String(now)));
  };
  const ago = (seconds: number) => new Date((now - seconds) * 1000).toISOString();
  const of = (seconds: number, degraded: string[] = []) => ({
    ...{ id: 'g', kind: 'partial', at: ago(seconds), degraded, snapshot: 's' },
  });
  t.same(line({ backup: { generation: of(60) } }), {
    good: true,
    text: 'g (partial); on this host only, as of 60 s ago',
  });
  t.match(line({ backup: { generation: of(599) } }), { good: true, text: /10 min ago/ }, 'one run may be under way');
  t.match(line({ backup: { generation: of(601) } }), { good: false });
  const torn = ['a repository was not readable'];
  t.match(line({ backup: { generation: of(60, torn) } }), { good: false, text: /; a repository was not readable$/ });
  const failed = { at: ago(1), what: 'no space' };
  t.match(line({ backup: { generation: of(60), failed } }), { good: false, text: /; no space$/ });
  t.match(line({ backup: { failed } }), { good: false, text: 'no space' });
  t.match(
    line({ backup: { generation: of(60) }, wal: { failed } }),
    { good: true },
    'there is no place to fail to reach',
  );
  t.match(line({ backup: { generation: of(60) } }, { remote }), { good: false, text: /nothing is off the host yet/ });
  t.same(line({ backup: { generation: of(9), shipped: of(7200) }, wal: { at: ago(30), failed } }, { remote }), {
    good: false,
    text: 'g (partial); off the host, as of 2 h ago; the database as of 30 s ago; log of the database: no space',
  });
  t.match(line({ backup: { generation: of(9), shipped: of(9) }, wal: { at: ago(30) } }, { remote }), { good: true });
  for (const none of [undefined, '', '{"torn', '{}'])
    t.match(line({ backup: none }), { good: false, text: /^none yet: npx zx runbooks\/backup/ });
});
