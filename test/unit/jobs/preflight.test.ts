import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import t from 'tap';
import { parseConfig } from '../../../lib/config/load.ts';
import type { HostFacts } from '../../../lib/core/facts.ts';
import { parseFacts } from '../../../lib/engine/facts.ts';
import { parseRuns } from '../../../lib/engine/record.ts';
import { preflight } from '../../../lib/jobs/doctor/preflight.ts';
import { preflightScript } from '../../../lib/jobs/doctor/preflight-script.ts';
import { report } from '../../../lib/jobs/status/index.ts';
import { contributions } from '../../../lib/phases/index.ts';

const { config } = parseConfig(
  `host: { address: 203.0.113.10 }
domain: git.example.com
admin: { username: gitadmin, email: ops@example.com }
tls: { email: ops@example.com }
backup: { remote: { repository: 'rest:https://backup.example.com/gitea' } }
`,
  'gitea.config.yaml',
  { placeholders: 'allow' },
);

const facts: HostFacts = parseFacts(
  `ID=debian
VERSION_ID="13"
PRETTY_NAME="Debian GNU/Linux 13 (trixie)"
arch=x86_64
kernel=6.12.1
mem=4030000
swap=0
cpus=2
clock=1800000000
hostname=git`,
  'host',
);

const good = `disk\t/\t40000\t20000
inodes\t/\t1000000\t900000
systemd\tsystemd
timesync\tyes\tnone
check\tsshd\t1
check\tcalendar\tyes
check\tbackup-disk\tother
check\tbackup-restore-time\t{"at":"2026-11-29T04:40:00Z","result":"passed","rto":60000}
reach\tregistry\t401
reach\tacme\t200
port\t0.0.0.0:22\tusers:(("sshd",pid=1,fd=3))
`;

const look = (text: string, more: Partial<HostFacts> = {}) => {
  const { results, deployed } = preflight({ config: config!, facts: { ...facts, ...more }, text, now: 1_800_000_001 });
  return { deployed, of: new Map(results.map((result) => [result.id, result])), results };
};

t.test('a good host passes, and every failure has a next step', async (t) => {
  t.same(
    look(good).results.filter(({ status }) => status !== 'pass'),
    [],
  );
  const cases: [string, string, Partial<HostFacts>, string, RegExp][] = [
    ['disk:/', good.replace('40000\t20000', '40000\t2000'), {}, 'fail', /5 %/],
    ['disk:/', good.replace('40000\t20000', '40000\t6000'), {}, 'warn', /15 %/],
    ['inodes:/', good.replace('1000000\t900000', '1000000\t100'), {}, 'fail', /0 %/],
    ['memory', good, { memoryMiB: 900 }, 'fail', /^database 512 \+ gitea 640 .*= 1936 MiB, the host has 900 MiB$/],
    ['memory', good, { memoryMiB: 1936 }, 'warn', /1936 MiB/],
    ['clock', good, { clock: 1_800_000_900 }, 'fail', /899 s/],
    ['systemd', good.replace('systemd\tsystemd', 'systemd\tinit'), {}, 'fail', /init/],
    ['sshd', good.replace('sshd\t1', 'sshd\t0'), {}, 'fail', /no Include/],
    ['registry', good.replace('registry\t401', 'registry\tcurl: (6) Could not resolve host000'), {}, 'fail', /resolve/],
    ['acme', good.replace('acme\t200', 'acme\t503'), {}, 'fail', /503/],
    ['calendar', good.replace('calendar\tyes', 'calendar\tFailed to parse'), {}, 'fail', /^Failed to parse$/],
    ['calendar', good.replace('calendar\tyes', 'calendar\t'), {}, 'fail', /does not take \*-\*-\* 03,15:27:00/],
    ['backup-disk', good.replace('disk\tother', 'disk\tsame'), {}, 'warn', /same disk as the data/],
    ['backup-disk', good.replace('disk\tother', 'disk\t'), {}, 'skip', /host did not say/],
    ['distribution', good, { distribution: 'fedora', release: '44', prettyName: 'Fedora 44' }, 'fail', /Fedora/],
    ['port:80', `${good}port\t*:80\tusers:(("apache2",pid=77,fd=4))\n`, {}, 'fail', /apache2 \(pid 77\)/],
    ['kernel', good, { kernel: '4.19.0-21-amd64' }, 'fail', /4\.19.*5\.15/],
    [
      'port:80',
      `${good}port\t*:80\tusers:(("docker-proxy",pid=77,fd=4))\ncontainer\tblog\tblog\t0.0.0.0:80->80/tcp\n`,
      {},
      'fail',
      /container blog/,
    ],
    ['containers', `${good}container\tgitea-gitea-1\tother\t\n`, {}, 'fail', /gitea-gitea-1/],
    [
      'lock',
      `${good}lock\t{"who":"x","what":"backup","mode":"shared","since":"2026-01-01T00:00:00.000Z"}\n`,
      {},
      'warn',
      /held: backup by x since 2026-01-01T00:00:00.000Z \(shared\)/,
    ],
  ];
  for (const [id, text, more, status, detail] of cases) {
    const found = look(text, more).of.get(id);
    t.match(found, { status, detail }, id);
    t.ok(found?.next, `${id} says what to do`);
  }
});

