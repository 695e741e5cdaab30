import t from 'tap';
import { good, goodWith, problemsOf } from './sample.ts';

const cases: readonly (readonly [name: string, text: string, expected: readonly string[]])[] = [
  ['nothing wrong', good, []],
  ['CRLF and a byte-order mark', `\ufeff${good.replaceAll('\n', '\r\n')}`, []],
  [
    'unknown key with a near one, which is then not also missing',
    good.replace('domain:', 'domian:'),
    [
      'f.yaml:3:1 domian: is not a known key, allowed are host, aws, domain, admin, images, updates, gitea, mail, proxy, tls, docker, network, secrets, backup, verify - did you mean "domain"?',
    ],
  ],
  [
    'unknown key that is known elsewhere',
    goodWith('proxy: {sshPort: 2222}'),
    [
      'f.yaml:9:9 proxy.sshPort: is not a known key, allowed here are maxUploadSize, loginRequestsPerMinute, restartPatience - it belongs at gitea.sshPort',
    ],
  ],
  [
    'missing key: the place of its section',
    good.replace('  username: gitadmin\n', ''),
    [
      'f.yaml:4:1 admin.username: is missing, allowed is at most 40 letters, digits, `-`, `_` or `.`, beginning and ending with a letter or digit, no two signs in a row, for example gitadmin',
    ],
  ],
  [
    'missing section',
    good.replace(/tls:\n.*\n/, ''),
    [
      'f.yaml:1:1 tls: is missing, allowed is a section with email, profile, staging, directory, caBundle, renewCalendar',
    ],
  ],
  [
    'section without content',
    goodWith('proxy:'),
    [
      'f.yaml:9:7 proxy: is empty, allowed is a section with maxUploadSize, loginRequestsPerMinute, restartPatience - give it a value or remove the line',
    ],
  ],
  [
    'number in quotes, number out of range, fraction',
    goodWith('gitea: {sshPort: "2222", startTimeout: 5}\nproxy: {loginRequestsPerMinute: 1.5}'),
    [
      'f.yaml:9:18 gitea.sshPort: is the text "2222", allowed is a whole number from 1 to 65535 - write 2222 without quotes',
      'f.yaml:9:40 gitea.startTimeout: is the number 5, allowed is a whole number from 30 to 3600',
      'f.yaml:10:33 proxy.loginRequestsPerMinute: is the number 1.5, allowed is a whole number from 1 to 6000',
    ],
  ],
  [
    'yes is not true',
    goodWith('gitea: {requireSignIn: yes}'),
    ['f.yaml:9:24 gitea.requireSignIn: is the text "yes", allowed is true or false - did you mean true?'],
  ],
  [
    'a number where text is wanted',
    goodWith('gitea: {title: 12}'),
    [
      'f.yaml:9:16 gitea.title: is the number 12, allowed is 1 to 64 characters on one line, for example Our Git - put it in quotes: "12"',
    ],
  ],
  [
    'enum with a near value',
    `${good}  profile: shortlivd\n`,
    [
      'f.yaml:9:12 tls.profile: is the text "shortlivd", allowed is one of classic, tlsserver, shortlived - did you mean "shortlived"?',
    ],
  ],
  [
    'wrong form without a better explanation',
    goodWith('proxy: {maxUploadSize: 512MB}'),
    [
      'f.yaml:9:24 proxy.maxUploadSize: is the text "512MB", allowed is a size as Nginx takes it: a number with k, m or g, or "0", for example 512m',
    ],
  ],
  [
    'duplicate key, both places, beside another error',
    `domain: a\n${good}`,
    [
      'f.yaml:1:9 domain: is the text "a" without a dot, allowed is a full host name such as git.your-company.com',
      'f.yaml:4:1 domain: is written twice (first at 1:1), allowed is once - remove one of the two',
    ],
  ],
  ['list at the top', '- a\n', [topLevel('a list')]],
  ['text at the top', 'hello\n', [topLevel('the text "hello"')]],
  [
    'everything at once, in the order of the file',
    'host:\n  adress: 10.0.0.1\n  port: 0\ndomain: git.example.com\nadmin: []\ntls: {email: x}\n',
    [
      'f.yaml:2:3 host.adress: is not a known key, allowed here are provider, address, port, user, identityFile, knownHosts, dataPath, dataDevice, swap, hardenSsh, unattendedUpgrades - did you mean "address"?',
      'f.yaml:3:9 host.port: is the number 0, allowed is a whole number from 1 to 65535',
      'f.yaml:4:9 domain: placeholder value left in: git.example.com, allowed is a real one - put your own here',
      'f.yaml:5:8 admin: is a list, allowed is a section with username, email',
      'f.yaml:6:14 tls.email: is the text "x", allowed is a mail address such as ops@your-company.com',
    ],
  ],
];

function topLevel(given: string): string {
  return `f.yaml:1:1 the file is ${given}, allowed is a section with host, aws, domain, admin, images, updates, gitea, mail, proxy, tls, docker, network, secrets, backup, verify`;
}

for (const [name, text, expected] of cases) t.strictSame(problemsOf(text), expected, name);
