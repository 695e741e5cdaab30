import { createHash } from 'node:crypto';
import { stringify } from 'yaml';
import type { Config } from '../../config/config.types.ts';
import { isReference } from '../../config/rules/index.ts';
import { quote } from '../../core/quote.ts';

/** All that a kit is made of. */
export interface KitContents {
  readonly config: Config;
  /** Every secret that is kept, those of the operator included. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Pinned keys of the host; empty where there are none yet. */
  readonly knownHosts: string;
  /** Certificates of `tls.caBundle`. */
  readonly caBundle?: string;
  /** Version of this library. */
  readonly version: string;
  readonly made: Date;
}

/** Name of the file in the kit, so that its own words can name it. */
const kitName = 'gitea.kit.txt';

/** The whole of it: the page to be printed, and behind it the files. */
export function kitText(contents: KitContents): string {
  const files = Object.entries(filesOf(contents)).map(([name, text]) => `${begin}${name}\n${ended(text)}${end}\n`);
  return `${kitPage(contents)}\n${files.join('\n')}`;
}

const begin = '=== FILE ';
const end = '=== END';

/** What takes the files out again, wherever there is a shell. */
export const unpack = `umask 077; awk '/^${end}$/ {f=""} f!="" {print > f} /^${begin}/ {f=$3}' ${kitName}`;

const ended = (text: string) => (text === '' || text.endsWith('\n') ? text : `${text}\n`);

/** The files of an operator's folder, under the names that they have by default. */
function filesOf({ config, secrets, knownHosts, caBundle }: KitContents): Readonly<Record<string, string>> {
  const head = '# From the recovery kit: the configuration with its overlays and defaults, as it was then.\n';
  return {
    'gitea.config.yaml': head + stringify(portable(config), { lineWidth: 0 }),
    'gitea.secrets.yaml': stringify(secrets, { lineWidth: 0 }),
    ...(knownHosts === '' ? {} : { 'gitea.known_hosts': knownHosts }),
    ...(caBundle === undefined ? {} : { 'ca.pem': caBundle }),
  };
}

/** Without what is of one machine or one account: the files lie beside each other, and the secrets are one of them. */
function portable({ host, tls, secrets: _where, aws, ...rest }: Config) {
  const { identityFile: _key, knownHosts: _pins, address, ...machine } = host;
  const { caBundle, ...certificates } = tls;
  return {
    host: {
      ...(host.provider === 'aws' ? {} : { address }),
      ...machine,
      knownHosts: 'gitea.known_hosts',
    },
    ...(aws === undefined ? {} : { aws: { ...aws, inventory: 'gitea.inventory.json' } }),
    tls: { ...certificates, ...(caBundle === undefined ? {} : { caBundle: 'ca.pem' }) },
    secrets: { source: 'file', file: 'gitea.secrets.yaml' },
    ...rest,
  };
}

/** What fits on paper and is enough to begin with. */
export function kitPage(contents: KitContents): string {
  const { config, version, made } = contents;
  const { host, domain, images, backup } = config;
  return `RECOVERY KIT of https://${domain}/          made ${made.toISOString().slice(0, 16).replace('T', ' ')} UTC

WHOEVER HAS THIS HAS EVERYTHING: the repositories, the secrets, the host.
Keep it in a safe, away from the host and from the laptop. It is out of date after
each change of the configuration or of a secret: make another one then.

KEY OF THE BACKUPS (typed without the spaces)
${keyLines(contents.secrets.backup_key!)}

BACKUPS
${where(contents)}
  on the host  ${backup.local.path}, at ${host.address || '(no address)'} port ${host.port}, user ${host.user}

VERSIONS
  gitea-runbooks ${version}
${Object.entries(images)
  .map(([name, reference]) => `  ${name.padEnd(9)} ${reference}`)
  .join('\n')}

EVERYTHING BACK, on a new machine with Debian or Ubuntu, from a computer with Node 20
1. In a folder of gitea-runbooks ${version}, with this kit as ${kitName}:
     ${unpack}
${newHost(config)}
     npx zx runbooks/doctor.mjs            # shows the key of the new machine: compare it, record it
     npx zx runbooks/deploy.mjs
3. The newest generation:
     npx zx runbooks/restore.mjs --from remote

WITHOUT GITEA-RUNBOOKS, with restic alone (${images.restic})
${byHand(contents)}
`;
}

/** Letters that look alike are told apart by a sum that a shell can make. */
function keyLines(key: string): string {
  const groups = key.match(/.{1,5}/gs) ?? [];
  const half = Math.ceil(groups.length / 2);
  const sum = createHash('sha256').update(key).digest('hex').slice(0, 8);
  return `  ${groups.slice(0, half).join(' ')}
  ${groups.slice(half).join(' ')}
  ${key.length} characters. printf %s KEY | sha256sum begins with ${sum}`;
}

function where({ config, secrets }: KitContents): string {
  const { remote } = config.backup;
  if (!remote) return '  off the host none: with the host the backups are gone as well';
  const variables = environmentOf(remote.environment, secrets).map(
    ([name, value]) => `               ${name}=${value}`,
  );
  const account =
    config.host.provider === 'aws' && variables.length === 0
      ? [`               in the AWS account ${config.aws?.accountId}: it takes credentials of that account`]
      : [];
  return [`  off the host ${remote.repository}`, ...variables, ...account].join('\n');
}

const environmentOf = (environment: Readonly<Record<string, unknown>>, secrets: Readonly<Record<string, string>>) =>
  Object.entries(environment).map(
    ([name, value]) => [name, isReference(value) ? (secrets[value.secret] ?? '') : String(value)] as const,
  );

const newHost = ({ host }: Config) =>
  host.provider === 'aws'
    ? `2. In gitea.config.yaml: for another AWS account its aws.accountId, and npx zx runbooks/infra.mjs apply;
   for a machine elsewhere remove host.provider and aws, and set host.address. Then:`
    : '2. The address of the new machine into host.address of gitea.config.yaml, and:';

function byHand({ config, secrets }: KitContents): string {
  const { remote } = config.backup;
  const variables = [
    ['RESTIC_PASSWORD', secrets.backup_key!] as const,
    ...environmentOf(remote?.environment ?? {}, secrets),
  ];
  const repository = `${(remote?.repository ?? config.backup.local.path).replace(/\/+$/, '')}/archive`;
  return [
    ...variables.map(([name, value]) => `     export ${name}=${quote(value)}`),
    `     restic -r ${quote(repository)} snapshots`,
    `     restic -r ${quote(repository)} restore ID --target /restored`,
    '   ID is that of the newest snapshot with a tag generation=...',
  ].join('\n');
}
