import type { Config } from '../../config/config.types.ts';
import { RunbookError } from '../../core/errors.ts';
import { quote } from '../../core/quote.ts';
import type { Host } from '../../host/port.ts';
import { isBetween, type RestorePhase, restoreFile } from '../../phases/restore-watch.ts';

/**
 * Throws `refused` while a restore has only half taken the place of what was in use: what is started then would work on the
 * database of one moment and the files of another, and a backup would keep that. Hold the lock.
 */
export async function mustBeWhole(config: Config, host: Host): Promise<void> {
  if (!config.backup.enabled) return;
  const { stdout } = await host.query({ script: `cat ${quote(restoreFile(config))} 2>/dev/null || true` });
  const [, phase] = /"phase":"([a-z]+)"/.exec(stdout) ?? [];
  if (!isBetween(phase as RestorePhase | undefined)) return;
  throw new RunbookError('refused', {
    where: host.label,
    what: 'a restore was cut off while it changed database and files: they may be of two moments',
    next: 'nothing was changed. npx zx runbooks/restore.mjs finishes it, with --undo it puts back what was in use before',
  });
}