t.test('the question about the calendar is put to systemd itself, where there is one', async (t) => {
  const [check] = contributions(config!).checks.filter(({ id }) => id === 'calendar');
  const folder = t.testdir({ bin: {} });
  const program = (text: string) => {
    writeFileSync(`${folder}/bin/systemd-analyze`, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    return spawnSync('/bin/sh', ['-c', check!.script], { encoding: 'utf8', env: { PATH: `${folder}/bin` } }).stdout;
  };
  t.equal(
    spawnSync('/bin/sh', ['-c', check!.script], { encoding: 'utf8', env: { PATH: `${folder}/bin` } }).stdout,
    'unknown\n',
  );
  t.equal(program('[ "$*" = "calendar *-*-* 03,15:27:00" ] && echo Next elapse: today'), 'yes\n');
  t.equal(program('echo "Failed to parse" >&2; exit 1'), 'Failed to parse\n');
  t.match(check!.judge('unknown'), { status: 'skip' });
});

t.test('our own containers hold our ports and names', async (t) => {
  const { of, deployed } = look(
    `${good}port\t0.0.0.0:443\tusers:(("docker-proxy",pid=9,fd=4))\ncontainer\tgitea-proxy-1\tgitea\t0.0.0.0:443->8443/tcp\n`,
  );
  t.match(of.get('port:443'), { status: 'pass', detail: /our own/ });
  t.match(of.get('containers'), { status: 'pass' });
  t.ok(deployed);
  t.notOk(look(good).deployed);
});

t.test('the script only asks', async (t) => {
  t.notMatch(preflightScript(config!, ''), /\b(rm|mv|apt-get|systemctl (start|stop|restart|enable)|tee)\b/);
});

t.test('the disk of the backups is among those that are looked at', async (t) => {
  t.match(preflightScript(config!, ''), /^df -Pm .* \/srv\/gitea \/var\/backups\/gitea /m);
});

t.test('facts that are missing are named', async (t) => {
  t.throws(() => parseFacts('ID=debian\n', 'host'), { name: 'RunbookError', message: /VERSION_ID/ });
});

t.test('a status report from what the host printed', async (t) => {
  const text = `service\tproxy\tnginx:1.30.6\trunning\thealthy\t2026-11-23T12:00:00.1Z\t0
service\tdatabase\tpostgres:18.6\trunning\thealthy\t2026-11-23T12:00:00.1Z\t2
disk\t/\t1000\t50
line\trenewal\tsuccess
line\trenewal\tnext Tue 2026-11-24 03:27:00 UTC
@runs
{"event":"end","run":"1","outcome":"changed"}
{"event":"end","run":"2","outco
{"event":"end","run":"3","outcome":"converged"}
@certificate
`;
  const found = report(text, 1_800_000_000, ['x'], contributions(config!));
  t.match(found, {
    services: [
      { name: 'database', restarts: 2 },
      { name: 'gitea', state: 'missing' },
      { name: 'proxy' },
      { name: 'wal', state: 'missing' },
    ],
    disks: [{ mount: '/', freePercent: 5 }],
    lines: [
      { title: 'Last proven restore', good: false, text: 'none yet: npx zx runbooks/drill.mjs' },
      { title: 'Last backup', good: false, text: 'none yet: npx zx runbooks/backup.mjs' },
      { title: 'Notices', good: false, text: /^nobody looks/ },
      { title: 'Certificate renewal', good: true, text: 'last success, next Tue 2026-11-24 03:27:00 UTC' },
    ],
    pending: 1,
    healthy: false,
    certificate: undefined,
  });
  t.same(
    parseRuns(text).map(({ run }) => run),
    ['3', '1'],
    'newest first, a torn line is left out',
  );
});

t.test('the data volume', async (t) => {
  const device = '/dev/disk/by-id/data';
  const withDevice = { ...config!, host: { ...config!.host, dataDevice: device } };
  const row = (...words: string[]) => `spec\tvolume\tvolume:/srv/gitea\t${words.join('\t')}\n`;
  const found = (text: string) =>
    preflight({ config: withDevice, facts, text: `${good}${text}`, now: 1_800_000_001 }).results.find(
      ({ id }) => id === 'volume',
    );
  t.notOk(look(good).of.has('volume'), 'nothing about it where there is none');
  t.match(preflightScript(withDevice, ''), device);
  t.notMatch(preflightScript(config!, ''), 'blkid');

  const ext4 = row('number', '7:0') + row('size', '5368709120') + row('blkid', '0') + row('type', 'ext4');
  const blank =
    row('number', '7:0') + row('size', '5368709120') + row('blkid', '2') + row('type', '') + row('zero', 'yes');
  const [before, after] = [row('enabled', ''), row('enabled', 'enabled')];
  t.match(found(before + blank), { status: 'pass', detail: `${device}, 5.0 GiB: the device is blank` });
  t.match(
    found(before + ext4),
    { status: 'pass', detail: /not mounted/ },
    'a volume of another host, before its first deploy',
  );
  t.match(found(after + ext4 + row('at', '7:0')), { status: 'pass', detail: 'mounted at /srv/gitea, 5.0 GiB' });
  t.match(found(after + ext4), {
    status: 'fail',
    detail: /is not mounted at \/srv\/gitea, so Docker/,
    next: /deploy\.mjs/,
  });
  t.match(found(after), { status: 'fail', detail: /is not attached/, next: /attach it/ });
  t.match(found(before + ext4.replace('ext4', 'swap') + row('sign', 'swap')), { status: 'fail', detail: /holds swap/ });
});
