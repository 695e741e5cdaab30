import { spawnSync } from 'node:child_process';
import t from 'tap';
import { formatRefs, parseRefs, type RepositoryRefs } from '../../../lib/jobs/backup/files/index.ts';
import { isRefName } from '../../../lib/jobs/backup/files/refs-text.ts';

/** The same numbers each time (a linear congruential generator), so that a failure can be looked at. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

const hash = (pick: (below: number) => number, length = 40) =>
  Array.from({ length }, (_, index) => (index === 0 ? 'a' : '0123456789abcdef'[pick(16)])).join('');

/** Any bytes that git allows, among them those that mean something in refs.txt or sort in an odd way. */
const letters = 'aAzZ09-+_!"#$%&()/=,;<>|\u0080\u00a0\u00ad\u00e4\u00ff}@'.split('');

function nameOf(pick: (below: number) => number): string {
  const part = () => `x${Array.from({ length: pick(9) }, () => letters[pick(letters.length)]).join('')}y`;
  return `refs/${part()}/${part()}`.replaceAll(/\/+/g, '/');
}

function repositoriesOf(seed: number): RepositoryRefs[] {
  const pick = numbers(seed);
  const paths = new Set(
    Array.from({ length: pick(6) }, () => `o${pick(99)}${['', '-x', '.y'][pick(3)]}/.n-${pick(99)}.git`),
  );
  return [...paths].map((path) => ({
    path,
    head: pick(4) ? `ref: ${nameOf(pick)}` : hash(pick),
    refs: new Map(
      Array.from({ length: pick(30) }, () => [
        nameOf(pick),
        pick(9) ? hash(pick, pick(2) ? 40 : 64) : `ref: ${nameOf(pick)}`,
      ]),
    ),
  }));
}

t.test('what is written is read as it was', (t) => {
  let refs = 0;
  for (let seed = 1; seed <= 300; seed += 1) {
    const repositories = repositoriesOf(seed);
    const text = formatRefs(repositories);
    const read = [...parseRefs(text)];
    const byPath = new Map(read.map((repository) => [repository.path, repository]));
    if (byPath.size !== repositories.length) t.fail(`seed ${seed}: other repositories`);
    for (const { path, head, refs: wanted } of repositories) {
      const found = byPath.get(path)!;
      refs += wanted.size;
      const same = [...wanted].every(([name, value]) => found.refs.get(name) === value);
      if (found.head !== head || found.refs.size !== wanted.size || !same) t.fail(`seed ${seed}: ${path}`);
    }
    if (!formatRefs(read.toReversed()).equals(text)) t.fail(`seed ${seed}: other bytes`);
  }
  t.ok(refs > 1000, `${refs} refs`);
  t.same([...parseRefs(Buffer.alloc(0))], []);
  t.end();
});

t.test('a text that is damaged is refused', (t) => {
  const a = 'a'.repeat(40);
  const good = `repository ann/a.git\nHEAD ref: refs/heads/main\n${a} refs/heads/main\n${a} refs/tags/v1\n`;
  const parse = (text: string) => [...parseRefs(Buffer.from(text, 'latin1'))];
  t.equal(parse(good)[0]?.refs.size, 2);
  const cases: Record<string, string> = {
    'cut off': good.slice(0, -1),
    'cut off in a name': good.slice(0, -3),
    'without its head': good.replace(/^HEAD.*\n/m, ''),
    'a HEAD that is neither': good.replace('ref: refs/heads/main', 'main'),
    'a short hash': good.replace(a, a.slice(1)),
    'a hash of zeros': good.replace(a, '0'.repeat(40)),
    'a name that git does not take': good.replace('refs/tags/v1', 'refs/tags/v1.lock'),
    'a name outside refs': good.replace('refs/tags/v1', 'tags/v1'),
    'out of order': good.replace('refs/tags/v1', 'refs/heads/lain'),
    'twice the same name': good.replace('refs/tags/v1', 'refs/heads/main'),
    'a path that leads out': good.replace('ann/a.git', '../a.git'),
    'a path that leads further down': good.replace('ann/a.git', 'ann/b/a.git'),
    'the same repository twice': good + good,
    'an empty line': `${good}\n`,
  };
  for (const [name, text] of Object.entries(cases))
    t.throws(() => parse(text), { message: /the list of refs is damaged/ }, name);
  t.end();
});

t.test('a name of a ref is what git takes for one', (t) => {
  const pieces = [
    'heads',
    'a',
    '/',
    '/',
    '.',
    '..',
    '.lock',
    '@',
    '{',
    ' ',
    '~',
    '\x7f',
    '\x01',
    '*',
    '[',
    ']',
    '\\',
    ':',
    '-',
    'lock',
  ];
  const pick = numbers(7);
  const said = { yes: 0, no: 0 };
  for (let round = 0; round < 120; round += 1) {
    const name = `refs/${Array.from({ length: 1 + pick(5) }, () => pieces[pick(pieces.length)]).join('')}`;
    const taken = spawnSync('git', ['check-ref-format', name]).status === 0;
    said[taken ? 'yes' : 'no'] += 1;
    if (isRefName(name) !== taken) t.fail(`${JSON.stringify(name)}: git says ${taken}`);
  }
  t.ok(said.yes > 10 && said.no > 10, JSON.stringify(said));
  t.end();
});
