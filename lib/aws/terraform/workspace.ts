import { randomBytes } from 'node:crypto';
import { chmod, copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { RunbookError } from '../../core/errors.ts';
import type { Aws } from '../settings.ts';
import { stateKey } from '../state-bucket.ts';

/** Terraform's working directory of one instance. Nothing in it is secret; it can be removed while no run is under way. */
export interface Workspace {
  readonly path: string;
  /** Provider versions and hashes that this instance is made with; meant to be committed. */
  readonly lockFile: string;
}

export interface WorkspaceInput {
  readonly aws: Aws;
  /** Folder of the configuration file. */
  readonly folder: string;
  /** The package's folder `terraform`. */
  readonly module: string;
  /** `empty` where there is no state bucket yet: a plan is made against nothing, and nothing is written anywhere. */
  readonly state: 'bucket' | 'empty';
}

const ownFiles = /\.(tf|tf\.json|tftpl|tfplan|jsonl|tfvars\.json)$/;
/** Terraform leaves the state here when it cannot put it into the bucket: it is then the only copy. */
const rescue = 'errored.tfstate';

/** Where the working directory of an instance is. */
export function workspaceOf(aws: Aws, folder: string): Workspace {
  const path = join(folder, '.gitea-runbooks', `terraform-${aws.name}`);
  return { path, lockFile: join(folder, 'gitea.terraform.lock.hcl') };
}

/**
 * Brings the working directory to what the package and the configuration say; what an earlier run left is taken away.
 * Throws `refused` when that run could not save its state, and `locked` while another one works in here.
 */
export async function prepareWorkspace(input: WorkspaceInput): Promise<Workspace> {
  const workspace = workspaceOf(input.aws, input.folder);
  const { path } = workspace;
  await mkdir(path, { recursive: true, mode: 0o700 });
  await chmod(path, 0o700);
  await writeFile(join(dirname(path), '.gitignore'), '*\n');
  const found = await readdir(path);
  if (found.includes(rescue)) throw unsaved(path);
  const old = found.filter((name) => ownFiles.test(name));
  await Promise.all(old.map((name) => rm(join(path, name), { force: true })));
  const sources = (await readdir(input.module)).filter((name) => /\.(tf|tftpl)$/.test(name));
  await Promise.all(sources.map((name) => copyFile(join(input.module, name), join(path, name))));
  await writeJson(join(path, 'gitea-runbooks_override.tf.json'), {
    terraform: { backend: input.state === 'bucket' ? { s3: backend(input.aws) } : { local: { path: 'none.tfstate' } } },
  });
  await copyFile(workspace.lockFile, join(path, '.terraform.lock.hcl')).catch(ignoreMissing);
  return workspace;
}

/** The values of Terraform's variables; none is a secret. */
export function writeVariables({ path }: Workspace, variables: Readonly<Record<string, unknown>>): Promise<void> {
  return writeJson(join(path, 'terraform.tfvars.json'), variables);
}

/** Lets Terraform plan the end of what holds data. Only after it was named; the package's own files never say so. */
export async function liftProtection(workspace: Workspace): Promise<void> {
  const lifecycle = { prevent_destroy: false };
  await writeJson(join(workspace.path, 'zz-lifted_override.tf.json'), {
    resource: {
      aws_ebs_volume: { data: { lifecycle } },
      aws_s3_bucket: { backup: { lifecycle } },
      aws_secretsmanager_secret: { instance: { lifecycle }, host_key: { lifecycle } },
    },
  });
}

/** Takes plan, log and lifted protection away. */
export async function cleanWorkspace({ path }: Workspace): Promise<void> {
  const left = (await readdir(path)).filter((name) => /\.(tfplan|jsonl)$|^zz-lifted_/.test(name));
  await Promise.all(left.map((name) => rm(join(path, name), { force: true })));
}

/** Keeps the providers' versions and hashes beside the configuration. Gives whether they are new. */
export async function keepLockFile({ path, lockFile }: Workspace): Promise<boolean> {
  const text = await readFile(join(path, '.terraform.lock.hcl'), 'utf8').catch(ignoreMissing);
  if (text === undefined || text === (await readFile(lockFile, 'utf8').catch(ignoreMissing))) return false;
  await writeWhole(lockFile, text);
  return true;
}

/** Whether a run could not put its state into the bucket. */
export const leftUnsaved = async ({ path }: Workspace) => (await readdir(path)).includes(rescue);

/** The failure for a state that is only in the working directory. */
export function unsaved(path: string): RunbookError {
  return new RunbookError('refused', {
    what: `Terraform could not put its state into the bucket: ${join(path, rescue)} is the only record of what was made`,
    next: `(cd ${path} && terraform state push ${rescue} && rm ${rescue}), with the same credentials; then run the same command again`,
  });
}

/** Replaces a file as a whole: a reader sees the old or the new one. */
export async function writeWhole(path: string, text: string, mode = 0o644): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}`);
  try {
    await writeFile(temporary, text, { mode, flush: true });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function backend(aws: Aws): Record<string, unknown> {
  const { endpoint, profile } = aws;
  return {
    bucket: aws.stateBucket,
    key: stateKey(aws),
    region: aws.region,
    encrypt: true,
    use_lockfile: true,
    allowed_account_ids: [aws.accountId],
    ...(profile === undefined ? {} : { profile }),
    ...(endpoint === undefined
      ? {}
      : { use_path_style: true, endpoints: { s3: endpoint, sts: endpoint, iam: endpoint } }),
  };
}

const writeJson = (path: string, value: unknown) =>
  writeFile(path, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
