import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { Config } from '../../lib/config/config.types.ts';
import { namesGiven } from '../../lib/config/rules/secret-names.ts';
import { RunbookError } from '../../lib/core/errors.ts';
import { Secret } from '../../lib/core/secret.ts';
import { secretNames } from '../../lib/core/secrets.ts';
import type { OwnedSpec, Spec } from '../../lib/core/spec.ts';
import { lock } from '../../lib/engine/lock.ts';
import { probe } from '../../lib/engine/probe.ts';
import { appendRecord } from '../../lib/engine/record.ts';
import { collectPasswords } from '../../lib/jobs/deploy/accounts.ts';
import { preflightScript } from '../../lib/jobs/doctor/preflight-script.ts';
import { status } from '../../lib/jobs/status/index.ts';
import { kinds } from '../../lib/kinds/index.ts';
import { adoption, idOf } from '../../lib/kinds/removal/owned-judged.ts';
import { desiredState } from '../../lib/phases/index.ts';
import type { DesiredInput } from '../../lib/phases/phase.ts';
import { input } from './phases/input.ts';
import { leaves, replaced } from './shell/leaves.ts';
import { recorder } from './shell/recorder.ts';
import { runsCanary } from './shell/sandbox.ts';
import { skeleton } from './shell/skeleton.ts';

/**
 * Whatever stands in a value, a file or a secret: a shell must read it as a word and as nothing else. Each script of the
 * project is built with a text that means something to a shell in the place of one value, and again of all.
 */
const plain = 'xA1';
const hostile = [
  '$(canary)',
  '`canary`',
  "'; canary; '",
  '"; canary; "',
  '\\"; canary; \\',
  '; canary #',
  '&& canary || canary',
  "x\n__END__\nEOF\ncanary\n'canary'\n",
];

/** Hosts that between them have every kind of thing, with a value for every text that a config can hold. */
const inputs = [
  input({
    config: {
      host: { dataDevice: '/dev/disk/by-id/x', identityFile: '/k' },
      tls: { caBundle: '/ca.pem', directory: 'https://acme.example.com/dir' },
      docker: { registryMirror: 'https://mirror.example.com' },
      verify: { dnsServer: '198.51.100.53:53' },
      gitea: { settings: { storage: { KEY: { secret: 'storage_key' } } } },
      mail: {
        ...{ host: 'smtp.corp.test', tls: 'smtps', port: 465, from: 'git@corp.test', notifications: true },
        ...{ user: 'me', password: { secret: 'mail_password' } },
      },
    },
    facts: { memoryMiB: 1900, release: '12' },
    caBundle: 'certificates\n',
  }),
];

/** What is found on a host that leads to the longest way of a kind. */
const found: Record<string, unknown> = {
  account: { exists: false, hasToken: false },
  certificate: { onDisk: undefined, served: undefined, server: '', now: 0 },
  compose: {
    wanted: new Map(),
    images: new Map(),
    reads: new Map(),
    containers: new Map([['database', { ports: [] }]]),
  },
  leftovers: ['old.1'],
  login: { reachable: true, role: undefined },
  packages: new Set(),
  images: new Set(),
  generations: ['1', '2', '3.next'].map((name, when) => ({ name, when })),
  volume: {
    device: { type: '', signs: [], zero: true, begun: false, mounts: [], size: 1, used: 0 },
    ...{ mounted: 'no', hides: false, enabled: false, needsReload: false, hashes: new Map() },
  },
};

type AnyKind = {
  apply: (spec: Spec, change: unknown, context: unknown, observed: unknown) => Promise<void>;
};

/** Every script that a spec leads to: the question, and what is done when the host says yes or no to everything. */
async function scriptsOf(spec: Spec): Promise<string[]> {
  if (spec.kind === 'owned') return ownedScripts(spec);
  const kind = kinds[spec.kind] as unknown as AnyKind;
  const answers = [{ code: 0 }, { code: 1, stderr: 'Bind for 0.0.0.0:2222 failed: port is already allocated' }];
  const applied = answers.map(async (answer) => {
    const { host, scripts } = recorder(answer);
    const observed = spec.kind === 'leftovers' ? [spec.id] : found[spec.kind];
    await kind.apply(spec, {}, { host, progress: () => {} }, observed).catch(expected);
    return scripts;
  });
  const looks = recorder();
  await probe(looks.host, [spec]).catch(expected);
  return [...looks.scripts, ...(await Promise.all(applied)).flat()];
}

