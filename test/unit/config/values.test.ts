import t from 'tap';
import { calendarProblem, isDaily } from '../../../lib/config/grammar/calendar.ts';
import { subnetContains, subnetProblem } from '../../../lib/config/grammar/cidr.ts';
import { dataPathProblem } from '../../../lib/config/grammar/data-path.ts';
import { parseDnsServer } from '../../../lib/config/grammar/dns-server.ts';
import { addressProblem, domainProblem, emailProblem } from '../../../lib/config/grammar/hostname.ts';
import { placeholderProblem } from '../../../lib/config/grammar/placeholder.ts';
import { httpsProblem, mirrorProblem } from '../../../lib/config/grammar/url.ts';
import { usernameProblem } from '../../../lib/config/grammar/username.ts';

type Check = (value: string) => string | undefined;

/** Values that pass, and values that do not with a part of what is said about them. */
function table(name: string, check: Check, good: readonly string[], bad: Readonly<Record<string, RegExp>>): void {
  t.test(name, async (t) => {
    for (const value of good) t.equal(check(value), undefined, `"${value}" passes`);
    for (const [value, message] of Object.entries(bad))
      t.match(check(value) ?? 'passed', message, `"${value}" does not`);
  });
}

const label63 = 'a'.repeat(63);

table('domain', domainProblem, ['git.corp.test', 'a.b', '1and1.com', `${label63}.com`, 'xn--mller-kva.de'], {
  'https://Git.Corp.test:3000/x': /with a scheme, .* did you mean "git\.corp\.test"/,
  'git.corp.test:443': /with a port, .* did you mean "git\.corp\.test"/,
  'git.corp.test/gitea': /with a path/,
  'git.corp.test.': /with a dot at the end, .* did you mean "git\.corp\.test"/,
  'Git.corp.test': /capital letters, .* did you mean "git\.corp\.test"/,
  'git.müller.de': /punycode form - did you mean "git\.xn--mller-kva\.de"/,
  'my_git.corp.test': /no "_"/,
  '-git.corp.test': /no "-" at its ends/,
  'git..test': /empty part/,
  '*.corp.test': /wildcard/,
  git: /without a dot/,
  '10.0.0.1': /an IP address/,
  '[fd00::1]': /an IP address/,
  '1.2.3': /ends in a number/,
  'me@corp.test': /with an @/,
  [`a${label63}.com`]: /64 characters, allowed are at most 63/,
  [`${`${label63}.`.repeat(4)}com`]: /more than 253/,
});

table('address', addressProblem, ['10.0.0.1', 'fd00::1', 'host1', 'git-host.corp.test'], {
  localhost: /this machine itself/,
  '127.0.0.53': /this machine itself/,
  '::1': /this machine itself/,
  '0.0.0.0': /this machine itself/,
  '10.0.0.256': /not an IP address/,
  'root@10.0.0.1': /goes to host\.user/,
  '10.0.0.1:22': /goes to host\.port/,
  '[fd00::1]': /did you mean "fd00::1"/,
  'ssh://h': /with a scheme/,
  my_host: /no "_"/,
});

table('e-mail', emailProblem, ['a@b.test', "o'neil+git@mail.corp.test", 'A.b@Corp.test'], {
  a: /is the text "a", allowed is a mail address/,
  '@b.test': /mail address/,
  'a..b@c.test': /mail address/,
  'a b@c.test': /mail address/,
  'a@localhost': /not a full host name/,
  'a@-b.test': /not a full host name/,
});

table(
  'placeholder',
  placeholderProblem,
  ['git.corp.test', 'example.corp.test', 'notexample.com', '10.0.0.1', 'fd00::1'],
  {
    'git.example.com': /^placeholder value left in: git\.example\.com,/,
    'example.org': /placeholder value left in/,
    'git.example': /placeholder value left in/,
    'a.invalid': /placeholder value left in/,
    'me@Example.com': /placeholder value left in/,
    '203.0.113.10': /placeholder value left in/,
    '198.51.100.1': /placeholder value left in/,
    '192.0.2.1': /placeholder value left in/,
    '2001:db8::1': /placeholder value left in/,
  },
);

table('user name', usernameProblem, ['gitadmin', 'root', 'a.b', 'Administrator'], {
  admin: /keeps for itself, .* did you mean "gitadmin"/,
  API: /keeps for itself/,
  ghost: /keeps for itself/,
  'me.keys': /end in \.keys/,
});

