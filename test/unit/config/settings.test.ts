import t from 'tap';
import { parseConfig } from '../../../lib/config/load.ts';
import { ownerOf } from '../../../lib/config/rules/owned-settings.ts';
import { appIni } from '../../../lib/phases/app-ini.ts';
import { appIniLines } from '../../../lib/phases/app-ini-lines.ts';
import { getKey, parseIni } from '../../lab/standin/ini.ts';
import { input } from '../phases/input.ts';
import { goodWith, lines, problemsOf, randomFrom } from './sample.ts';

const settings = (text: string) => goodWith(`gitea:\n  settings:\n    ${text}`);
const of = (text: string) => problemsOf(settings(text));

t.test('what the config gives reaches app.ini, and nothing else changes', async (t) => {
  const given = parseConfig(
    settings(
      '{service: {DEFAULT_KEEP_EMAIL_PRIVATE: true, X: "a # b"}, DEFAULT: {FOO: 1}, git.config: {core.logAllRefUpdates: false}, ui: {RATIO: 1.5, NONE: ""}}',
    ),
    'f.yaml',
  );
  t.same(given.problems, []);
  const ini = parseIni(
    appIni(input({ config: { gitea: { settings: given.config!.gitea.settings } } })).content.reveal(),
  );
  t.equal(getKey(ini, 'service', 'DEFAULT_KEEP_EMAIL_PRIVATE'), 'true');
  t.equal(getKey(ini, 'service', 'X'), 'a # b');
  t.equal(getKey(ini, 'service', 'DISABLE_REGISTRATION'), 'true', 'beside ours');
  t.equal(getKey(ini, '', 'FOO'), '1');
  t.equal(getKey(ini, 'git.config', 'core.logAllRefUpdates'), 'false');
  t.equal(getKey(ini, 'ui', 'RATIO'), '1.5');
  t.equal(getKey(ini, 'ui', 'NONE'), '');
});

t.test('every setting that the deploy writes is refused, in any case of letters', async (t) => {
  const all = appIniLines(input());
  t.ok(all.length > 50);
  for (const { section, key } of all) {
    t.ok(ownerOf(section, key), `${section}.${key}`);
    const name = section === '' ? 'DEFAULT' : section;
    for (const written of [key, key.toLowerCase()]) {
      const [problem = '', ...more] = of(`${name}: {x-y: 1, ${written}: "1"}`);
      t.match(
        problem,
        new RegExp(`^f\\.yaml:11:${5 + name.length + 3 + 'x-y: 1, '.length} gitea\\.settings\\.`),
        written,
      );
      t.same(more, []);
    }
  }
  t.equal(ownerOf('server', 'OFFLINE_MODE'), undefined);
});

t.test('what to use instead', async (t) => {
  const start = 'f.yaml:11:14 gitea.settings.';
  t.same(of('server: { ROOT_URL: "https://a/", SSH_PORT: 1 }'), [
    'f.yaml:11:15 gitea.settings.server.ROOT_URL: is [server] ROOT_URL, which follows from domain, allowed is to set domain instead',
    'f.yaml:11:39 gitea.settings.server.SSH_PORT: is [server] SSH_PORT, which follows from gitea.sshPort, allowed is to set gitea.sshPort instead',
  ]);
  t.same(of('DEFAULT: {app_name: x}'), [
    'f.yaml:11:15 gitea.settings.DEFAULT.app_name: is app_name, which follows from gitea.title, allowed is to set gitea.title instead',
  ]);
  t.same(of('oauth2: {JWT_SECRET_URI: "file:/x"}'), [
    `${start}oauth2.JWT_SECRET_URI: is [oauth2] JWT_SECRET_URI, another form of what the deploy sets itself, allowed is to leave it out: it is kept by the deploy`,
  ]);
});