/** What is made is marked; one thing of each sort goes when nothing is wanted any more, and is marked where nothing is. */
async function ownedScripts(spec: OwnedSpec): Promise<string[]> {
  const { host, scripts } = recorder();
  const { among, apply, snippet } = kinds.owned;
  const some = spec.wanted.filter(({ mark }, at) => firstOf(spec, mark.type) === at);
  const [all, none] = [
    { marks: some.map(({ mark }) => mark), states: new Map() },
    { marks: [], states: new Map() },
  ];
  const nothing = { ...spec, wanted: [], stays: [] };
  for (const id of [adoption, ...some.map(({ mark }) => idOf(mark))]) {
    const [one, found] = id === adoption ? [{ ...spec, wanted: some }, none] : [nothing, all];
    const change = among!(one, found, new Set()).changes.find((each) => each.id === id);
    if (change) await apply(one, change, { host, progress: () => {} }, found);
  }
  return [snippet([spec]), among!(spec, none, new Set(some.map((one) => one.spec))).first!, ...scripts];
}

const firstOf = ({ wanted }: OwnedSpec, type: string) => wanted.findIndex(({ mark }) => mark.type === type);

function expected(error: unknown): void {
  if (!(error instanceof RunbookError)) throw error;
}

/** Scripts that belong to no spec. */
async function jobScripts({ config, assets }: DesiredInput, specs: readonly Spec[]): Promise<string[]> {
  const { host, scripts } = recorder();
  const text = config.admin.username;
  const held = await lock(host, { who: text, what: text, mode: 'exclusive' });
  await lock(host, { who: text, what: text, mode: 'shared' });
  await appendRecord(host, [{ event: 'end', run: text, at: text, who: text, runbook: text, outcome: text }]);
  await collectPasswords(held, specs, { label: '' } as never);
  await status(config, host, {}).catch(expected);
  return [...scripts, preflightScript(config, assets.caBundle ?? '')];
}

const skipped = (spec: Spec, [first, ...more]: readonly string[]) =>
  // Comes from the registry of this machine, and only if it has this very checksum; no config has a part in it.
  spec.kind === 'runtime' ||
  // Words of our own, that say which way the code takes.
  first === 'kind' ||
  (spec.kind === 'login' && first === 'role') ||
  // A script of our own, in which values are words: the walk over the config looks at it.
  first === 'validate' ||
  more.at(-1) === 'impact' ||
  (spec.kind === 'owned' && isCompared(spec, [first, ...more]));

/** Ids and what stays are compared here, never on the host; and of each type one stands for all. */
function isCompared(spec: OwnedSpec, [first, index, ...more]: readonly (string | undefined)[]): boolean {
  if (first === 'stays') return true;
  if (first !== 'wanted') return false;
  return (
    firstOf(spec, spec.wanted[Number(index)]!.mark.type) !== Number(index) ||
    more.at(-1) === 'type' ||
    more.at(-1) === 'spec'
  );
}

/** The scripts with each hostile text are those with a plain one, and where all values are replaced they are run as well. */
async function compare(
  t: Test,
  folder: string,
  run: boolean,
  name: string,
  build: (text: string) => Promise<string[]>,
): Promise<void> {
  const wanted = (await build(plain)).map(skeleton);
  const all: string[] = [];
  // One value after the other with all of it in one text, all values together with each by itself.
  for (const text of run ? hostile : [hostile.join(' ')]) {
    const scripts = await build(text);
    const differs = scripts.findIndex((script, index) => skeleton(script) !== wanted[index]);
    if (differs >= 0) t.equal(skeleton(scripts[differs]!), wanted[differs], `${name}: ${text}`);
    if (scripts.length !== wanted.length) t.fail(`${name}: ${text}: ${scripts.length} scripts, not ${wanted.length}`);
    all.push(...scripts);
  }
  if (run) t.equal(runsCanary(folder, all), undefined, `${name}: nothing runs`);
}