table(
  'data path',
  dataPathProblem,
  ['/srv/gitea', '/srv/gitea/', '/data', '/var/lib/gitea', '/homes/gitea', '/mnt/disk1'],
  {
    '/': /a directory of the system, .* did you mean "\/gitea"/,
    '/srv': /did you mean "\/srv\/gitea"/,
    '/var': /a directory of the system/,
    '/home/': /within \/home/,
    '/home/git/data': /within \/home/,
    '/root/gitea': /within \/root/,
    '/tmp/gitea': /within \/tmp/,
    '/etc/gitea': /within \/etc/,
    '/usr': /within \/usr/,
    '/boot/x': /within \/boot/,
    '/var/lib/docker/volumes': /within \/var\/lib\/docker/,
    '/opt/gitea-runbooks/data': /within \/opt\/gitea-runbooks/,
    '/srv//gitea': /did you mean "\/srv\/gitea"/,
    '/srv/../etc': /without "\/\/", "\." and "\.\."$/,
    'srv/gitea': /absolute path/,
  },
);

table('subnet', subnetProblem, ['172.31.250.0/24', '10.0.0.0/16', '192.168.7.16/28'], {
  '10.0.0.0/8': /prefix is 8, allowed is 16 to 28/,
  '10.0.0.0/29': /prefix is 29/,
  '10.0.0.7/24': /did you mean "10\.0\.0\.0\/24"/,
  '172.32.0.0/16': /not private/,
  '8.8.8.0/24': /not private/,
  '10.0.0.0': /allowed is a network/,
  '10.0.300.0/24': /allowed is a network/,
});

table('ACME directory', httpsProblem, ['https://acme.corp.test:14000/dir'], {
  'http://acme.corp.test/dir': /not encrypted, .* did you mean "https:\/\/acme\.corp\.test\/dir"/,
  'acme.corp.test': /https:\/\/ URL/,
  'file:///etc/passwd': /https:\/\/ URL/,
});

table('registry mirror', mirrorProblem, ['http://registry:5000', 'https://mirror.corp.test/'], {
  'https://mirror.corp.test/v2': /did you mean "https:\/\/mirror\.corp\.test"/,
  'mirror.corp.test': /http:\/\/ or https:\/\/ URL/,
  'https://a:b@mirror.corp.test': /without them/,
});

table(
  'calendar',
  calendarProblem,
  [
    '*-*-* 03,15:27:00',
    'daily',
    'Hourly',
    'weekly UTC',
    '04:30',
    '*:0/5',
    'Mon..Fri 10:00',
    'Mon,Wed,Sat..Sun *-*-* 1:2:3.5',
    'Mon, 10:00',
    '*-*-1,15',
    '*-02~03',
    '*-*~07/1',
    '2026-12-24 18:00 Europe/Vienna',
    '26-01-01',
    '*-*-1..7/2 0:0',
    '*-01 0:0',
    'Tue',
  ],
  {
    '': /names no time/,
    '@1700000000': /"@1700000000" is not a date/,
    dialy: /"dialy" is not a weekday/,
    '*-*-* 24:00': /the hour "24" is out of range, allowed is 0 to 23/,
    '*-*-* 12:60': /the minute "60" is out of range/,
    '*-*-* 12:00:60': /the second "60" is out of range/,
    '*-13-01': /the month "13" is out of range/,
    '*-*-32': /the day "32" is out of range/,
    '*-*~29': /the day "29" is out of range, allowed is 1 to 28/,
    '1969-*-*': /the year "1969" is out of range/,
    '*-*-* */5:00': /the hour "\*\/5" is not understood/,
    '*:0/60': /the step of the minute "0\/60" never/,
    '*:0/0': /the step of the minute/,
    '5..3:00': /the hour range "5\.\.3" runs backwards/,
    'Fri..Mon 10:00': /run backwards/,
    'Mon 10': /"10" is not a date/,
    '10:00 Foo/Bar': /the timezone Foo\/Bar is not known/,
    '10:00 CEST': /the timezone CEST is not known/,
    '*-*-* 10:00 11:00': /has "11:00" after its end/,
    '1:2:3:4': /is not a time/,
    '10:0٣': /a character that no calendar expression has/,
  },
);

t.test('which calendars fire every day', async (t) => {
  const daily = ['daily', 'hourly', '*-*-* 03,15:27:00', '03:27', '*:0/5', 'minutely UTC', '*-* 4:00'];
  const rarer = ['weekly', 'Mon..Fri 10:00', '*-*-1 0:0', 'monthly', '2026-*-* 0:0'];
  t.strictSame([...daily, ...rarer].filter(isDaily), daily);
});

t.test('subnet members and DNS servers', async (t) => {
  t.ok(subnetContains('10.1.0.0/16', '10.1.255.1'));
  t.notOk(subnetContains('10.1.0.0/16', '10.2.0.1'));
  t.notOk(subnetContains('10.1.0.0/16', 'fd00::1'));
  t.strictSame(parseDnsServer('[fd00::53]:5353'), { address: 'fd00::53', port: 5353 });
  t.strictSame(parseDnsServer('10.0.0.1:53'), { address: '10.0.0.1', port: 53 });
  for (const bad of ['10.0.0.1', 'fd00::53:53', '10.0.0.1:0', '10.0.0.1:65536', 'dns.corp.test:53', '300.0.0.1:53']) {
    t.equal(parseDnsServer(bad), undefined, bad);
  }
});
