import t from 'tap';
import { parseConfig } from '../../../lib/config/load.ts';
import { good, goodWith, problemsOf, randomFrom } from './sample.ts';

/** All sorts of values, and a mistake at the beginning, in the middle and at the end that has nothing to do with any other. */
const lines = `docker: {logMaxFiles: 0}
host:
  address: git-host.corp.test
  port: 22
  user: root
domain: git.corp.test
admin:
  username: gitadmin
  email: ops@corp.test
secrets:
  source: files
# a comment
tls:
  email: ops@corp.test
  profile: classic

gitea:
  title: "Our Git"
  sshPort: 2222
  signIn:
    twoFactor: optional
    username: nickname
  settings:
    service: { DEFAULT_KEEP_EMAIL_PRIVATE: true }
    ui: {A: b, C: 'd'}
network:
  allow:
    ssh: [10.0.0.0/8, 10.1.0.0/16]
    web:
      - 10.0.0.0/8
      - 10.1.0.0/16
proxy: {maxUploadSize: 512m, restartPatience: 60}
mail:
  host: smtp.corp.test
  from: git@corp.test
verify:
  pushSizeMiB: 50
foo: 1`.split('\n');
const known = ['1:23 docker.logMaxFiles', '11:11 secrets.source', `${lines.length}:1 foo`];

