import { dirname, resolve } from 'node:path';
import { RunbookError } from '../core/errors.ts';
import { readRegularFile } from '../core/read-regular-file.ts';
import type { Config } from './config.types.ts';

/**
 * What `infra apply` made on AWS, as it stands in the file `aws.inventory`: all that the other runbooks need to know of
 * it. It holds no secret and no time, so it can be committed and changes only when the infrastructure does.
 */
export interface Inventory {
  readonly version: 1;
  readonly accountId: string;
  readonly region: string;
  /** `aws.name` of the instance. */
  readonly name: string;
  /** Elastic IPv4 address of the host. */
  readonly address: string;
  readonly ipv6Address?: string;
  /** Account of the image to log in as. */
  readonly user: string;
  /** Private key that `infra` made for the login, relative to the inventory; absent where the config names one. */
  readonly identityFile?: string;
  readonly instanceId: string;
  readonly dataVolumeId: string;
  /** Path of the data volume on the host, by a name that stays. */
  readonly dataDevice: string;
  readonly backupBucket: string;
  readonly zoneId?: string;
}

const texts = [
  'accountId',
  'region',
  'name',
  'address',
  'user',
  'instanceId',
  'dataVolumeId',
  'dataDevice',
  'backupBucket',
];

/** The inventory in a file, or undefined where there is none yet. Throws `configInvalid` for one that cannot be used. */
export function readInventory(path: string): Inventory | undefined {
  let found: Record<string, unknown>;
  try {
    found = JSON.parse(readRegularFile(path).toString('utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unusable(path, (error as Error).message, error);
  }
  if (found?.version !== 1) throw unusable(path, `it is of version ${found?.version}, this release reads version 1`);
  const missing = texts.filter((key) => typeof found[key] !== 'string' || found[key] === '');
  if (missing.length > 0) throw unusable(path, `${missing.join(', ')} missing`);
  return found as unknown as Inventory;
}

/** Throws `configInvalid` when the inventory is of another account, region or instance than the config speaks of. */
export function checkInventory({ aws }: Config, inventory: Inventory): void {
  if (!aws) return;
  const other = (['accountId', 'region', 'name'] as const).filter((key) => aws[key] !== inventory[key]);
  if (other.length === 0) return;
  throw new RunbookError('configInvalid', {
    what: `the inventory is of another instance than the configuration: ${other.map((key) => `aws.${key} is ${aws[key]}, there ${inventory[key]}`).join('; ')}`,
    where: aws.inventory,
    next: 'name the inventory of this instance in aws.inventory, or put the configuration back',
  });
}

/** A configuration as it is used: with the way to the host, where that is not by its address alone. */
export type ReachableConfig = Config & { readonly host: { readonly proxyCommand?: readonly string[] } };

/** The configuration with what the inventory knows of a host on AWS; as it is without one, or for any other host. */
export function withInventory(config: Config): { readonly config: ReachableConfig; readonly inventory?: Inventory } {
  if (config.host.provider !== 'aws' || !config.aws) return { config };
  const inventory = readInventory(config.aws.inventory);
  if (!inventory) return { config };
  checkInventory(config, inventory);
  const { address, user, dataDevice } = inventory;
  const { identityFile = inventory.identityFile && resolve(dirname(config.aws.inventory), inventory.identityFile) } =
    config.host;
  const host = {
    ...{ ...config.host, address, user, dataDevice },
    ...(identityFile ? { identityFile } : {}),
    ...(config.aws.access === 'ssm' ? { proxyCommand: session(config.aws, inventory, config.host.port) } : {}),
  };
  return { config: { ...config, host }, inventory };
}

/** The AWS CLI that leads to a port of the host through Session Manager: nothing of the host has to be open. */
function session({ region, profile, endpoint }: NonNullable<Config['aws']>, { instanceId }: Inventory, port: number) {
  return [
    ...['aws', 'ssm', 'start-session', '--target', instanceId, '--document-name', 'AWS-StartSSHSession'],
    ...['--parameters', `portNumber=${port}`, '--region', region],
    ...(profile === undefined ? [] : ['--profile', profile]),
    ...(endpoint === undefined ? [] : ['--endpoint-url', endpoint]),
  ];
}

function unusable(path: string, why: string, cause?: unknown): RunbookError {
  return new RunbookError(
    'configInvalid',
    {
      what: 'the inventory cannot be used',
      where: path,
      cause: why,
      next: 'npx zx runbooks/infra.mjs output, which writes it anew from the Terraform state',
    },
    { cause },
  );
}
