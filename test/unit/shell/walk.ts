import type { Test } from 'tap';
import { RunbookError } from '../../../lib/core/errors.ts';
import type { OwnedSpec, Spec } from '../../../lib/core/spec.ts';
import { probe } from '../../../lib/engine/probe.ts';
import { kinds } from '../../../lib/kinds/index.ts';
import { adoption, idOf } from '../../../lib/kinds/removal/owned-judged.ts';
import { input } from '../phases/input.ts';
import { recorder } from './recorder.ts';
import { runsCanary } from './sandbox.ts';
import { skeleton } from './skeleton.ts';

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

const { signIn } = input().config.gitea;

/** A way to sign in with all that can be said of one. */
const company: (typeof signIn.sources)[number] = {
  ...{ name: 'company', provider: 'openidConnect', clientId: 'gitea', clientSecret: { secret: 'company_client' } },
  ...{ discoveryUrl: 'https://id.corp.test/.well-known/openid-configuration', iconUrl: 'https://id.corp.test/i.svg' },
  ...{ scopes: ['email'], urls: { authorize: 'a', token: 'b', profile: 'c', email: 'd' }, skipTwoFactor: false },
  ...{ requiredClaim: { name: 'a', value: 'b' }, groups: { claim: 'a', admin: 'b', restricted: 'c' } },
};

/** Hosts that between them have every kind of thing, with a value for every text that a config can hold. */
export const inputs = [
  input({
    config: {
      host: { dataDevice: '/dev/disk/by-id/x', identityFile: '/k' },
      tls: { caBundle: '/ca.pem', directory: 'https://acme.example.com/dir' },
      docker: { registryMirror: 'https://mirror.example.com' },
      verify: { dnsServer: '198.51.100.53:53' },
      backup: {
        remote: {
          repository: 'rest:https://backup.corp.test/gitea',
          environment: { A: 'b', C: { secret: 'backup_access' } },
        },
      },
      gitea: { settings: { storage: { KEY: { secret: 'storage_key' } } }, signIn: { ...signIn, sources: [company] } },
      mail: {
        ...{ host: 'smtp.corp.test', tls: 'smtps', port: 465, from: 'git@corp.test', notifications: true },
        ...{ user: 'me', password: { secret: 'mail_password' } },
      },
    },
    facts: { memoryMiB: 1940, release: '12' },
    caBundle: 'certificates\n',
  }),
];

/** What is found on a host that leads to the longest way of a kind. */
export const found: Record<string, unknown> = {
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
  replication: { reachable: true, role: undefined, slot: undefined },
  sources: {},
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
export async function scriptsOf(spec: Spec): Promise<string[]> {
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

export const firstOf = ({ wanted }: OwnedSpec, type: string) => wanted.findIndex(({ mark }) => mark.type === type);

export function expected(error: unknown): void {
  if (!(error instanceof RunbookError)) throw error;
}

/** The scripts with each hostile text are those with a plain one, and where all values are replaced they are run as well. */
export async function compare(
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
