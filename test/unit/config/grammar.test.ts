import { spawnSync } from 'node:child_process';
import t from 'tap';
import { calendarProblem, isDaily } from '../../../lib/config/grammar/calendar.ts';
import { subnetProblem } from '../../../lib/config/grammar/cidr.ts';
import { dataDeviceProblem, dataPathProblem } from '../../../lib/config/grammar/data-path.ts';
import { domainProblem, emailProblem } from '../../../lib/config/grammar/hostname.ts';
import { parseImage } from '../../../lib/config/grammar/image.ts';
import { localPathProblem } from '../../../lib/config/grammar/local-path.ts';
import { httpsProblem, mirrorProblem } from '../../../lib/config/grammar/url.ts';
import { good, goodWith, problemsOf } from './sample.ts';

/** What a value is rendered into has a grammar. Of each: the last value that its reader takes, and the first that it does not. */
const tables: Readonly<
  Record<string, readonly [check: (value: string) => unknown, good: readonly string[], bad: readonly string[]]>
> = {
  domain: [domainProblem, [`${'a'.repeat(47)}.test`, `${'a.'.repeat(113)}test`], [`${'a.'.repeat(114)}test`]],
  mail: [
    emailProblem,
    ['a-b@corp.test', `${'a'.repeat(64)}@corp.test`],
    ['-a@corp.test', `${'a'.repeat(65)}@corp.test`],
  ],
  mirror: [
    mirrorProblem,
    ['http://registry:5000', 'https://[fd00::1]:443', 'http://10.0.0.1', 'http://a:65535/'],
    [
      'http://a:65536',
      'http://a:0',
      'http://a b',
      'http://a%zz',
      'http://[fd00::1',
      'http://[::g]',
      'http://a\\b',
      'http://a_b',
      'http://a..b',
      'http://a:',
      'http://a:1x',
      'http:///x',
    ],
  ],
  directory: [
    httpsProblem,
    ['https://acme.corp.test:14000/dir', 'https://a.test/x%20y?z=1'],
    [
      'https://a.test/\u0001',
      'https://a.test/%zz',
      'https://a.test/ü',
      'https://a.test/a b',
      'https://a.test/"',
      'https://a.test:99999/dir',
    ],
  ],
  device: [
    dataDeviceProblem,
    ['/dev/disk/by-id/x', '/dev/disk/by-path/pci-0000:00:04.0', `/dev/disk/by-id/${'a'.repeat(255)}`],
    [
      '/dev/disk/../sda',
      '/dev/disk/by-id/../../sda',
      '/dev/disk/by-id/',
      '/dev/disk/x',
      '/dev/sda',
      '/srv/disk',
      '/dev/disk/by-id/.',
      `/dev/disk/by-id/${'a'.repeat(256)}`,
    ],
  ],
  dataPath: [
    dataPathProblem,
    ['/srv/gitea', '/swap', '/swapfile2', '/swapfiles/x', `/${'a'.repeat(198)}`],
    [
      '/swapfile',
      '/swapfile/x',
      '/swapfile.next',
      '/etc',
      '/opt/gitea-runbooks',
      '/etc/docker/daemon.json',
      `/${'a'.repeat(256)}`,
      `/${'a-'.repeat(60)}`,
    ],
  ],
  subnet: [
    subnetProblem,
    ['172.18.0.0/16', '172.16.0.0/16', '172.31.250.0/24'],
    ['172.17.0.0/16', '172.17.250.0/24', '172.17.0.16/28'],
  ],
  image: [
    (ref) => (parseImage(ref) ? undefined : 'refused'),
    [
      'a:1',
      'a.b/c:1',
      'localhost/c:1',
      'a-b.c:5000/d/e_f__g-h.i:1',
      'a--b.c--d/e:1',
      'registry:5000/x:1',
      `${'a'.repeat(255)}:1`,
      `a@sha256:${'0'.repeat(64)}`,
    ],
    [
      'a..b/c:1',
      '-a.b/c:1',
      'a.b-/c:1',
      'a.b-_/c:1',
      'a_b.c/d:1',
      'a.b:123456/c:1',
      'a/-b:1',
      'a/b_:1',
      'a/b___c:1',
      'a//b:1',
      'a/B:1',
      `${'a'.repeat(256)}:1`,
      `${'a'.repeat(64)}:1`,
      `a@sha256:${'0'.repeat(63)}`,
      `a@sha256:${'F'.repeat(64)}`,
      `a:${'1'.repeat(129)}`,
    ],
  ],
  calendar: [
    calendarProblem,
    [
      ...['daily', 'Weekly', '03:27', '0:0', '23:59:59.5', '*:0/15', '03,15:27', '8..18/2:00', '*:*:0/0.5'],
      ...['*-*-*', '*-*-01', '*-02~01', '2026-01-01', '26-01-01', '70-01-01', '1970..2199-1/11-1..31', '12-31 03:27'],
      ...['Mon', 'mon..fri', 'Tue..Tue', 'Mon,Wed..Fri,Sunday', 'Mon, 03:27', 'Sat *-*-1..7 18:00', '  03:27  '],
      ...['03:27 UTC', 'daily UTC', 'Mon *-*-* 03:27 Europe/Vienna', '03:27 America/Port-au-Prince', '03:27 Etc/UTC'],
      `*:${'0,'.repeat(98)}`.replace(/,$/, ''),
    ],
    [
      ...[
        '',
        ' ',
        'UTC',
        'fortnightly',
        '24:00',
        '00:60',
        '0:0:60',
        '-1:00',
        '3',
        '03:27:00:00',
        '03:',
        ':27',
        '3h',
        '03:27x',
      ],
      ...['03,24:27', '24,03:27', '1..24:00', '18..8:00', '8..18/11:00', '8/16:00', '0/0:00', '*/2:00', '1...2:00'],
      ...['0-1', '1-0', '13-1', '*-32', '1969-1-1', '2200-1-1', '*-*~29', '*-*~3/3', '1-1-1-1', '*~', '~1', '2026'],
      ...[
        'Mo',
        'Montag',
        'Fri..Mon',
        'Mon..Wed..Fri',
        'Mon,,Tue',
        'Mon Tue',
        '03:27 *-*-*',
        '03:27 Mon 1',
        '*-*-* 1:1 2:2',
      ],
      ...[
        '03:27 CET',
        '03:27 Austria',
        '03:27 europe/vienna',
        '03:27 Europe/Nowhere',
        '03:27 Etc/GMT',
        '03:27\t',
        '03:27\u00a0',
      ],
      `*:${'0,'.repeat(99)}0`,
    ],
  ],
  localPath: [
    localPathProblem,
    ['x', '~/x', '~', 'a~b', 'a$b', 'a b', `a/${'b'.repeat(240)}`],
    [
      'b'.repeat(256),
      `a/${'ü'.repeat(128)}/c`,
      'a/'.repeat(2001),
      '~root/x',
      '$HOME/x',
      '${HOME}/x',
      '$(pwd)',
      ' ',
      'x ',
    ],
  ],
};

