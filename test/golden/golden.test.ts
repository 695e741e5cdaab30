import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import type { Mark } from '../../lib/core/mark.ts';
import { Secret } from '../../lib/core/secret.ts';
import type { Spec } from '../../lib/core/spec.ts';
import { desiredState } from '../../lib/phases/index.ts';
import { input } from '../unit/phases/input.ts';

/** Config and host in, everything that is wanted of the host out. UPDATE_GOLDEN=1 writes what is now; review it as a diff. */
const cases: Record<string, Parameters<typeof input>[0]> = {
  'debian-13': {},
  // Small, old, and every option turned.
  'debian-12-small': {
    facts: {
      release: '12',
      prettyName: 'Debian GNU/Linux 12 (bookworm)',
      memoryMiB: 1963,
      cpus: 1,
      architecture: 'aarch64',
    },
    config: {
      domain: 'code.example.org',
      host: { dataPath: '/data/gitea' },
      gitea: { title: 'Ann\'s "code": $1', sshPort: 22022, requireSignIn: true, startTimeout: 600, signIn: { twoFactor: 'optional', passwordForm: true, autoRegister: false, accountLinking: 'login', username: 'nickname', sources: [{ name: 'company', provider: 'openidConnect', discoveryUrl: 'https://id.example.org/.well-known/openid-configuration', clientId: 'gitea', clientSecret: { secret: 'company_client' }, scopes: ['email', 'groups'], requiredClaim: { name: 'groups' }, groups: { claim: 'groups', admin: "Ann's" }, iconUrl: 'https://id.example.org/i.svg', skipTwoFactor: true }, { name: 'hub', provider: 'github', clientId: 'id', clientSecret: { secret: 'hub_client' }, scopes: [], urls: { authorize: 'https://hub.example.org/a', token: 'https://hub.example.org/t' }, skipTwoFactor: false }] }, settings: { service: { DEFAULT_KEEP_EMAIL_PRIVATE: true }, ui: { THEMES: 'a;b' }, storage: { MINIO_SECRET_ACCESS_KEY: { secret: 'storage_key' } } } },
      mail: {
        ...{ host: 'smtp.example.org', tls: 'starttls', port: 587, from: 'code@example.org', notifications: false },
        ...{ user: 'code@example.org', password: { secret: 'mail_password' } },
      },
      proxy: { maxUploadSize: '2g', loginRequestsPerMinute: 3 },
      tls: { profile: 'shortlived', staging: true, caBundle: '/home/operator/ca.pem', renewCalendar: 'hourly' },
      docker: { registryMirror: 'http://mirror.example.org:5000', logMaxSize: '1m', logMaxFiles: 2 },
      network: {
        subnet: '192.168.77.0/26',
        allow: { ssh: ['198.51.100.0/24', '2001:db8:7::/48'], web: ['203.0.113.0/24'], other: [] },
      },
    },
    caBundle: '-----BEGIN CERTIFICATE-----\nexample\n-----END CERTIFICATE-----\n',
  },
  'ubuntu-24.04-plain': {
    facts: { distribution: 'ubuntu', release: '24.04', prettyName: 'Ubuntu 24.04 LTS', memoryMiB: 15990, cpus: 8 },
    config: {
      host: {
        ...{ hardenSsh: false, unattendedUpgrades: false, swap: 'off', user: 'ubuntu' },
        dataDevice: '/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0123456789abcdef0',
      },
      network: { firewall: false },
    },
  },
};

const here = dirname(fileURLToPath(import.meta.url));
const managed = 'Managed by gitea-runbooks: changes made here are overwritten by the next deploy.';

for (const [name, changes] of Object.entries(cases)) {
  t.test(name, async (t) => {
    const root = join(here, name);
    const wanted = golden(desiredState(input(changes)));
    if (process.env.UPDATE_GOLDEN) write(root, wanted);
    t.same(filesBelow(root).sort(), Object.keys(wanted).sort(), 'the same files');
    for (const [path, text] of Object.entries(wanted)) {
      const full = join(root, path);
      t.equal(text, existsSync(full) ? readFileSync(full, 'utf8') : undefined, path);
      if (path.startsWith('files/') && !/\.(json|pem|mjs)$/.test(path))
        t.match(text.split('\n')[0], managed, `${path}: mark`);
      t.notMatch(text, /undefined|\[object|NaN/, path);
      t.notMatch(text, /[ \t]$/m, `${path}: no space at a line's end`);
      t.match(text, /\n$/, `${path}: ends with a line break`);
    }
  });
}

/** specs.txt lists every spec in order, marks.txt what goes when it is wanted no more; files/ holds each rendered text under its path on the host. */
function golden(specs: readonly Spec[]): Record<string, string> {
  const files: Record<string, string> = { 'specs.txt': `${specs.map(line).join('\n')}\n` };
  for (const spec of specs) {
    const text = spec.kind === 'file' || spec.kind === 'sshd' ? spec.content : undefined;
    if (typeof text === 'string') files[`files${'path' in spec ? spec.path : ''}`] = text;
    // The folder's name follows from the text, and the secrets in it are made up.
    if (spec.kind === 'file' && spec.settings && text instanceof Secret)
      files[`files${spec.path.replace(/\.[0-9a-f]{12}\//, '/')}`] = text.reveal();
    if (spec.kind === 'firewall' && spec.rules !== undefined) {
      files[`files${spec.path}`] = spec.rules;
      files[`files${spec.unit.path}`] = spec.unit.content;
    }
    if (spec.kind === 'owned') files['marks.txt'] = `${spec.wanted.map(({ mark }) => markShown(mark)).join('\n')}\n`;
    if (spec.kind === 'volume') for (const { path, content } of spec.files) files[`files${path}`] = content;
  }
  return files;
}

/** A spec on one line; texts are in files/, secrets show their name. */
function line(spec: Spec): string {
  const { kind, phase, id, ...rest } = spec;
  const short = Object.entries(rest).map(([key, value]) => {
    if (spec.kind === 'owned' && (key === 'wanted' || key === 'stays')) return [key, '(paths)'];
    if (spec.kind === 'volume' && key === 'files') return [key, spec.files.map(({ path }) => path)];
    if (spec.kind === 'firewall' && key === 'unit') return [key, spec.unit.path];
    if (key === 'text' || (key === 'rules' && value !== undefined) || (key === 'content' && !(value instanceof Secret))) return [key, '(text)'];
    return [key, value];
  });
  return `${phase} ${id} ${JSON.stringify(Object.fromEntries(short))}`;
}

/** Without its hash, which follows from the text. */
function markShown({ type, name, readers }: Mark): string {
  return [type, name, ...readers].join(' ');
}

function write(root: string, files: Record<string, string>): void {
  rmSync(root, { recursive: true, force: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

function filesBelow(root: string): string[] {
  if (!existsSync(root)) return [];
  const all = readdirSync(root, { recursive: true }) as string[];
  return all.filter((path) => statSync(join(root, path)).isFile());
}
