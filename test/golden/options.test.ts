// Any option turned on and off again: what it brought goes, and the host is as before. The options come from the schema.
import { isDeepStrictEqual } from 'node:util';
import t from 'tap';
import { parse, stringify } from 'yaml';
import { parseConfig } from '../../lib/config/load.ts';
import { type Mark, thingOf } from '../../lib/core/mark.ts';
import type { ComposeSpec, OwnedSpec, Spec } from '../../lib/core/spec.ts';
import { owned } from '../../lib/kinds/removal/owned.ts';
import { type FoundMarks, parseMarks } from '../../lib/kinds/removal/owned-found.ts';
import { idOf, judge } from '../../lib/kinds/removal/owned-judged.ts';
import { desiredState } from '../../lib/phases/index.ts';
import { input } from '../unit/phases/input.ts';
import { turnedKeys } from './keys.ts';

const base = {
  host: { address: '203.0.113.10' },
  domain: 'git.example.com',
  admin: { username: 'alice', email: 'alice@example.com' },
  tls: { email: 'ops@example.com' },
};

/** For keys whose examples in the schema are what stands in `base`, or the default. */
const others: Readonly<Record<string, unknown>> = {
  'host.address': '203.0.113.11',
  'host.knownHosts': 'other.known_hosts',
  domain: 'code.example.com',
  'admin.username': 'bob',
  'admin.email': 'bob@example.com',
  'images.postgres': 'postgres:18.7',
  'images.nginx': 'nginx:1.30.5-alpine',
  'images.certbot': 'certbot/certbot:v5.9.1',
  'tls.email': 'ops@example.org',
  'docker.logMaxSize': '11m',
  'secrets.file': 'other.secrets.yaml',
  'aws.inventory': 'other.inventory.json',
  'images.restic': 'restic/restic:0.19.2',
};

/** What a key needs beside it. */
const beside: readonly (readonly [key: RegExp, config: object])[] = [
  [/^(aws\.|host\.provider$|secrets\.source$)/, { aws: { accountId: '123456789012', region: 'eu-central-1', sshFrom: ['203.0.113.0/24'] } }],
  [/^mail\./, { mail: { host: 'mail.example.com', from: 'gitea@example.com' } }],
  [/^backup\.remote\./, { backup: { remote: { repository: 'rest:https://backup.corp.test/gitea' } } }],
  [/^mail\.(user|password\.)/, { mail: { user: 'gitea', password: { secret: 'smtp_password' } } }],
];

/** What changes together with a key: a host that is made has no address of the operator's. */
const together: Readonly<Record<string, object>> = { 'host.provider': { host: { address: undefined } } };

type Plain = Record<string, unknown>;
const isMap = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value);
function merged(one: Plain, two: Plain): Plain {
  const both = Object.entries(two).map(([key, value]) => {
    const before = one[key];
    return [key, isMap(before) && isMap(value) ? merged(before, value) : value] as const;
  });
  return { ...one, ...Object.fromEntries(both) };
}
const at = (key: string, value: unknown): Plain =>
  key
    .split('.')
    .reverse()
    .reduce<unknown>((below, name) => ({ [name]: below }), value) as Plain;

/** Small, and of a distribution that needs more: so that as much as possible is wanted. */
const facts = { distribution: 'debian', release: '12', prettyName: 'Debian 12', memoryMiB: 3000 };

/** The whole way from the text of a config to what is wanted on the host. */
function wantedBy(config: Plain): Spec[] | string {
  const { config: read, problems } = parseConfig(stringify(config), 'gitea.config.yaml', { placeholders: 'allow' });
  if (!read) {
    return problems.map(({ path, message }) => `${path}: ${message}`).join('; ');
  }
  const plain = input({ config: read, facts, ...(read.tls.caBundle ? { caBundle: 'certificates\n' } : {}) });
  return desiredState({ ...plain, config: read });
}

/** A host with nothing but what is ours: everything that marks stand for. A deploy takes one step after the other. */
class Played {
  readonly things = new Set<string>();
  marks: readonly Mark[] = [];

  /** Gives the names of what was removed. */
  deploy(specs: readonly Spec[]): readonly string[] {
    const spec = ownedOf(specs);
    const found: FoundMarks = { marks: this.marks, states: new Map() };
    const unmet = new Set(spec.wanted.filter(({ mark }) => !this.has(mark)).map((one) => one.spec));
    const judged = judge(spec, found, unmet);
    const { changes } = owned.among!(spec, found, unmet);
    for (const { mark } of spec.wanted) this.things.add(fullOf(mark));
    const gone = judged.going.map(([mark]) => mark!).filter((mark) => changes.some(({ id }) => id === idOf(mark)));
    for (const mark of gone)
      for (const full of this.things) if (full.startsWith(`${thingOf(mark)}\t`)) this.things.delete(full);
    const left = new Set(gone.map(thingOf));
    this.marks = [...judged.before, ...judged.missing].filter((mark) => !left.has(thingOf(mark)));
    return gone.map(({ name }) => name).sort();
  }

  /** Of a file another content is not the same thing. */
  private has(mark: Mark): boolean {
    return this.things.has(fullOf(mark));
  }
}
const fullOf = (mark: Mark) => `${thingOf(mark)}\t`;

const ownedOf = (specs: readonly Spec[]) => specs.find((spec): spec is OwnedSpec => spec.kind === 'owned')!;

