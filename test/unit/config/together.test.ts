import { spawnSync } from 'node:child_process';
import t from 'tap';
import { good, goodWith, problemsOf } from './sample.ts';

const aws = `host: {provider: aws}
aws:
  accountId: '210987654321'
  region: eu-central-1
  sshFrom: [10.20.0.0/16]
domain: git.corp.test
admin: {username: gitadmin, email: ops@corp.test}
tls: {email: ops@corp.test}
`;

/** Places and paths alone: what is said about each stands in other tests. */
const where = (text: string) =>
  problemsOf(text).map((line) => line.replace(/^f\.yaml:(\S+) (?:([^ :]+): )?.*$/, '$1 $2').trim());

t.test('one mistake of a file hides no other', async (t) => {
  const cases: readonly (readonly [name: string, text: string, ...expected: string[]])[] = [
    [
      'anchors, aliases and tags',
      goodWith('gitea: &a {title: !!str x, sshPort: *b, foo: 1}\ndocker: *a'),
      '9:8',
      '9:19',
      '9:37',
      '9:41 gitea.foo',
      '10:9',
    ],
    ['an anchor before a wrong value', good.replace('git.corp.test', '&x Git.corp.test'), '3:9', '3:12 domain'],
    [
      'control characters',
      good.replace('git.corp.test', 'git\u0001.corp\u0002.test').replace('gitadmin', 'admin'),
      '3:12',
      '3:18',
      '5:13 admin.username',
    ],
    ['an unknown key behind one', `\u0007${goodWith('foo: 1')}`.replace('\u0007h', '# \u0007\nh'), '1:3', '10:1 foo'],
    ['a second document', goodWith('foo: 1\n---\nbar: 1'), '9:1 foo', '10:1'],
    [
      'braces that are not closed',
      goodWith('gitea: {title: x,\nproxy: [1\nfoo: &a 1\ntls2: 1'),
      '9:8',
      '10:8',
      '11:1 foo',
      '11:6',
      '12:1 tls2',
    ],
    ['a brace too many', goodWith('gitea: {title: x}}\nfoo: 1'), '9:18', '10:1 foo'],
    ['a bracket that closes nothing', goodWith('gitea: ]\nfoo: 1'), '9:8', '10:1 foo'],
    ['a bracket that closes a brace', goodWith('gitea: {title: x]\nfoo: 1'), '9:17', '10:1 foo'],
    ['a brace that closes a bracket', goodWith('gitea: [title: x}\nfoo: 1'), '9:17', '10:1 foo'],
    ['a quote that is not closed', good.replace('git.corp.test', '"git'), '3:9'],
    [
      'mistakes around a quote that is not closed',
      goodWith('foo: 1\ngitea: {sshPort: 0}').replace('git.corp.test', '"git').replace('address', 'port: 0\n  address'),
      ...['2:9 host.port', '4:9', '10:1 foo', '11:18 gitea.sshPort'],
    ],
    ['a quote within braces', goodWith("gitea: {title: 'x"), '9:16'],
    ['a quote with an escape at its end', goodWith('gitea:\n  title: "x\\"'), '10:10'],
    [
      'several tags',
      aws.replace('  region', '  tags: {Name: x, "aws:y": y, Team: z, Instance: [1]}\n  region'),
      '4:10 aws.tags.Name',
      '4:19',
      '4:40 aws.tags.Instance',
      '4:50 aws.tags.Instance',
    ],
    [
      'tags with a bad name and a bad value',
      aws.replace('  region', '  tags: {"a$b": 1, ManagedBy: ~, Team: [1], __proto__: {}, "": z}\n  region'),
      ...['4:10 aws.tags."a$b"', '4:17 aws.tags."a$b"', '4:20 aws.tags.ManagedBy', '4:31 aws.tags.ManagedBy'],
      ...['4:40 aws.tags.Team', '4:56 aws.tags.__proto__', '4:60 aws.tags.""'],
    ],
    [
      'settings with a bad name and a bad value',
      goodWith('gitea: {settings: {server: {DOMAIN: [1]}, a+b: 5, ui: {a+b: ~}}}'),
      ...['9:29 gitea.settings.server.DOMAIN', '9:37 gitea.settings.server.DOMAIN'],
      ...['9:43 gitea.settings."a+b"', '9:48 gitea.settings."a+b"'],
      ...['9:56 gitea.settings.ui."a+b"', '9:61 gitea.settings.ui."a+b"'],
    ],
    ['one bad network', aws.replace('[10.20.0.0/16]', '[7]'), '5:13 aws.sshFrom.0'],
    [
      'one of two',
      aws.replace('[10.20.0.0/16]', '[x, 10.0.0.0/16, 0.0.0.0/0, {}]'),
      '5:13 aws.sshFrom.0',
      '5:29 aws.sshFrom.2',
      '5:40 aws.sshFrom.3',
    ],
    ['no list of networks', aws.replace('[10.20.0.0/16]', '5'), '5:12 aws.sshFrom'],
    ['a wrong provider', good.replace('address: git-host.corp.test', 'provider: awss'), '2:13 host.provider'],
    ['a mistyped provider', aws.replace('provider', 'provder'), '1:8 host.provder'],
    ['a provider that is no text', aws.replace('provider: aws', 'provider: [aws]'), '1:18 host.provider'],
    ['no section', aws.replace(/aws:\n( {2}.*\n){3}/, 'aws: 5\n'), '2:6 aws'],
    [
      'a wrong region',
      aws.replace('eu-central-1', 'EU').replace('  region', '  availabilityZone: eu-central-1a\n  region'),
      '5:11 aws.region',
    ],
    [
      'a wrong subnet that holds the host',
      goodWith('network: {subnet: 10.0.0.7/24}').replace('git-host.corp.test', '10.0.0.9'),
      '9:19 network.subnet',
    ],
  ];
  for (const [name, text, ...expected] of cases) t.strictSame(where(text), expected, name);
});

