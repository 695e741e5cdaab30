import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Cloud, cloudOf } from '../../aws/cloud.ts';
import { type Aws, placeOf } from '../../aws/settings.ts';
import { settingsOf } from '../../aws/settings-of.ts';
import type { StateLock } from '../../aws/state-bucket.ts';
import { type Terraform, terraformIn } from '../../aws/terraform/index.ts';
import { terraformVersion } from '../../aws/terraform/version.ts';
import {
  cleanWorkspace,
  leftUnsaved,
  prepareWorkspace,
  unsaved,
  type Workspace,
  workspaceOf,
} from '../../aws/terraform/workspace.ts';
import { holdWorkspace } from '../../aws/terraform/workspace-lock.ts';
import type { Config } from '../../config/config.types.ts';
import { RunbookError } from '../../core/errors.ts';
import type { OnEvent } from '../../core/event.ts';
import type { Secret } from '../../core/secret.ts';
import { packageRoot } from '../converge/package-files.ts';
import type { InfraConfig, InfraOptions } from './options.ts';

/** What every command of `infra` begins with: the tool is there, and the credentials are of the right account. */
export interface Start {
  readonly config: Config;
  readonly aws: Aws;
  readonly cloud: Cloud;
  readonly place: string;
  /** Folder of the configuration. */
  readonly folder: string;
  readonly onEvent: OnEvent;
  readonly options: InfraOptions;
}

/** Terraform, set up in its working directory. */
export interface Session extends Start {
  readonly workspace: Workspace;
  readonly terraform: Terraform;
}

/** Comes before anything is touched. Throws `configInvalid` and `credentialsRefused`. */
export async function begin({ config, file }: InfraConfig, options: InfraOptions): Promise<Start> {
  const aws = settingsOf(config);
  const { cloud = cloudOf(aws), onEvent = () => {} } = options;
  await terraformVersion(options.env);
  await cloud.checkAccount();
  return { config, aws, cloud, place: placeOf(aws), folder: dirname(resolve(file)), onEvent, options };
}

/** Works with Terraform in the instance's working directory, initialised; plans and logs are gone afterwards. */
export async function withTerraform<T>(
  start: Start,
  use: { readonly state: 'bucket' | 'empty'; readonly hostKey?: Secret },
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const { aws, folder, onEvent, options } = start;
  const release = await holdWorkspace(workspaceOf(aws, folder));
  try {
    const module = join(packageRoot(), 'terraform');
    const workspace = await prepareWorkspace({ aws, folder, module, state: use.state });
    const terraform = terraformIn({ ...options, aws, workspace, onEvent, hostKey: use.hostKey });
    const began = performance.now();
    await terraform.init();
    onEvent({ type: 'step', text: 'Terraform is set up', took: performance.now() - began });
    try {
      return await work({ ...start, workspace, terraform });
    } finally {
      await cleanWorkspace(workspace);
    }
  } finally {
    await release();
  }
}

/** Throws `locked` while somebody holds the lock of the state. */
export async function refuseLocked({ aws, cloud, folder }: Start): Promise<void> {
  const lock = await cloud.stateLock();
  if (lock) throw lockedBy(aws, lock, workspaceOf(aws, folder));
}

/** What a failure of Terraform's means, read off the lock itself and the working directory, never off its words. */
export function explain({ aws, cloud, workspace, options }: Session): (failure: RunbookError) => Promise<RunbookError> {
  return async (failure) => {
    if (await leftUnsaved(workspace)) return unsaved(workspace.path);
    const lock = await cloud.stateLock().catch(() => undefined);
    if (!lock) return failure;
    const error = lockedBy(aws, lock, workspace);
    return options.signal?.aborted ? cutOff(error) : error;
  };
}

export function lockedBy(aws: Aws, lock: StateLock, { path }: Workspace): RunbookError {
  const doing = lock.operation.replace(/^OperationType/, '').toLowerCase();
  const ready = existsSync(join(path, '.terraform'))
    ? ''
    : 'npx zx runbooks/infra.mjs plan (it sets up the folder), then ';
  return new RunbookError('locked', {
    where: placeOf(aws),
    what: `the state of ${aws.name} is locked by ${lock.who} since ${lock.created} (${doing})`,
    next: `wait until that run has ended, then run the same command again; only when it is surely dead: ${ready}(cd ${path} && terraform force-unlock ${lock.id})`,
  });
}

/** Interrupted so hard that Terraform could not free its lock. */
function cutOff({ parts }: RunbookError): RunbookError {
  return new RunbookError('interrupted', {
    ...parts,
    what: `interrupted, and the lock of the state was not freed: ${parts.what}`,
  });
}