/** What specs leave on a host, from their own fields and not from the marks: paths, and those of others that belong to them. */
function leftBy(specs: readonly Spec[]): Set<string> {
  return new Set(
    specs.flatMap((spec) => {
      if (spec.kind === 'images') return spec.refs;
      if (spec.kind === 'firewall') return spec.rules === undefined ? [] : [spec.path, spec.unit.path];
      if (spec.kind === 'volume') return spec.files.map(({ path }) => path);
      return ['file', 'directory', 'symlink', 'sshd', 'swap', 'runtime'].includes(spec.kind) && 'path' in spec
        ? [spec.path]
        : [];
    }),
  );
}

/** Who else takes it away, or why it stays. */
function exception(path: string, before: readonly Spec[], after: readonly Spec[]): boolean {
  const own = after.some(
    (spec) =>
      // By the name of what it is a version of, or in a folder of its own.
      (spec.kind === 'leftovers' || spec.kind === 'generations') &&
      path.startsWith(`${spec.directory}/`) &&
      (spec.kind === 'generations' ||
        spec.stems.some((stem) => path.slice(spec.directory.length + 1).startsWith(stem))),
  );
  const data = after.some((spec) => spec.kind === 'volume' && spec.files.some((file) => file.path === path));
  const rules = before.some((spec) => spec.kind === 'firewall' && (spec.path === path || spec.unit.path === path));
  // Data depends on it, and is there still.
  const kept = [...before, ...after].some(
    (spec) => spec.kind === 'file' && spec.path === path && spec.protect !== undefined,
  );
  // The one before stays.
  const image =
    !path.startsWith('/') &&
    before.some((spec) => spec.kind === 'images' && spec.refs.some((ref) => nameOf(ref) === nameOf(path)));
  return own || data || rules || kept || image;
}
const nameOf = (ref: string) => ref.replace(/[:@].*$/, '').replace(/^.*\//, '');

const turned = turnedKeys(others);

t.test('every key of the schema has a value to be turned to', async (t) => {
  const without = turned.filter(({ value }) => value === undefined).map(({ key }) => key);
  t.strictSame(without, [], 'give these an example in the schema, or a value in `others`');
});

for (const { key, value } of turned) {
  if (value === undefined) continue;
  t.test(`${key}: ${JSON.stringify(value)}, and back`, async (t) => {
    const off = beside
      .filter(([of]) => of.test(key))
      .reduce<Plain>((config, [, more]) => merged(config, more as Plain), base);
    const on = merged(merged(off, at(key, value)), (together[key] ?? {}) as Plain);
    const [a, b] = [wantedBy(off), wantedBy(on)];
    if (typeof a === 'string' || typeof b === 'string')
      return t.fail(
        `the config is refused, and wants a value in \`others\`, or more in \`beside\`: ${[a, b].find((one) => typeof one === 'string')}`,
      );
    const host = new Played();
    t.strictSame(host.deploy(a), [], 'nothing goes from a new host');
    const before = { things: [...host.things].sort(), marks: new Set(host.marks.map(fullOf)) };
    const [leftA, leftB] = [leftBy(a), leftBy(b)];
    const gone = [...leftA].filter((path) => !leftB.has(path) && !exception(path, b, a)).sort();
    t.strictSame(host.deploy(b), gone, 'turned: what it makes superfluous goes');
    const added = [...leftB].filter((path) => !leftA.has(path) && !exception(path, a, b)).sort();
    t.strictSame(host.deploy(a), added, 'turned back: exactly what it brought goes');
    const things = [...host.things].filter((thing) => !thing.startsWith('image\t')).sort();
    t.strictSame(
      things,
      before.things.filter((thing) => !thing.startsWith('image\t')),
      'as it was before',
    );
    t.strictSame(host.deploy(a), [], 'and then nothing is left to do');
    noUnitIsLeft(t, a, b, added);
  });
}

/** A unit that only the turned config wants has a file of ours that goes, or is the distribution's own. */
function noUnitIsLeft(
  t: Pick<typeof import('tap').t, 'ok'>,
  a: readonly Spec[],
  b: readonly Spec[],
  added: readonly string[],
) {
  const units = (specs: readonly Spec[]) => specs.flatMap((spec) => (spec.kind === 'unit' ? [spec.name] : []));
  const files = leftBy(b);
  for (const name of units(b).filter((name) => !units(a).includes(name))) {
    const path = `/etc/systemd/system/${name}`;
    t.ok(!files.has(path) || added.includes(path), `${name} goes with its file`);
  }
}

t.test('every network of the compose file carries a mark', async (t) => {
  const specs = wantedBy(base) as Spec[];
  const { text, project } = specs.find((spec): spec is ComposeSpec => spec.kind === 'compose')!;
  const made = Object.keys(parse(text).networks).map((name) => `${project}_${name}`);
  const marked = ownedOf(specs).wanted.flatMap(({ mark }) => (mark.type === 'network' ? [mark.name] : []));
  t.strictSame(made.sort(), marked.sort());
  t.ok(made.length > 1);
});

t.test('the walk sees a key that has no value, and each value of a choice', async (t) => {
  const node = {
    properties: {
      nothing: { type: 'string', default: 'a', examples: ['a'] },
      choice: { type: 'string', enum: ['x', 'y', 'z'], default: 'x' },
      deep: { type: 'object', properties: { flag: { type: 'boolean', default: false } } },
    },
  };
  const found = turnedKeys({}, node);
  t.ok(
    isDeepStrictEqual(found, [
      { key: 'nothing' },
      { key: 'choice', value: 'y' },
      { key: 'choice', value: 'z' },
      { key: 'deep.flag', value: true },
    ]),
    JSON.stringify(found),
  );
  t.strictSame(parseMarks('').marks, []);
});
