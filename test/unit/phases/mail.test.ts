import t from 'tap';
import type { Config } from '../../../lib/config/config.types.ts';
import { ownerOf } from '../../../lib/config/rules/owned-settings.ts';
import { shownIni } from '../../../lib/core/ini.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { appIni } from '../../../lib/phases/app-ini.ts';
import { appIniLines } from '../../../lib/phases/app-ini-lines.ts';
import { getKey, parseIni } from '../../lab/standin/ini.ts';
import { randomFrom } from '../config/sample.ts';
import { input } from './input.ts';

const mail: NonNullable<Config['mail']> = {
  ...{ host: 'smtp.corp.test', tls: 'smtps', port: 465, from: 'git@corp.test', notifications: true },
  ...{ user: 'me', password: { secret: 'mail_password' } },
};
type Settings = Config['gitea']['settings'];

const with_ = (given: Record<string, string>, settings: Settings, more?: typeof mail) => {
  const base = input({ config: { gitea: { settings } } });
  const kept = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, new Secret(name, value)]));
  return {
    ...base,
    config: { ...base.config, ...(more ? { mail: more } : {}) },
    secrets: { ...base.secrets, given: kept },
  };
};

const iniOf = (of: ReturnType<typeof with_>) => parseIni(appIni(of).content.reveal());

t.test('what Gitea reads of mail', async (t) => {
  const ini = iniOf(with_({ mail_password: 'a # b' }, {}, mail));
  const found = ['ENABLED', 'PROTOCOL', 'SMTP_ADDR', 'SMTP_PORT', 'FROM', 'USER', 'PASSWD'].map((key) =>
    getKey(ini, 'mailer', key),
  );
  t.same(found, ['true', 'smtps', 'smtp.corp.test', '465', 'git@corp.test', 'me', 'a # b']);
  t.equal(getKey(ini, 'service', 'ENABLE_NOTIFY_MAIL'), 'true');
  const { user: _user, password: _password, ...open } = mail;
  const plain = iniOf(with_({}, {}, { ...open, tls: 'starttls', notifications: false }));
  t.equal(getKey(plain, 'mailer', 'PROTOCOL'), 'smtp+starttls');
  t.equal(getKey(plain, 'mailer', 'PASSWD'), undefined);
  t.equal(getKey(plain, 'service', 'ENABLE_NOTIFY_MAIL'), 'false');
  t.equal(getKey(iniOf(with_({}, {}, { ...open, tls: 'none' })), 'mailer', 'PROTOCOL'), 'smtp');
});

t.test('without mail nothing of it', async (t) => {
  t.same(
    appIniLines(input()).filter(({ section, key }) => section === 'mailer' || key === 'ENABLE_NOTIFY_MAIL'),
    [],
  );
});

t.test('every setting that mail brings is refused in gitea.settings', async (t) => {
  const all = appIniLines(with_({ mail_password: 'x' }, {}, mail));
  for (const { section, key } of all) t.ok(ownerOf(section, key), `${section}.${key}`);
});

t.test('another password makes another container', async (t) => {
  const hash = (password: string) => appIni(with_({ mail_password: password }, {}, mail)).hash;
  t.not(hash('a'), hash('b'));
  t.equal(hash('a'), hash('a'));
});

t.test('secrets that were loaded for another config are a fault of ours', async (t) => {
  t.throws(() => appIni(with_({}, {}, mail)), /without mail_password/);
});

t.test('whatever refers to a secret, or did so before, never shows it', async (t) => {
  const random = randomFrom(11);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  const pieces = [
    '"',
    "'",
    '`',
    '#',
    ';',
    '=',
    '[',
    ']',
    '\\',
    ' ',
    'x',
    'ü',
    '🦊',
    ':',
    'hunter',
    '%(',
    '"""',
    '; A secret.',
  ];
  const secretOf = () => `S3cr${Array.from({ length: 6 }, () => pick(pieces)).join('')}3t`;
  const names = ['KEY', 'LEVEL', 'PASSWD', 'a.b', '.md', 'ZONE'];
  const sections = ['DEFAULT', 'storage', 'a.b', 'a'];
  const one = (given: Record<string, string>) => {
    const settings: Settings = {};
    for (let n = 0; n < 5; n++) {
      const name = `s${n}`;
      given[name] = secretOf();
      settings[pick(sections)] ??= {};
      const keys = settings[pick(Object.keys(settings))]!;
      keys[pick(names)] = random() < 0.6 ? { secret: name } : pick(['text', 1, true, '# "x"']);
    }
    return settings;
  };
  for (let round = 0; round < 400; round++) {
    const [first, second]: Record<string, string>[] = [{}, {}];
    const [old, next] = [one(first!), one(second!)];
    const a = appIni(with_({ mail_password: secretOf(), ...first! }, old, random() < 0.5 ? mail : undefined));
    const b = appIni(with_({ mail_password: secretOf(), ...second! }, next, random() < 0.5 ? mail : undefined));
    // The new config may say nothing of what the old one referred to.
    const shown = shownIni(a.content.reveal(), b.content.reveal(), new Set(b.hidden));
    const text = shown.before + shown.after;
    if (/S3cr|hunter/.test(text)) t.notMatch(text, /S3cr|hunter/, JSON.stringify([old, next]));
    // Nothing else goes missing by it.
    if (!shown.after.includes('DB_TYPE = postgres')) t.fail('a setting is not shown any more');
  }
});

t.test('a reference that changes is seen to change', async (t) => {
  const text = (value: string) => appIni(with_({ k: value }, { storage: { ZONE: { secret: 'k' } } })).content.reveal();
  const { before, after } = shownIni(text('one-value'), text('other-value'), new Set());
  t.match(before, 'ZONE = <secret>');
  t.match(after, 'ZONE = <another secret>');
});

t.test('the difference when a reference goes, and when it becomes text', async (t) => {
  const old = appIni(with_({ k: 'very-hidden' }, { storage: { ZONE: { secret: 'k' } } })).content.reveal();
  const none = shownIni(old, appIni(with_({}, {})).content.reveal(), new Set());
  t.match(none.before, '[storage]\nZONE = <secret>');
  t.notMatch(none.after, 'ZONE');
  const clear = shownIni(old, appIni(with_({}, { storage: { ZONE: 'north' } })).content.reveal(), new Set());
  t.notMatch(clear.before + clear.after, /very-hidden/);
});