t.test('names, values and how many', async (t) => {
  const bad = [
    'a b',
    'a]',
    '"a\\u00e4"',
    '.a',
    'a..b',
    'a.',
    '_a',
    '__proto__',
    'default',
    '"a/b~c"',
    '"#a"',
    `x${'a'.repeat(100)}`,
  ];
  for (const name of bad) {
    const [problem = '', ...more] = of(`${name}: {A: 1}`);
    t.match(
      problem,
      /^f\.yaml:11:5 gitea\.settings.*: is a section called .*, allowed (are|is)|which Gitea does not read/,
      name,
    );
    t.same(more, []);
  }
  for (const name of ['a b', '"a="', '"a:b"', '-', '"`a`"', '"a[1]"', '"a\\u00e4"', '"a/b"']) {
    t.match(of(`s: {${name}: 1}`), [/^f\.yaml:11:9 gitea\.settings\.s\..*: is a key called /], name);
  }
  for (const name of ['.md', 'X-Header', 'logger.access.MODE', 'a', '9']) t.same(of(`s: {${name}: 1}`), [], name);
  t.match(of('s: {A: "a\\nb"}'), [/^f\.yaml:11:12 gitea\.settings\.s\.A: holds a line break/]);
  t.match(of('s: {A: "%(APP_NAME)s"}'), [/^f\.yaml:11:12 gitea\.settings\.s\.A: holds %\(APP_NAME\)s/]);
  t.match(of('s: {A: 1e30, B: 12345678901234567890, C: 1e-9}'), [/11:12 .*in quotes/, /11:21 /, /11:46 /]);
  t.match(of('s: {A: [1]}'), [
    /^f\.yaml:11:12 gitea\.settings\.s\.A: is a list, allowed is a text on one line, a number, true or false, or \{ secret: NAME \}$/,
  ]);
  t.match(of('s: {A: }'), [/11:12 .*is empty/]);
  t.match(of('s: 1'), [/11:8 gitea\.settings\.s: is the number 1, allowed is keys with values/]);
  t.match(of(`s: {A: ${'x'.repeat(4097)}}`), [/4097 characters long/]);
  const many = Array.from({ length: 501 }, (_, index) => `K${index}: 1`).join(', ');
  t.match(of(`s: {${many}}`), [/gitea\.settings: has 501 keys, allowed are at most 500/]);
});

t.test('a credential in clear is warned of, and what only speaks of one is not', async (t) => {
  t.match(of('storage: {MINIO_SECRET_ACCESS_KEY: abc}'), [/11:40 .*looks like a credential/]);
  t.ok(parseConfig(settings('storage: {MINIO_SECRET_ACCESS_KEY: abc}'), 'f.yaml').config);
  t.same(of('security: {PASSWORD_COMPLEXITY: "lower,upper", MIN_PASSWORD_LENGTH: 12, X_TOKEN: ""}'), []);
});

t.test('an overlay changes one key, and takes one away', async (t) => {
  const over = (text: string) =>
    parseConfig(settings('{ui: {A: 1, B: x}, api: {C: true}}'), 'f.yaml', { overlays: [{ file: 'o.yaml', text }] });
  t.same(over('gitea: {settings: {ui: {A: two, B: , D: 4}, api: }}').config?.gitea.settings, {
    ui: { A: 'two', D: 4 },
  });
  t.match(lines(over('gitea: {settings: {server: {DOMAIN: x}}}').problems), [
    /^o\.yaml:1:29 gitea\.settings\.server\.DOMAIN: /,
  ]);
});

t.test('any value that the rules let through is what Gitea reads', async (t) => {
  const random = randomFrom(5);
  const pieces = [
    '"',
    "'",
    '`',
    '#',
    ';',
    '=',
    '[',
    ']',
    '%(',
    ')s',
    '\\',
    ' ',
    'a',
    'ü',
    '🦊',
    '$',
    '{{',
    '\u2028',
    '\t',
    '"""',
  ];
  let tried = 0;
  for (let round = 0; round < 300; round++) {
    const value = Array.from(
      { length: Math.floor(random() * 7) },
      () => pieces[Math.floor(random() * pieces.length)],
    ).join('');
    const { config } = parseConfig(settings(`s: {K: ${JSON.stringify(value)}}`), 'f.yaml');
    if (!config) continue;
    tried++;
    const text = appIni(input({ config: { gitea: { settings: config.gitea.settings } } })).content.reveal();
    const found = getKey(parseIni(text), 's', 'K');
    if (found !== value) t.equal(found, value);
  }
  t.ok(tried > 200, `${tried} values`);
});
