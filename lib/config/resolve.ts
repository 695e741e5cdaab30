import { dirname, resolve } from 'node:path';
import { home as ownHome } from '../core/home.ts';
import type { Config } from './config.types.ts';

/** Makes the path that is written at a JSON pointer absolute. */
type Absolute = (path: string, pointer: string) => string;

/**
 * Makes the local paths of a checked configuration absolute: from the folder of the file that `fileOf` tells for a
 * value, `~` is the home directory.
 */
export function resolvePaths(config: Config, fileOf: (pointer: string) => string, given?: string): Config {
  // Where there is none a rule has refused every path that needs it.
  const home = given ?? ownHome() ?? '/';
  const absolute: Absolute = (path, pointer) =>
    /^~(?=\/|$)/.test(path) ? resolve(home, `.${path.slice(1)}`) : resolve(dirname(fileOf(pointer)), path);
  const { identityFile, ...host } = config.host;
  const { aws } = config;
  const { caBundle, ...tls } = config.tls;
  const { mail } = config;
  const resolved = aws && resolveAws(aws, absolute);
  return {
    ...config,
    host: {
      ...host,
      ...(identityFile === undefined ? {} : { identityFile: absolute(identityFile, '/host/identityFile') }),
      knownHosts: absolute(host.knownHosts, '/host/knownHosts'),
      dataPath: host.dataPath.replace(/\/+$/, ''),
      // Of a host on AWS the inventory tells it; until then there is none.
      address: host.address ?? '',
    },
    ...(mail === undefined ? {} : { mail: { ...mail, port: mail.port ?? mailPorts[mail.tls] } }),
    ...(resolved === undefined ? {} : { aws: resolved }),
    tls: { ...tls, ...(caBundle === undefined ? {} : { caBundle: absolute(caBundle, '/tls/caBundle') }) },
    secrets: {
      source: config.secrets.source ?? (host.provider === 'aws' ? 'aws-secrets-manager' : 'file'),
      file: absolute(config.secrets.file, '/secrets/file'),
    },
    backup: {
      ...config.backup,
      local: { path: config.backup.local.path.replace(/\/+$/, '') },
      ...(resolved && host.provider === 'aws' && !config.backup.remote ? { remote: bucketOf(resolved) } : {}),
    },
  };
}

/** Where servers listen for each way to encrypt. */
const mailPorts = { smtps: 465, starttls: 587, none: 25 } as const;

/** The names that follow from others. A bucket's name is shared with the whole world: account and region make it ours. */
function resolveAws(aws: NonNullable<Config['aws']>, absolute: Absolute): NonNullable<Config['aws']> {
  const bucket = (purpose: string) => `${aws.name}-${purpose}-${aws.accountId}-${aws.region}`;
  return {
    ...aws,
    availabilityZone: aws.availabilityZone ?? `${aws.region}a`,
    stateBucket: aws.stateBucket ?? bucket('state'),
    backupBucket: aws.backupBucket ?? bucket('backup'),
    inventory: absolute(aws.inventory, '/aws/inventory'),
  };
}

/** Backups off a host on AWS: the bucket that `infra` makes, to which the host's role is the way in. */
function bucketOf({ region, endpoint, backupBucket }: NonNullable<Config['aws']>) {
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const server = endpoint?.replace(/\/+$/, '') ?? `https://s3.${region}.${suffix}`;
  return { repository: `s3:${server}/${backupBucket}`, environment: {} };
}