t.test('no text of a spec is read by a shell', async (t) => {
  const folder = t.testdir();
  const seen = new Set<string>();
  const shapes = new Set<string>();
  for (const spec of inputs.flatMap((one) => desiredState(one))) {
    seen.add(spec.kind);
    const paths = leaves(spec).filter((path) => !skipped(spec, path));
    const shape = JSON.stringify([spec.kind, paths]);
    if (shapes.has(shape)) continue;
    shapes.add(shape);
    for (const some of [...paths.map((path) => [path]), paths]) {
      await compare(t, folder, some === paths, `${spec.id} ${some.join(' ')}`, (text) =>
        scriptsOf(replaced(spec, some, text)),
      );
    }
  }
  t.strictSame([...seen].sort(), Object.keys(kinds).sort(), 'every kind was looked at');
});

/** Of these a part is taken as numbers, or chooses among words of our own: no text of theirs is passed on. */
const numbers = [
  'network.subnet',
  'host.provider',
  'host.swap',
  'secrets.source',
  'tls.profile',
  'mail.tls',
  'gitea.signIn.accountLinking',
  'gitea.signIn.username',
];

const onOneLine = (text: string) => text.replace(/\p{Cc}/gu, ' ');

const eachOnOneLine = <T extends object>(of: T, keys: readonly (keyof T)[]) =>
  Object.fromEntries(keys.map((key) => [key, onOneLine(String(of[key]))]));

t.test('no text of a config is read by a shell', async (t) => {
  const folder = t.testdir();
  for (const one of inputs) {
    const paths = leaves(one.config).filter((path) => !numbers.includes(path.join('.')));
    const build = async (some: readonly string[][], text: string) => {
      const secrets = Object.fromEntries(secretNames.map((name) => [name, new Secret(name, onOneLine(text))]));
      const config = replaced<Config>(one.config, some, text);
      const given = Object.fromEntries(namesGiven(config).map((name) => [name, new Secret('given', onOneLine(text))]));
      const changed = {
        ...one,
        // These also go into app.ini, which refuses a line break wherever it comes from.
        config: {
          ...config,
          domain: onOneLine(config.domain),
          gitea: { ...config.gitea, title: onOneLine(config.gitea.title) },
          mail: { ...config.mail!, ...eachOnOneLine(config.mail!, ['host', 'from', 'user']) },
        },
        secrets: { ...secrets, given } as never,
        assets: { ...one.assets, caBundle: text },
      };
      const specs = desiredState(changed).filter(({ kind }) => kind !== 'runtime');
      return [...(await Promise.all(specs.map(scriptsOf))).flat(), ...(await jobScripts(changed, specs))];
    };
    for (const some of [...paths.map((path) => [path]), paths]) {
      await compare(t, folder, some === paths, some.join(' '), (text) => build(some, text));
    }
  }
});

t.test('the sandbox and the skeleton see what they look for', async (t) => {
  const folder = t.testdir();
  t.type(runsCanary(folder, ['exit 1', 'echo $(canary)']), 'string');
  t.type(runsCanary(folder, ["sh -c 'canary'"]), 'string');
  t.equal(runsCanary(folder, ["echo '$(canary)' canary"]), undefined);
  t.equal(skeleton(`a "b 'c'" 'd' # e 'f`), skeleton(`xy "b 'c'" 'd '\\''e' # none`));
  for (const [one, other] of [
    ['a b', 'a; b'],
    ['"a"', '"b"'],
    ['a', '$(a)'],
    ["'a'", '`a`'],
    ["'a'", '*'],
  ] as const)
    t.not(skeleton(one), skeleton(other), `${one} is not ${other}`);
  t.throws(() => skeleton('cat <<X'), /here-document/);
});

t.test('no source has a here-document', async (t) => {
  const files = ['lib', 'templates', 'runbooks'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  t.ok(files.length > 200);
  const found = files.filter((file) => /<<[-~]?\s*['"\\]?[A-Za-z_]/.test(readFileSync(file, 'utf8')));
  t.strictSame(found, []);
});
