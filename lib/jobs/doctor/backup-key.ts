import type { Config } from '../../config/config.types.ts';
import { RunbookError } from '../../core/errors.ts';
import type { CheckResult } from '../../core/event.ts';
import { quote } from '../../core/quote.ts';
import { Secret } from '../../core/secret.ts';
import type { Host } from '../../host/port.ts';
import { backupKeyFile } from '../../phases/backup.ts';
import { backupPaths } from '../../phases/layout.ts';
import { storeOf } from '../../secrets/index.ts';
import { result } from '../converge/check-result.ts';

const [id, title] = ['backup-key', 'key of the backups'] as const;
const kit = 'npx zx runbooks/recovery-kit.mjs --out FILE';

/** Ends of the script that are its own; those of restic and Docker are below or above. */
const ends = { noKey: 80, noBackup: 81, noImage: 82, hostKey: 83, opened: 0, wrongKey: 12 } as const;

/**
 * Whether the key that the operator keeps opens the repository on the host: restic tries it, fed by standard input, and
 * nothing is written; then the one that the jobs of the host use. A backup whose key is on the host only is not one. Undefined
 * where no backups are wanted.
 */
export async function backupKeyCheck(config: Config, host: Host): Promise<CheckResult | undefined> {
  if (!config.backup.enabled) return undefined;
  const store = storeOf(config);
  try {
    const key = (await store.load()).backup_key;
    const { code, stdout, stderr } = await host.query({
      argv: ['sh', '-c', script(config)],
      stdin: new Secret('backup_key', key ?? ''),
      timeout: 60,
    });
    return judge(code, key !== undefined && key !== '', store.label, `${stdout}\n${stderr}`);
  } catch (error) {
    if (!(error instanceof RunbookError)) throw error;
    return result(id, 'warn', title, `not known: ${error.parts.what}`, error.parts.next);
  }
}

function script(config: Config): string {
  const { archive } = backupPaths(config);
  const image = quote(config.images.restic);
  const open = (more: readonly string[], keyFile: string) =>
    [
      ...['docker', 'run', '--rm', '--network', 'none', '--pull', 'never', '--read-only', '--tmpfs', '/tmp'],
      ...['--memory', '128m', '--cap-drop', 'ALL', '--cap-add', 'DAC_READ_SEARCH'],
      ...['--security-opt', 'no-new-privileges:true', '--log-driver', 'none', ...more],
      ...['--mount', `type=bind,source=${archive},target=/archive,readonly`],
      ...['--entrypoint', 'restic', config.images.restic],
      ...['-r', '/archive', '--no-lock', '--no-cache', '--password-file', keyFile, 'cat', 'config'],
    ]
      .map(quote)
      .join(' ');
  return `[ -e ${quote(backupKeyFile)} ] || exit ${ends.noKey}
[ -e ${quote(`${archive}/config`)} ] || exit ${ends.noBackup}
docker image inspect ${image} >/dev/null 2>&1 || exit ${ends.noImage}
${open(['-i'], '/dev/stdin')} || exit
${open(['--mount', `type=bind,source=${backupKeyFile},target=/key,readonly`], '/key')} </dev/null
[ $? != ${ends.wrongKey} ] || exit ${ends.hostKey}`;
}

function judge(code: number, kept: boolean, store: string, said: string): CheckResult {
  if (code === ends.noKey) return result(id, 'skip', title, 'the deploy makes it');
  if (!kept)
    return result(
      id,
      'fail',
      title,
      `${store} does not have it, only the host: with the host the backups could not be opened any more`,
      'docs/runbooks/lost-key.md, "The key is on the host only"',
    );
  if (code === ends.noBackup) return result(id, 'skip', title, 'there is no backup yet that it could be tried on');
  if (code === ends.noImage)
    return result(id, 'skip', title, 'the host does not have restic yet; the deploy brings it');
  if (code === ends.opened) return result(id, 'pass', title, `the one in ${store} opens the backups`);
  if (code === ends.hostKey)
    return result(
      id,
      'fail',
      title,
      `the one in ${store} opens the backups, the one on the host does not: its jobs fail`,
      'docs/runbooks/lost-key.md, "Another key than on the host"',
    );
  if (code === ends.wrongKey)
    return result(
      id,
      'fail',
      title,
      `the one in ${store} does not open the backups on the host`,
      'docs/runbooks/lost-key.md, "Another key than on the host"',
    );
  const last = said.trim().split('\n').at(-1) || `restic ended with ${code}`;
  return result(id, 'warn', title, `not known: ${last}`, `try again; then ${kit} all the same`);
}