for (const [name, [check, fine, wrong]] of Object.entries(tables)) {
  t.test(name, async (t) => {
    for (const value of fine) t.equal(check(value), undefined, `${value.slice(0, 80)} passes`);
    for (const value of wrong) t.ok(check(value), `${value.slice(0, 80)} is refused`);
  });
}

t.test('values that another one makes wrong, and characters that no reader takes', async (t) => {
  const cases: readonly (readonly [text: string, wanted: RegExp | undefined])[] = [
    [good.replace('gitadmin', 'Runbooks-Probe'), /admin\.username: is Runbooks-Probe, the account of the checks/],
    [good.replace('gitadmin', 'Runbooks-Probe2'), undefined],
    [good.replace('email: ops@', 'email: Runbooks-probe@git.'), /admin\.email: is Runbooks-probe@git\.corp\.test/],
    [good.replace('domain:', '  port: 443\ndomain:'), /host\.port: is 443, where the proxy/],
    [good.replace('domain:', '  port: 444\ndomain:'), undefined],
    [goodWith('gitea: {sshPort: 22}'), /gitea\.sshPort: is 22, where the host's own/],
    [goodWith('proxy: {maxUploadSize: 8589934591g}'), undefined],
    [goodWith('proxy: {maxUploadSize: 8589934592g}'), /maxUploadSize: is 8589934592g, more than Nginx can count/],
    ...['0022', '0x16', '0o26', '+22', '2.2e1', '22.0', '22.'].map(
      (text) =>
        [
          goodWith(`docker: {logMaxFiles: ${text}}`),
          /logMaxFiles: is the number \S+, which .*, allowed is 22$/m,
        ] as const,
    ),
    [goodWith('docker: {logMaxFiles: 22}'), undefined],
    ...['\\u2028', '\\u2029', '\\ufffe', '\\uffff', '\\ud800', '\\x01', '\\x7f', '\\x85', '\\ufeff'].map(
      (code) => [goodWith(`gitea: {title: "a${code}b"}`), /gitea\.title: holds the control character U\+/] as const,
    ),
    [goodWith('gitea: {title: "\\U0001F600 é"}'), undefined],
    [goodWith('gitea: {title: a\u2028b}'), /holds the control character U\+2028/],
  ];
  for (const [text, wanted] of cases) {
    const found = problemsOf(text).filter((line) => !line.includes('is a warning'));
    if (wanted === undefined) t.strictSame(found, []);
    else t.match(found.join('\n'), wanted);
  }
});

t.test('what is said about a calendar, and which of them come every day', async (t) => {
  for (const [expression, wanted] of [
    [`*:${'0,'.repeat(99)}0`, /^has 201 characters, allowed are at most 200$/],
    ['03:27\t', /holds a character that no calendar expression has.*one of minutely, hourly, daily/],
    ['', /^names no time, allowed is .* or one of minutely/],
    ['3h', /"3h" is not a date, allowed is year-month-day/],
    ['3h:00', /the hour "3h" is not understood, allowed is \*, a number/],
    ['Fri..Mon', /the weekdays Fri\.\.Mon run backwards, allowed is from Mon to Sun/],
    ['Montag', /"Montag" is not a weekday, .* or one of minutely/],
    ['03:27 Europe/Nowhere', /the timezone Europe\/Nowhere is not known, allowed is UTC/],
    ['03:27:00:00', /"03:27:00:00" is not a time, allowed is hour:minute/],
    ['03:27 *-*-*', /has "\*-\*-\*" after its end, allowed is .*one of minutely/],
    ['03,24:27', /the hour "24" is out of range, allowed is 0 to 23/],
    ['00:60', /the minute "60" is out of range, allowed is 0 to 59/],
    ['0:0:60', /the second "60" is out of range, allowed is 0 to 59/],
    ['13-1', /the month "13" is out of range, allowed is 1 to 12/],
    ['2200-1-1', /the year "2200" is out of range, allowed is 1970 to 2199/],
    ['*-32', /the day "32" is out of range, allowed is 1 to 31/],
    ['*-*~29', /the day "29" is out of range, allowed is 1 to 28/],
    ['18..8:00', /the hour range "18\.\.8" runs backwards/],
    ['8..18/11:00', /the step of the hour "8\.\.18\/11" never comes to a second value, allowed here is 1 to 10/],
    ['*-*~3/3', /allowed here is 1 to 2$/],
  ] as const)
    t.match(calendarProblem(expression), wanted, expression);
  for (const daily of ['daily', 'HOURLY', 'minutely', '03:27', ' 03:27 UTC', '*-*-*', '*-*', '*-*-* 03,15:27:00'])
    t.equal(isDaily(daily), true, daily);
  for (const rare of ['weekly', 'Mon..Sun', 'Mon 03:27', '*-*-01', '*-01-*', '2026-*-*', '*-*~01', '*-*-*/2'])
    t.equal(isDaily(rare), false, rare);
});

const systemd = spawnSync('systemd-analyze', ['--version']).status === 0;

t.test(
  'systemd takes each calendar that passes',
  { skip: systemd ? false : 'there is no systemd-analyze here' },
  async (t) => {
    const zones = [
      'UTC',
      'utc',
      'Utc',
      'Europe/Vienna',
      'America/New_York',
      'America/Argentina/Buenos_Aires',
      'Asia/Kolkata',
      'Europe/vienna',
      'Europe/VIENNA',
      'CET',
      'EST',
      'CEST',
      'PST8PDT',
      'GMT',
      'US/Pacific',
      'Etc/UTC',
      'Etc/GMT+1',
      'Europe/Nowhere',
    ];
    const times = [
      '*-*-* 03,15:27:00',
      'Mon..Fri 10:00',
      '*-02~03',
      '*:0/5',
      '1:2:3.5',
      '*-*-*',
      'Tue',
      '26-01-01',
      '*-*-1..7/2 0:0',
    ];
    const all = [...zones.map((zone) => `04:12 ${zone}`), ...times, ...times.map((time) => `${time} Europe/Vienna`)];
    let taken = 0;
    for (const one of all.filter((each) => calendarProblem(each) === undefined)) {
      taken++;
      t.equal(spawnSync('systemd-analyze', ['calendar', one]).status, 0, one);
    }
    t.ok(taken > 15, 'and some pass');
    t.strictSame(
      zones.filter((zone) => !calendarProblem(`04:12 ${zone}`)),
      ['UTC', 'Europe/Vienna', 'America/New_York', 'America/Argentina/Buenos_Aires', 'Asia/Kolkata', 'Etc/UTC'],
    );
  },
);
