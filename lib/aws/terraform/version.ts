import { RunbookError } from '../../core/errors.ts';
import { ask, cleanEnvironment } from './process.ts';

/** The oldest that knows write-only arguments and the settled lock file of the S3 backend. */
const oldest = [1, 11, 0] as const;
const install =
  'install Terraform 1.11 or newer: https://developer.hashicorp.com/terraform/install. Whoever only deploys needs none: npx zx runbooks/deploy.mjs, plan.mjs --host-only';

/** The version of the `terraform` on PATH, for example "1.14.2". Throws `credentialsRefused` when it is missing or too old. */
export async function terraformVersion(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const clean = { ...cleanEnvironment(env), CHECKPOINT_DISABLE: '1' };
  const { code, stdout, stderr } = await ask({ args: ['version', '-json'], cwd: process.cwd(), env: clean }).catch(
    (error: NodeJS.ErrnoException) => {
      throw refused(
        error.code === 'ENOENT' ? 'there is no `terraform` on the PATH' : '`terraform` cannot be started',
        error.code === 'ENOENT' ? undefined : error.message,
        { cause: error },
      );
    },
  );
  const version = code === 0 ? versionIn(stdout) : undefined;
  if (version === undefined) throw refused('`terraform version -json` gives no version', stderr.trim() || undefined);
  if (isOlder(version)) throw refused(`the Terraform on the PATH is ${version}, 1.11.0 is the oldest that will do`);
  return version;
}

function versionIn(text: string): string | undefined {
  try {
    const { terraform_version: found } = JSON.parse(text) as { terraform_version?: unknown };
    return typeof found === 'string' && /^\d+\.\d+\.\d+/.test(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

/** A pre-release counts as older than its release. */
function isOlder(version: string): boolean {
  const [core = '', pre] = version.split('-', 2);
  const numbers = core.split('.').map(Number);
  for (const [index, wanted] of oldest.entries()) {
    const found = numbers[index] ?? 0;
    if (found !== wanted) return found < wanted;
  }
  return pre !== undefined;
}

function refused(what: string, cause?: string, options?: { cause: unknown }): RunbookError {
  return new RunbookError('credentialsRefused', { what, ...(cause ? { cause } : {}), next: install }, options);
}