/** A plain value gets something in front. */
const before = (sign: string) => (line: string) =>
  /["'[{]/.test(line) ? line : line.replace(/((?:- |: ))(\S+)$/, (_, key, value) => `${key}${sign}${value}`);
const not = (pattern: RegExp, change: (line: string) => string) => (line: string) =>
  pattern.test(line) ? line : change(line);

/** Mistakes that one line can have; a line that cannot have it stays as it is. */
const mistakes: Readonly<Record<string, (line: string) => string>> = {
  'a quote that is not closed': before('"'),
  'the other one': before("'"),
  'a quote that is closed too early': before('"" '),
  'no quote at the end': (line) => line.replace(/["'](?=}?$)/, ''),
  'a quote before the key': not(/^ *-/, (line) => line.replace(/^ */, '$&"')),
  'a bracket that is not closed': before('['),
  'a brace that is not closed': before('{'),
  'nothing but a bracket': (line) => line.replace(/(: ).+$/, '$1['),
  'no bracket at the end': (line) => line.replace(/[\]}]$/, ''),
  'a bracket too many': not(/[\]}:]$/, (line) => `${line}]`),
  'no colon': not(/[[{]/, (line) => line.replace(': ', ' ')),
  'no space behind the colon': not(/[[{]/, (line) => line.replace(': ', ':')),
  'an equals sign': not(/[[{]/, (line) => line.replace(': ', '=')),
  'a section without a colon': (line) => line.replace(/:$/, ''),
  'a tab': (line) => line.replace(/^ +/, '\t'),
  'a tab and spaces': (line) => line.replace(/^ /, '\t'),
  'spaces and a tab': (line) => line.replace(/^ +/, '$&\t'),
  'a space more': not(/^ *-/, (line) => ` ${line}`),
  'a space less': (line) => line.replace(/^ /, ''),
  'a sign that is kept': before('@'),
  'a backtick': before('`'),
  'a percent sign': before('%'),
  'an escape that is none': (line) => before('"\\q')(line).replace(/"\\q.*/, '$&"'),
  'two values': before('a: '),
  'a list on the line of its key': not(/^ *-/, before('- ')),
  'a block with a wrong head': before('|'),
  'an anchor': before('&a '),
  'an alias': before('*'),
};

const changed = (at: number, line: string) => lines.map((each, index) => (index === at ? line : each));
const isContent = (line: string) => line !== '' && !line.startsWith('#');
const places = (text: readonly string[]) =>
  parseConfig(`${text.join('\n')}\n`, 'f.yaml')
    .problems.filter(({ severity }) => severity === 'error')
    .map(({ line, column, path }) => `${line}:${column} ${path}`.trim());

/** The line of the section that a line is in. */
const sectionOf = (at: number): number => (/^\w/.test(lines[at]!) ? at : sectionOf(at - 1));
const all = Object.entries(mistakes).flatMap(([name, change]) =>
  lines.flatMap((line, at) => {
    const made = change(line);
    // The known mistakes stay as they are.
    const spared = known.some((place) => sectionOf(Number.parseInt(place, 10) - 1) === sectionOf(at));
    return made === line || spared || !isContent(line) ? [] : [{ name, at, made }];
  }),
);

/** What is found with one of them alone. */
const alone = all.map(({ at, made }) => places(changed(at, made)));

t.test('a mistake in the YAML hides no other, and is followed by none', async (t) => {
  t.strictSame(places(lines), known);
  t.ok(all.length > 400, `${all.length} trials`);
  for (const [index, { name, at, made }] of all.entries()) {
    const found = alone[index]!;
    const rest = found.filter((place) => !known.includes(place)).map((place) => Number.parseInt(place, 10) - 1);
    const [one] = rest;
    // Of two lines that are not in line with each other either may be the wrong one.
    const near = lines.findIndex((line, index) => index > at && isContent(line));
    const above = lines.findLastIndex((line, index) => index < at && isContent(line));
    const fits = rest.length <= 1 && [at, near, above, undefined].includes(one);
    if (!fits || !known.every((place) => found.includes(place))) t.fail(`${name}: ${at + 1} ${made}`, { found });
    if (one === undefined && !/space/.test(name)) t.fail(`${name} is not found: ${at + 1} ${made}`, { found });
  }
});

t.test('of two mistakes both are told as if each were alone', async (t) => {
  const random = randomFrom(3);
  const any = () => Math.floor(random() * all.length);
  for (let round = 0; round < 200; round++) {
    const [first, second] = [any(), any()];
    const [a, b] = [all[first]!, all[second]!];
    if (sectionOf(a.at) === sectionOf(b.at)) continue;
    const both = changed(a.at, a.made).map((line, index) => (index === b.at ? b.made : line));
    const wanted = new Set([...alone[first]!, ...alone[second]!]);
    const found = places(both);
    if (found.length !== wanted.size || !found.every((place) => wanted.has(place)))
      t.fail(`${a.name}: ${a.made} and ${b.name}: ${b.made}`, { found, wanted: [...wanted] });
  }
});

t.test('what may stand in the part that makes no sense is not missing', async (t) => {
  const cases: readonly (readonly [text: string, ...wanted: string[]])[] = [
    [good.replace('domain: ', 'domain = '), '3:1'],
    [good.replace('  username: ', '\tusername: '), '5:1'],
    [
      good.replace('admin:\n', '<<<<<<< HEAD\nadmin:\n').replace('tls:', '=======\n>>>>>>> x\ntls:'),
      '4:1',
      '8:1',
      '9:1',
    ],
    [good.slice(0, good.indexOf('gitadmin')).replace('username: ', 'username: "'), '5:13'],
    [good.slice(0, good.indexOf('  username')).replace('git.corp.test', '[git'), '1:1 tls', '3:9', '4:7 admin'],
    [`${good}gitea: {title: "x, sshPort: 0}\nfoo: 1\n`, '9:16', '10:1 foo'],
    [`{"host": {"address": "10.0.0.1"`, '1:1', '1:10'],
    ['[host]\naddress = x\n'.repeat(30), '2:1'],
    [`'a'\n'b'\n'c'\n`, '2:1'],
  ];
  for (const [text, ...wanted] of cases) t.strictSame(places(text.trimEnd().split('\n')), wanted, text);
});

t.test('what the parser quotes of the file is not repeated', async (t) => {
  for (const text of ['{a: 1}\n  \nhunter2 x\n', goodWith('mail:\n  password: |hunter2'), goodWith('}hunter2')]) {
    const found = problemsOf(text);
    t.ok(found.length > 0);
    for (const line of found) t.notMatch(line, /hunter2/);
  }
});

t.test('what people know by another name than the parser is called so', async (t) => {
  const cases: readonly (readonly [text: string, wanted: string])[] = [
    [
      good.replace('domain: ', 'domain '),
      '3:1 is a line without a colon, allowed is a key, a colon, a space and a value',
    ],
    [
      good.replace('domain: ', 'domain:'),
      '3:1 has no space behind the colon, allowed is a key, a colon, a space and a value',
    ],
    [
      good.replace('  email', '   email'),
      '6:4 is indented more than the line above it, which has a value already, allowed is the same',
    ],
    [` ${good}`, '1:2 is indented, allowed is no space before the keys of the first level'],
    [
      goodWith('gitea:\n   title: x\n  sshPort: 22\n  startTimeout: 90'),
      '10:4 is indented otherwise than the lines below it, allowed is the same',
    ],
  ];
  for (const [text, wanted] of cases) t.strictSame(problemsOf(text), [`f.yaml:${wanted}`]);
});