t.test('no hint at what would not do either', async (t) => {
  const hints: readonly (readonly [text: string, has: RegExp, not?: RegExp])[] = [
    [goodWith('gitea: {requireSignIn: constructor}'), /true or false$/],
    [goodWith('gitea: {requireSignIn: yes}'), /did you mean true\?$/],
    [goodWith('gitea: {sshPort: "02222"}'), /write 2222 without quotes$/],
    [goodWith('gitea: {sshPort: "99999"}'), /from 1 to 65535$/],
    [goodWith('gitea: {title: 1.10}'), /put it in quotes: "1\.10"$/],
    [goodWith('gitea: {title: 0x1F}'), /put it in quotes: "0x1F"$/],
    [aws.replace("'210987654321'", '012345678901'), /put it in quotes: "012345678901"$/],
    [good.replace('git.corp.test', 'https://'), /allowed is the host name alone$/],
    [good.replace('git.corp.test', '.'), /allowed is the name without it$/],
    [good.replace('git.corp.test', 'MY_HOST'), /allowed are small ones$/],
    [good.replace('git-host.corp.test', '"[]"'), /allowed is the bare address$/],
    [good.replace('git.corp.test', '""'), /domain: is empty, allowed is a full host name/],
    [goodWith('constructor: 1'), /^f\.yaml:9:1 constructor: is not a known key/],
  ];
  for (const [text, has] of hints) t.match(problemsOf(text).at(-1), has, String(has));
});

t.test('however long a value is, no rule goes over it again and again, and what is said is short', async (t) => {
  for (const length of ['4000', '40000', '900000']) {
    const words = ['--import', 'tsx', 'test/unit/config/fixtures/hostile.ts', length];
    // A hundred times what it takes: only a search that never ends comes to that.
    const { status, signal, stdout, stderr } = spawnSync(process.execPath, words, {
      encoding: 'utf8',
      timeout: 900_000,
    });
    t.strictSame({ status, signal }, { status: 0, signal: null }, stderr);
    const { lines, longest } = JSON.parse(stdout) as { lines: number; longest: number };
    t.ok(lines > 20, `${lines} messages for values of ${length} characters`);
    t.ok(longest < 500, `the longest has ${longest} characters`);
  }
});
