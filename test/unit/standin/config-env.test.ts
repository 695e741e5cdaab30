import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { decodeEnvName, mergeEnvironment } from '../../lab/standin/config-env.ts';
import { formatIni, getKey, parseIni, setKey } from '../../lab/standin/ini.ts';

t.test('names of the environment become section and key', async (t) => {
  const cases: [string, { section: string; key: string; fromFile: boolean } | undefined][] = [
    ['GITEA__server__ROOT_URL', { section: 'server', key: 'ROOT_URL', fromFile: false }],
    ['GITEA__SERVER__ROOT_URL', { section: 'server', key: 'ROOT_URL', fromFile: false }],
    ['GITEA__log_0X2E_console__LEVEL', { section: 'log.console', key: 'LEVEL', fromFile: false }],
    ['GITEA__log_0x2e_console__LEVEL', { section: 'log.console', key: 'LEVEL', fromFile: false }],
    ['GITEA__log__logger_0X2E_access_0X2E_MODE', { section: 'log', key: 'logger.access.MODE', fromFile: false }],
    ['GITEA__database__PASSWD__FILE', { section: 'database', key: 'PASSWD', fromFile: true }],
    ['GITEA____APP_NAME', { section: '', key: 'APP_NAME', fromFile: false }],
    ['GITEA__a__b__C', { section: 'a', key: 'b__C', fromFile: false }],
    ['GITEA__APP_NAME', undefined],
    ['GITEA__server__', undefined],
    ['GITEA_WORK_DIR', undefined],
  ];
  for (const [name, want] of cases) t.same(decodeEnvName(name), want, name);
});

t.test('merging adds and replaces, never removes', async (t) => {
  const ini = parseIni('APP_NAME = old\n[server]\nHTTP_PORT = 3000\n');
  const env = {
    GITEA__server__HTTP_PORT: '3001',
    GITEA__metrics__ENABLED: 'true',
    GITEA____APP_NAME: 'new',
    PATH: '/bin',
  };
  t.same(mergeEnvironment(ini, env), { changed: true, errors: [] });
  t.equal(getKey(ini, 'server', 'HTTP_PORT'), '3001');
  t.equal(getKey(ini, 'metrics', 'ENABLED'), 'true');
  t.equal(getKey(ini, '', 'APP_NAME'), 'new');
  t.same(mergeEnvironment(ini, env), { changed: false, errors: [] }, 'the second time nothing changes');
  t.same(mergeEnvironment(ini, {}), { changed: false, errors: [] });
  t.equal(getKey(ini, 'metrics', 'ENABLED'), 'true', 'a variable that is gone leaves its value');
});

t.test('values from files', async (t) => {
  const file = join(t.testdir({}), 'secret');
  const read = (content: string): string | undefined => {
    writeFileSync(file, content);
    const ini = parseIni('');
    mergeEnvironment(ini, { GITEA__database__PASSWD__FILE: file });
    return getKey(ini, 'database', 'PASSWD');
  };
  t.equal(read('word\n'), 'word');
  t.equal(read('word\r\n'), 'word');
  t.equal(read('word\n\n'), 'word\n', 'one newline is taken, not two');
  t.equal(read(' word '), ' word ');
});

t.test('an unreadable file is an error in the log and keeps the old value', async (t) => {
  const ini = parseIni('[database]\nPASSWD = old\n');
  const merge = mergeEnvironment(ini, { GITEA__database__PASSWD__FILE: '/nowhere/secret' });
  t.equal(merge.changed, false);
  t.match(merge.errors, [
    /^Error reading file for GITEA__database__PASSWD__FILE : \/nowhere\/secret.*no such file or directory/,
  ]);
  t.equal(getKey(ini, 'database', 'PASSWD'), 'old');
});

t.test('whatever a secret holds, app.ini gives it back', async (t) => {
  for (const value of [
    'a#b',
    'a;b',
    'a=b',
    '"quoted"',
    ' spaces ',
    "it's",
    'back`tick',
    'a"b',
    '%(x)s',
    '',
    'ünïcode',
    'a#`b',
  ]) {
    const ini = parseIni('');
    setKey(ini, 'database', 'PASSWD', value);
    const got = getKey(parseIni(formatIni(ini)), 'database', 'PASSWD');
    // go-ini, too, reads a value that stands in quotes without them.
    t.equal(got, value === '"quoted"' ? 'quoted' : value, JSON.stringify(value));
  }
});

t.test('app.ini keeps comments and sections, and refuses what is neither', async (t) => {
  const text = '; top\nAPP_NAME = x\n\n# about it\n[server]\n; why\nHTTP_PORT = 3000\n';
  t.equal(formatIni(parseIni(text)), text);
  t.equal(getKey(parseIni('[a]\nK: v ; rest\n'), 'a', 'K'), 'v');
  t.equal(getKey(parseIni('[DEFAULT]\nK=1\n'), '', 'K'), '1');
  t.equal(getKey(parseIni('[default]\nK=1\n'), '', 'K'), undefined);
  t.throws(() => parseIni('nonsense\n'), /key-value delimiter not found/);
});
