import { dirname, resolve } from 'node:path';
import { RunbookError } from '../../core/errors.ts';
import { quote } from '../../core/quote.ts';
import { readRegularFile } from '../../core/read-regular-file.ts';
import type { Config } from '../config.types.ts';
import { formatProblem } from '../problem.ts';
import { type Inventory, parseInventory } from './inventory-rules.ts';

export type { Inventory } from './inventory-rules.ts';

/**
 * The inventory in a file, or undefined where there is none yet. Throws `configInvalid` with every error, each with line
 * and column, for one that cannot be used; also when it is of another account, region or instance than `aws` speaks of.
 */
export function readInventory(path: string, aws?: Config['aws']): Inventory | undefined {
  let bytes: Uint8Array;
  try {
    bytes = readRegularFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    const next = `look at it: ls -l ${quote(path)}; aws.inventory names the file`;
    throw unusable(path, 'the inventory cannot be read', (error as Error).message, next, error);
  }
  const { inventory, problems, other } = parseInventory(bytes, path, aws);
  if (inventory) return inventory;
  const lines = problems.slice(0, shown).map(formatProblem);
  if (problems.length > shown) lines.push(`... and ${problems.length - shown} more`);
  const what = other
    ? 'the inventory is of another instance than the configuration'
    : `the inventory has ${problems.length === 1 ? 'an error' : `${problems.length} errors`}`;
  const next = other
    ? 'name the inventory of this instance in aws.inventory, or put the configuration back'
    : `move it away (mv ${quote(path)} ${quote(`${path}.old`)}), then npx zx runbooks/infra.mjs output, which writes it anew from the Terraform state`;
  throw unusable(path, what, lines.join('\n'), next);
}

const shown = 100;

/** A configuration as it is used: with the way to the host, where that is not by its address alone. */
export type ReachableConfig = Config & { readonly host: { readonly proxyCommand?: readonly string[] } };

/** The configuration with what the inventory knows of a host on AWS; as it is without one, or for any other host. */
export function withInventory(config: Config): { readonly config: ReachableConfig; readonly inventory?: Inventory } {
  if (config.host.provider !== 'aws' || !config.aws) return { config };
  const inventory = readInventory(config.aws.inventory, config.aws);
  if (!inventory) return { config };
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

function unusable(path: string, what: string, why: string, next: string, cause?: unknown): RunbookError {
  return new RunbookError('configInvalid', { what, where: path, cause: why, next }, { cause });
}
