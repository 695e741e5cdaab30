import t from 'tap';
import { parseConfig } from '../../../lib/config/load.ts';
import { ownerOf } from '../../../lib/config/rules/owned-settings.ts';
import { namesGiven } from '../../../lib/config/rules/secret-names.ts';
import { secretNames } from '../../../lib/core/secrets.ts';
import { goodWith, problemsOf } from './sample.ts';

const mail = (text: string) => goodWith(`mail: ${text}`);
const of = (text: string) => problemsOf(mail(text));
const whole = 'host: smtp.corp.test, from: git@corp.test';

t.test('what is left out, and the port that follows from the way to encrypt', async (t) => {
  const mailOf = (text: string) => parseConfig(mail(text), 'f.yaml').config?.mail;
  t.same(mailOf(`{${whole}}`), {
    ...{ host: 'smtp.corp.test', from: 'git@corp.test', tls: 'smtps', port: 465, notifications: true },
  });
  t.equal(mailOf(`{${whole}, tls: starttls}`)?.port, 587);
  t.equal(mailOf(`{${whole}, tls: none}`)?.port, 25);
  t.equal(mailOf(`{${whole}, tls: none, port: 2525}`)?.port, 2525);
  t.equal(parseConfig(goodWith(''), 'f.yaml').config?.mail, undefined);
});

t.test('a host is a name or an address, and never this container', async (t) => {
  for (const host of ['smtp.corp.test', 'relay', '10.0.0.1', "'fd00::1'"])
    t.same(of(`{host: ${host}, from: git@corp.test}`), [], host);
  for (const [host, message] of [
    ['localhost', /Gitea's own container/],
    ['127.0.0.1', /Gitea's own container/],
    ["'::1'", /Gitea's own container/],
    ['smtp.corp.test:465', /goes to mail\.port/],
    ["'smtps://smtp.corp.test'", /goes to mail\.tls/],
    ['me@smtp.corp.test', /goes to mail\.user/],
    ["'[2001:db8::1]'", /in brackets/],
    ['192.0.2.256', /four numbers/],
    ['Smtp.corp.test', /did you mean "smtp\.corp\.test"/],
    ['smtp_1.corp.test', /no "_"/],
    ["'a b'", /letters, digits/],
    ['smtp.example.com', /example/],
  ] as const)
    t.match(of(`{host: ${host}, from: git@corp.test}`), [
      new RegExp(`^f\\.yaml:9:14 mail\\.host: .*${message.source}`),
    ]);
});

t.test('addresses, accounts and passwords', async (t) => {
  t.match(of('{host: a.test, from: "Git <git@corp.test>"}'), [/^f\.yaml:9:28 mail\.from: .*mail address/]);
  t.match(of('{host: a.test, from: "git@corp.test\\r\\nBcc: x@y.test"}'), [/^f\.yaml:9:28 mail\.from: /]);
  t.match(of(`{${whole}, user: "%(APP_NAME)s", password: {secret: x}}`), [/mail\.user: holds %\(APP_NAME\)s/]);
  t.match(of(`{${whole}, user: "a\\nb", password: {secret: x}}`), [/mail\.user: holds a line break/]);
  t.match(of(`{${whole}, user: me}`), [/^f\.yaml:9:57 mail\.user: is set without mail\.password/]);
  t.match(of(`{${whole}, password: {secret: x}}`), [/^f\.yaml:9:61 mail\.password: is set without mail\.user/]);
  t.match(of(`{${whole}, user: me, password: {secret: x}, tls: none}`), [/mail\.tls: is none, and the password/]);
  t.same(of(`{${whole}, tls: none}`), []);
  t.match(of('{from: git@corp.test}'), [/mail\.host: is missing/]);
});

t.test('a password that is written where its name belongs is not repeated', async (t) => {
  for (const text of ['hunter22', '"hunter22"', '[hunter22]'])
    t.strictSame(of(`{${whole}, user: me, password: ${text}}`), [
      'f.yaml:9:71 mail.password: is no reference, allowed is { secret: NAME } with the name under which the value is kept',
    ]);
});

t.test("names of secrets of one's own", async (t) => {
  for (const name of ['a', 'mail_password', 'x9', 'a'.repeat(64)])
    t.same(of(`{${whole}, user: me, password: {secret: ${name}}}`), [], name);
  const bad = [
    '',
    'A',
    '9a',
    '_a',
    'a-b',
    'a b',
    'a/b',
    '__proto__',
    'a'.repeat(65),
    'pending',
    'ssh_host_ed25519_key',
  ];
  for (const name of [...bad, ...secretNames, 'gitea_password_root'])
    for (const [path, text] of [
      ['mail.password.secret', `mail: {${whole}, user: me, password: {secret: "${name}"}}`],
      ['gitea.settings.storage.KEY.secret', `gitea: {settings: {storage: {KEY: {secret: "${name}"}}}}`],
    ] as const) {
      const problems = problemsOf(goodWith(text));
      t.match(problems, [new RegExp(`^f\\.yaml:9:${text.indexOf(`"${name}"`) + 1} ${path}: is the text `)], name);
    }
  t.match(problemsOf(goodWith('gitea: {settings: {s: {K: {secert: a}}}}')), [/is not a known key.*secret/]);
  t.match(problemsOf(goodWith('gitea: {settings: {s: {K: {}}}}')), [/K\.secret: is missing/]);
  t.match(problemsOf(goodWith('gitea: {settings: {server: {DOMAIN: {secret: a}}}}')), [
    /DOMAIN: .*follows from domain/,
  ]);
});

t.test('which secrets a config refers to', async (t) => {
  const text = `gitea: {settings: {s: {A: {secret: b}, B: x, C: {secret: a}}, u: {D: {secret: a}}}}\nmail: {${whole}, user: me, password: {secret: c}}`;
  t.same(namesGiven(parseConfig(goodWith(text), 'f.yaml').config!), ['a', 'b', 'c']);
});

t.test('what mail decides cannot be set beside it, nor encryption be turned off', async (t) => {
  for (const [key, instead] of [
    ['PROTOCOL', 'mail.tls'],
    ['SMTP_ADDR', 'mail.host'],
    ['HOST', 'mail.host'],
    ['PASSWD', 'mail.password'],
    ['ENABLED', 'mail'],
  ] as const)
    t.same(ownerOf('mailer', key), { key: instead }, key);
  t.match(ownerOf('mailer', 'FORCE_TRUST_SERVER_CERT'), { kept: /read the password/ });
  t.same(problemsOf(goodWith('gitea: {settings: {mailer: {SUBJECT_PREFIX: "[git]"}}}')), []);
});
