import type { Config } from '../../config/config.types.ts';
import { exitCodes, RunbookError } from '../../core/errors.ts';
import type { ListedGeneration } from '../../core/generation.ts';
import type { Host } from '../../host/port.ts';
import { layout } from '../../phases/layout.ts';
import { nodeVersion } from '../../phases/runtime.ts';
import { type Following, followUnit } from '../unit/index.ts';

export interface BackupNowOptions extends Following {
  /** A whole one, also where what has changed would do. */
  readonly full?: boolean;
}

/**
 * Have the host make a generation now, and follow it. It is the unit that the timer starts: it needs nobody who looks on, and
 * one that runs already is followed. Throws `changeFailed`, `interrupted`, `refused` where backups are turned off.
 */
export async function backupNow(
  config: Config,
  host: Host,
  options: BackupNowOptions = {},
): Promise<{ readonly took: number }> {
  mustBeOn(config);
  const started = performance.now();
  const name = `gitea-runbooks-backup${options.full ? '-full' : ''}`;
  const { code, last } = await followUnit(host, { name }, options);
  if (code === 0) return { took: performance.now() - started };
  throw new RunbookError('changeFailed', {
    where: host.label,
    what: 'the backup has failed; the generations before are untouched',
    cause: last.slice(-8).join('\n'),
    next: ownNext(last) ?? `journalctl -u ${name} on the host`,
  });
}

export interface VerifyNowOptions extends Following {
  /** Read back everything, and not the part of a seventh whose turn it is today. */
  readonly all?: boolean;
}

/** Have the host look whether what is stored is what was written, on the host and off it. Throws `checkFailed` with all that was found. */
export async function verifyBackups(config: Config, host: Host, options: VerifyNowOptions = {}): Promise<void> {
  mustBeOn(config);
  const name = 'gitea-runbooks-verify-now';
  const { code, last } = await followUnit(host, { name, words: ['verify', ...(options.all ? ['all'] : [])] }, options);
  if (code === 0) return;
  throw new RunbookError(code === exitCodes.checkFailed ? 'checkFailed' : 'changeFailed', {
    where: host.label,
    what: code === exitCodes.checkFailed ? 'the backups are damaged' : 'the backups could not be read back',
    cause: last.slice(-40).join('\n'),
    next: ownNext(last) ?? 'npx zx runbooks/backup.mjs --full makes a generation that rests on none of this',
  });
}

/** What the job itself says is to be done. */
const ownNext = (lines: readonly string[]) =>
  lines.findLast((line) => /^\s*Next: /.test(line))?.replace(/^\s*Next: /, '');

/** The generations of a host and where they are, newest first, as the repositories say themselves. Changes nothing. */
export async function generations(config: Config, host: Host): Promise<readonly ListedGeneration[]> {
  mustBeOn(config);
  const argv = [`${layout.node}/${nodeVersion}/bin/node`, layout.program, 'generations'];
  const { code, stdout, stderr } = await host.query({ argv, timeout: 600 });
  if (code === 0)
    return JSON.parse(stdout.slice(stdout.indexOf('['), stdout.lastIndexOf(']') + 1)) as readonly ListedGeneration[];
  throw new RunbookError('changeFailed', {
    where: host.label,
    what: 'the generations cannot be listed',
    cause: stderr,
    next: 'npx zx runbooks/doctor.mjs',
  });
}

export function mustBeOn({ backup }: Config): void {
  if (backup.enabled) return;
  throw new RunbookError('refused', {
    what: 'backups are turned off (backup.enabled)',
    next: 'set backup.enabled: true and run npx zx runbooks/deploy.mjs',
  });
}
