import t from 'tap';
import { parseConfig } from '../../../lib/config/load.ts';
import { lines, randomFrom } from './sample.ts';

type Tree = { [key: string]: unknown };

/** One valid value for many keys; which file each stands in is left to chance. */
const whole: Tree = {
  host: {
    address: '10.0.0.9',
    port: 2200,
    user: 'debian',
    knownHosts: '/k/pins',
    dataPath: '/data/gitea',
    swap: 'off',
  },
  aws: {
    accountId: '111122223333',
    region: 'eu-central-1',
    sshFrom: ['10.1.0.0/16'],
    tags: { team: 'a', cost: 'b' },
    inventory: '/k/inventory.json',
    ipv6: true,
  },
  domain: 'git.corp.test',
  admin: { username: 'gitadmin', email: 'ops@corp.test' },
  tls: { email: 'ops@corp.test', staging: true },
  gitea: { title: 'A title', sshPort: 2222 },
  proxy: { maxUploadSize: '256m', loginRequestsPerMinute: 5 },
  secrets: { file: '/k/secrets.yaml' },
  verify: { pushSizeMiB: 10 },
};
const wrong = [null, [], {}, 'x y', -1, true, '203.0.113.10'];

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);
const parse = (files: readonly Tree[]) => {
  const [base = '', ...overlays] = files.map((file) => JSON.stringify(file, null, 1));
  const over = overlays.map((text, index) => ({ file: `/over/o${index + 1}.yaml`, text }));
  return parseConfig(base, '/over/f.yaml', { home: '/home/me', overlays: over });
};

/** Puts every leaf of the tree into one or more of the files; `last` is where the value that counts must stand. */
function scatter(tree: Tree, count: number, random: () => number, other: (value: unknown) => unknown) {
  const files: Tree[] = Array.from({ length: count }, () => ({}));
  const last = new Map<string, number>();
  const put = (file: Tree, path: readonly string[], value: unknown) => {
    const name = path.at(-1)!;
    let at = file;
    for (const step of path.slice(0, -1)) {
      at[step] ??= {};
      at = at[step] as Tree;
    }
    at[name] = value;
  };
  const walk = (node: Tree, path: readonly string[]) => {
    for (const [key, value] of Object.entries(node)) {
      const here = [...path, key];
      if (isTree(value)) {
        walk(value, here);
        continue;
      }
      const top = Math.floor(random() * count);
      for (let below = 0; below < top; below++) if (random() < 0.4) put(files[below]!, here, other(value));
      put(files[top]!, here, value);
      last.set(here.join('.'), top);
    }
  };
  walk(tree, []);
  return { files, last };
}

t.test('however the keys are spread over the files, the result is that of one file', async (t) => {
  const random = randomFrom(11);
  const one = parse([whole]);
  t.strictSame(lines(one.problems), []);
  for (let round = 0; round < 100; round++) {
    // What lies below may be anything at all: it does not count.
    const { files } = scatter(
      whole,
      1 + Math.floor(random() * 4),
      random,
      () => wrong[Math.floor(random() * wrong.length)],
    );
    // An empty file is refused, one that has only an empty section is not.
    const filled = files.map((file) => (Object.keys(file).length > 0 ? file : { gitea: {} }));
    const many = parse(filled);
    if (!t.strictSame(many, one, JSON.stringify(filled))) return;
  }
});

t.test('laid over itself a file stays as it is, and an overlay laid twice is laid once', async (t) => {
  const random = randomFrom(12);
  for (let round = 0; round < 50; round++) {
    const { files } = scatter(whole, 3, random, (value) => value);
    const [base = {}, first = {}, second = {}] = files.map((file) => ({ ...file, gitea: { ...(file.gitea as Tree) } }));
    const { config } = parse([base, first, second]);
    if (!t.strictSame(parse([base, base, first, first, second, second]).config, config)) return;
  }
});

t.test('a key taken away is a key that was never written', async (t) => {
  const random = randomFrom(13);
  for (let round = 0; round < 100; round++) {
    const left = structuredClone(whole);
    const gone: Tree = { gitea: {} };
    for (const [name, section] of Object.entries(left)) {
      if (!isTree(section)) continue;
      for (const key of Object.keys(section)) {
        if (random() < 0.7) continue;
        delete section[key];
        gone[name] = { ...((gone[name] as Tree | undefined) ?? {}), [key]: null };
      }
    }
    const [expected, found] = [parse([left]), parse([whole, gone])];
    const told = (result: typeof found) => result.problems.map(({ path, message }) => `${path} ${message}`).sort();
    t.strictSame(told(found), told(expected), JSON.stringify(gone));
    if (!t.strictSame(found.config, expected.config, JSON.stringify(gone))) return;
  }
});

t.test('an error is always shown in the file whose value counts, on the line of its key', async (t) => {
  const random = randomFrom(14);
  for (let round = 0; round < 300; round++) {
    const { files, last } = scatter(whole, 1 + Math.floor(random() * 3), random, (value) => value);
    const paths = [...last.keys()].filter((path) => !path.startsWith('aws.tags'));
    const path = paths[Math.floor(random() * paths.length)]!;
    const [section = '', key] = path.split('.');
    const index = last.get(path)!;
    const file = files[index]!;
    if (key === undefined) file[section] = { bad: 1 };
    else (file[section] as Tree)[key] = { bad: 1 };
    const filled = files.map((each) => (Object.keys(each).length > 0 ? each : { gitea: {} }));
    const found = parse(filled).problems.find((problem) => problem.path === path);
    const text = JSON.stringify(filled[index], null, 1).split('\n')[(found?.line ?? 1) - 1];
    t.equal(found?.file, index === 0 ? '/over/f.yaml' : `/over/o${index}.yaml`, path);
    if (!t.match(text, `"${key ?? section}"`, path)) return;
  }
});

t.test('files with pieces of others put in', async (t) => {
  const random = randomFrom(15);
  const text = JSON.stringify(whole, null, 1);
  const pieces = ['null', '{', '}', '[', ']', '"', ',', '\n', ': ', '# ', '- ', '\0', '&a ', '*a', '"host": ', '0'];
  const at = (length: number) => Math.floor(random() * length);
  const maim = () => {
    let left = text;
    for (let edits = at(3); edits > 0; edits--) {
      const start = at(left.length);
      left = left.slice(0, start) + pieces[at(pieces.length)] + left.slice(start + at(4));
    }
    return left;
  };
  for (let round = 0; round < 400; round++) {
    const overlays = [0, 1].map((index) => ({ file: `o${index}.yaml`, text: maim() }));
    const { config, problems } = parseConfig(maim(), 'f.yaml', { overlays });
    t.equal(
      problems.some(({ severity }) => severity === 'error'),
      config === undefined,
    );
    const files = ['f.yaml', 'o0.yaml', 'o1.yaml'];
    const order = problems.map(({ file }) => files.indexOf(file));
    if (!t.strictSame(order, [...order].sort(), 'each names one of the files, in their order')) return;
  }
});
