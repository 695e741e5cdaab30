import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '../../../lib/config/config.types.ts';
import { namesGiven } from '../../../lib/config/rules/secret-names.ts';
import type { HostFacts } from '../../../lib/core/facts.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { type SecretSet, secretNames } from '../../../lib/core/secrets.ts';
import type { DesiredInput } from '../../../lib/phases/phase.ts';
import { templatesFrom } from '../../../lib/render/templates.ts';

export const templatesRoot = resolve(fileURLToPath(import.meta.url), '../../../../templates');

const signIn: Config['gitea']['signIn'] = {
  ...{ twoFactor: 'optional', passwordForm: true, autoRegister: false, accountLinking: 'login', username: 'nickname' },
  sources: [],
};

const config: Config = {
  host: {
    provider: 'existing',
    address: '203.0.113.10',
    port: 22,
    user: 'root',
    knownHosts: '/home/operator/gitea.known_hosts',
    dataPath: '/srv/gitea',
    swap: 'auto',
    hardenSsh: true,
    unattendedUpgrades: true,
  },
  domain: 'git.example.com',
  admin: { username: 'alice', email: 'alice@example.com' },
  images: {
    gitea: 'gitea/gitea:1.27.3-rootless',
    postgres: 'postgres:18.6',
    nginx: 'nginx:1.30.4-alpine',
    certbot: 'certbot/certbot:v5.9.0',
    restic: 'restic/restic:0.19.1',
  },
  gitea: { title: 'Gitea', sshPort: 2222, requireSignIn: false, startTimeout: 300, signIn, settings: {} },
  proxy: { maxUploadSize: '512m', loginRequestsPerMinute: 10, restartPatience: 120 },
  tls: { email: 'ops@example.com', profile: 'classic', staging: false, renewCalendar: '*-*-* 03,15:27:00' },
  docker: { logMaxSize: '10m', logMaxFiles: 5 },
  network: { subnet: '172.31.250.0/24', firewall: true, allow: {} },
  secrets: { source: 'file', file: '/home/operator/gitea.secrets.yaml' },
  backup: {
    enabled: true,
    local: { path: '/var/backups/gitea' },
    objectives: { database: '60s', repositories: '5m', restore: '30m' },
    calendar: '*-*-* 02:10:00',
    verifyCalendar: '*-*-* 05:20:00',
    drill: { calendar: 'Sun *-*-* 04:40:00', maxAge: '8d' },
    retention: { hours: 48, days: 14, weeks: 8, months: 12, years: 3 },
  },
  updates: {
    policy: { gitea: 'patch', postgres: 'patch', nginx: 'patch', certbot: 'minor', restic: 'patch' },
    ...{ holdBack: '3d', pinned: [], registries: {} },
  },
  verify: { pushSizeMiB: 100 },
};

const facts: HostFacts = {
  distribution: 'debian',
  release: '13',
  prettyName: 'Debian GNU/Linux 13 (trixie)',
  architecture: 'x86_64',
  kernel: '6.12.0',
  memoryMiB: 7936,
  swapMiB: 0,
  cpus: 2,
  clock: 1795400000,
  hostname: 'git',
};

/** Each value contains its own name, so that a leak can be found and named. */
export const secretValue = (name: string) => `value-of-${name}`;

const secrets = Object.fromEntries(
  secretNames.map((name) => [name, new Secret(name, secretValue(name))]),
) as unknown as SecretSet;

type Part<T> = { [K in keyof T]?: Partial<T[K]> };

/** The input of a plain Debian 13 host, with some of its parts replaced. */
export function input(
  changes: { config?: Part<Config> | { domain: string }; facts?: Partial<HostFacts>; caBundle?: string } = {},
): DesiredInput {
  const sections = Object.entries(changes.config ?? {}).map(([key, value]) => {
    const before = config[key as keyof Config];
    return [key, typeof value === 'object' ? { ...(before as object), ...value } : value];
  });
  const whole: Config = { ...config, ...Object.fromEntries(sections) };
  const given = Object.fromEntries(namesGiven(whole).map((name) => [name, new Secret(name, secretValue(name))]));
  return {
    config: whole,
    facts: { ...facts, ...changes.facts },
    secrets: { ...secrets, given },
    assets: {
      bundle: new TextEncoder().encode('console.log("release");\n'),
      templates: templatesFrom(templatesRoot),
      ...(changes.caBundle === undefined ? {} : { caBundle: changes.caBundle }),
    },
  };
}
