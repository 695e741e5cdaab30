import type { Config } from '../../config/config.types.ts';
import type { Drill, ListedDrill } from '../../core/drill.ts';
import { exitCodes, RunbookError } from '../../core/errors.ts';
import type { Host } from '../../host/port.ts';
import { layout } from '../../phases/layout.ts';
import { nodeVersion } from '../../phases/runtime.ts';
import { type Following, followUnit } from '../unit/index.ts';

const unit = 'gitea-runbooks-drill';

/**
 * Have the host restore its newest generation into a Gitea of its own now, look at everything and take it away again. It is the
 * unit that the timer starts; one that runs already is followed. Throws `checkFailed` with all that was found, `changeFailed`,
 * `interrupted`, `refused` where backups are turned off.
 */
export async function drill(config: Config, host: Host, options: Following = {}): Promise<Drill> {
  mustBeOn(config);
  const { code, last } = await followUnit(host, { name: unit }, options);
  const done = code === 0 ? (await drills(config, host)).at(-1)?.drill : undefined;
  if (done) return done;
  const bad = code === exitCodes.checkFailed;
  // By a signal: somebody has stopped it, or a restore has.
  const stopped = code > 128;
  throw new RunbookError(bad ? 'checkFailed' : 'changeFailed', {
    where: host.label,
    what: bad
      ? 'the drill has failed: not all would have come back'
      : stopped
        ? 'the drill was ended on the host before it was done'
        : 'the drill could not be done',
    cause: bad
      ? last
          .filter((line) => line.startsWith('PROBLEM: '))
          .slice(0, 20)
          .join('\n')
      : last.slice(-8).join('\n'),
    next: stopped
      ? 'what is in use is untouched; the same command again begins anew'
      : `what is in use is untouched. npx zx runbooks/backup.mjs --verify --all-data; journalctl -u ${unit} on the host`,
  });
}

/** The drills of a host, oldest first, each with what is wrong with its line of the record. Changes nothing. */
export async function drills(config: Config, host: Host): Promise<readonly ListedDrill[]> {
  mustBeOn(config);
  const argv = [`${layout.node}/${nodeVersion}/bin/node`, layout.program, 'drill', 'list'];
  const { code, stdout, stderr } = await host.query({ argv, timeout: 120 });
  if (code === 0)
    return JSON.parse(stdout.slice(stdout.indexOf('['), stdout.lastIndexOf(']') + 1)) as readonly ListedDrill[];
  throw new RunbookError('changeFailed', {
    where: host.label,
    what: 'the record of the drills cannot be read',
    cause: stderr,
    next: 'npx zx runbooks/deploy.mjs, and the same command again',
  });
}

function mustBeOn({ backup }: Config): void {
  if (backup.enabled) return;
  throw new RunbookError('refused', {
    what: 'backups are turned off (backup.enabled)',
    next: 'set backup.enabled: true and run npx zx runbooks/deploy.mjs',
  });
}
