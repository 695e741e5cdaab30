import t from 'tap';
import { iniText, iniValueProblem, iniWord, readIni, shownIni } from '../../../lib/core/ini.ts';
import { getKey, parseIni } from '../../lab/standin/ini.ts';

/** A small generator with a seed, so that a failure can be seen again. */
function random(seed: number) {
  let state = seed;
  const next = (below: number) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return next;
}

/** What go-ini gives a meaning to somewhere, and what surrounds it. */
const pieces = [
  ...['"', "'", '`', '"""', '#', ';', '=', ':', '[', ']', '%', '%(', ')s', '\\', '\\\\', ' ', '\t', '-', '$', '$$'],
  ...['a', 'Z', '0', 'Ann', 'ü', '漢', '🦊', '\u00a0', '\u0085', '\u2028', '\ufeff', '\u3000', '{{', '}}', 'DEFAULT'],
];

t.test('whatever a value holds, a reader as strict as Gitea gives it back', async (t) => {
  const next = random(7);
  let tried = 0;
  for (let round = 0; round < 20_000; round++) {
    const value = Array.from({ length: next(7) }, () => pieces[next(pieces.length)]).join('');
    if (iniValueProblem(value)) continue;
    tried++;
    const text = iniText('# head', [
      { section: 'a', key: 'BEFORE', value: 'x' },
      { section: 'a', key: 'KEY', value, why: 'because' },
      { section: 'a', key: 'AFTER', value: 'y' },
      { section: '', key: 'APP_NAME', value },
    ]);
    const found = parseIni(text);
    const seen = ['BEFORE', 'KEY', 'AFTER'].map((key) => getKey(found, 'a', key)).concat(getKey(found, '', 'APP_NAME'));
    if (JSON.stringify(seen) !== JSON.stringify(['x', value, 'y', value])) t.same(seen, ['x', value, 'y', value], text);
    if (readIni(text).get('a')?.get('KEY') !== value) t.equal(readIni(text).get('a')?.get('KEY'), value, text);
  }
  t.ok(tried > 15_000, `${tried} values`);
});

t.test('plain values stay plain, others stand in backticks', async (t) => {
  for (const plain of ['', 'Gitea', 'a\\', 'C:\\git', 'x = y: z', 'a"b', "it's", '100%', '%(x', 'a `b`', '[x]'])
    t.equal(iniWord(plain), plain);
  for (const other of ['a # b', 'a;b', ' a', 'a ', '"a"', "'a'", '"""', '`a`', '\u0085a', 'a\ufeff'])
    t.equal(iniWord(other), `\`${other}\``);
});

t.test('what go-ini could not give back is refused', async (t) => {
  for (const bad of ['a\nb', 'a\rb', '\0', '\x7f', '\ud800', '%(APP_NAME)s', 'x%(a b)sy']) {
    t.ok(iniValueProblem(bad), JSON.stringify(bad));
    t.throws(() => iniWord(bad));
  }
});

t.test('the nameless section comes first, whenever it was named', async (t) => {
  const text = iniText('# head', [
    { section: 'b', key: 'K', value: '1' },
    { section: '', key: 'A', value: '2', why: 'why' },
  ]);
  t.equal(text, '# head\n\n; why\nA = 2\n\n[b]\nK = 1\n');
});

t.test('what may be shown of two versions: every key, no secret', async (t) => {
  const before = `# by hand
APP_NAME = Old
[mailer]
PASSWD = hunter22
HOST = smtp://me:hunter33@example.com
[custom]
KEY_OF_MINE = hunter44
COPY = a-hunter44-b
[database]
PASSWD = hunter55
TOKENS_KEPT = 4
[gone]
api_token = hunter66
LEVEL = Info`;
  const after = `APP_NAME = New
[custom]
KEY_OF_MINE = hunter77
[database]
PASSWD = hunter55
TOKENS_KEPT = 4
`;
  const shown = shownIni(before, after, new Set(['custom.KEY_OF_MINE', 'database.PASSWD']));
  t.notMatch(JSON.stringify(shown), /hunter/);
  t.equal(
    shown.before,
    `APP_NAME = Old
[custom]
KEY_OF_MINE = <secret>
COPY = <secret>
[database]
PASSWD = <secret>
TOKENS_KEPT = 4
[mailer]
PASSWD = <secret>
HOST = <secret>
[gone]
api_token = <secret>
LEVEL = Info
`,
  );
  t.equal(
    shown.after,
    `APP_NAME = New
[custom]
KEY_OF_MINE = <another secret>
[database]
PASSWD = <secret>
TOKENS_KEPT = 4
`,
  );
  const same = shownIni(after, after, new Set());
  t.equal(same.before, same.after);
});
