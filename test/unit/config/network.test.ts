import t from 'tap';
import { parseConfig } from '../../../lib/config/load.ts';
import { good, goodWith, problemsOf } from './sample.ts';

const allow = (text: string, more = '') => goodWith(`network:\n  allow: ${text}${more}`);

const cases: readonly (readonly [name: string, text: string, ...expected: string[]])[] = [
  ['nothing said', good],
  ['networks of both families', allow('{ssh: [10.9.0.0/16, "fd12:3456::/32"], other: []}')],
  ['everybody, said aloud', allow('{ssh: [0.0.0.0/0, "::/0"]}')],
  [
    'nobody could log in',
    allow('{ssh: []}'),
    'f.yaml:10:16 network.allow.ssh: names no network, so nobody could log in to the host, allowed is at least one - or remove the line, for everybody',
  ],
  [
    'nobody could use Gitea',
    allow('{web: []}'),
    'f.yaml:10:16 network.allow.web: names no network, so nobody could use Gitea, allowed is at least one - or remove the line, for everybody',
  ],
  [
    'several that are none',
    allow('{ssh: [office], web: [10.0.0.1/8, 10.0.0.0/33, 10.0.0.0/8, "fd00::/129"]}'),
    'f.yaml:10:17 network.allow.ssh.0: is the text "office", allowed is a network such as 198.51.100.0/24, or 198.51.100.7/32 for one address',
    "f.yaml:10:31 network.allow.web: leaves port 80 open to everybody, because Let's Encrypt's challenges come from everywhere - nothing but these and the redirect to HTTPS is there",
    'f.yaml:10:32 network.allow.web.0: is the text "10.0.0.1/8", an address within its network - did you mean "10.0.0.0/8"?',
    'f.yaml:10:44 network.allow.web.1: is the text "10.0.0.0/33", whose prefix is 33, allowed is a network such as 198.51.100.0/24, or 198.51.100.7/32 for one address',
    'f.yaml:10:69 network.allow.web.3: is the text "fd00::/129", whose prefix is 129, allowed is a network such as 198.51.100.0/24, or 198.51.100.7/32 for one address',
  ],
  [
    'an example network',
    allow('{ssh: [198.51.100.0/24]}'),
    'f.yaml:10:17 network.allow.ssh.0: placeholder value left in: 198.51.100.0, allowed is a real one - put your own here',
  ],
  [
    'without a firewall nothing would heed it',
    allow('{ssh: [10.0.0.0/8]}', '\n  firewall: false'),
    'f.yaml:11:13 network.firewall: is false, allowed together with network.allow.ssh is true: nothing would heed it',
  ],
  ['no firewall', goodWith('network: {firewall: false}')],
  [
    'challenges of the public ACME server',
    allow('{web: [10.0.0.0/8]}'),
    "f.yaml:10:16 network.allow.web: leaves port 80 open to everybody, because Let's Encrypt's challenges come from everywhere - nothing but these and the redirect to HTTPS is there",
  ],
  [
    'an ACME server of their own',
    `${good}  directory: https://acme.corp.test/dir\nnetwork: {allow: {web: [10.0.0.0/8]}}\n`,
  ],
];

for (const [name, text, ...expected] of cases) t.strictSame(problemsOf(text), expected, name);

const endpoint = (value: string) =>
  goodWith(`aws:\n  accountId: '210987654321'\n  region: eu-central-1\n  endpoint: ${JSON.stringify(value)}`);

t.test('aws.endpoint: a URL without anything behind the port', async (t) => {
  for (const value of [
    'http://10.0.0.7:5000',
    'https://aws.corp.test',
    'https://aws.corp.test/',
    'http://[fd00::7]:5000',
  ])
    t.strictSame(problemsOf(endpoint(value)), [], value);
  for (const value of [
    '',
    'aws.corp.test',
    'ftp://aws.corp.test',
    'http://',
    'http://a b',
    'http://h:99999',
    'http://h\n',
    'http://h\\x',
  ])
    t.match(
      problemsOf(endpoint(value)),
      [/^f\.yaml:12:13 aws\.endpoint: is the text ".*", allowed is an http:\/\/ or https:\/\/ URL/],
      value,
    );
  for (const value of ['http://h/dir', 'http://h?a=b', 'http://h?', 'http://h#a', 'https://h/?x'])
    t.match(
      problemsOf(endpoint(value)),
      [/aws\.endpoint: .*more than a host and a port.* did you mean "https?:\/\/h"\?$/],
      value,
    );
});

t.test('aws.endpoint: what may be a password is in no message', async (t) => {
  const secret = 'hunter2';
  const values = [
    'u:S@h',
    'S@h',
    ':S@h',
    'u:S@@h:1/x',
    'u:a S@h',
    'u:S/x@h',
    'u:S?@h',
    'u:S\n@h',
    'u:S@',
    'u:S@h:99999',
  ];
  const texts = values.flatMap((value) =>
    ['http://', 'https://', 'ftp://', ''].map((scheme) => scheme + value.replace('S', secret)),
  );
  for (const text of texts) {
    const problems = problemsOf(endpoint(text));
    t.match(problems, [/^f\.yaml:12:13 aws\.endpoint: holds a user name or password/], text);
    t.notMatch(problems.join('\n'), secret, text);
    // An overlay that cannot be read, so that the rules stay silent: the schema must not tell it either.
    const overlays = [{ file: 'o.yaml', text: 'a: [' }];
    t.notMatch(JSON.stringify(parseConfig(endpoint(text), 'f.yaml', { overlays }).problems), secret);
  }
});
