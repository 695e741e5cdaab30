import type { Config } from '../../../config/config.types.ts';
import { secondsOf } from '../../../core/duration.ts';
import { RunbookError } from '../../../core/errors.ts';
import type { Manifest } from '../../../core/generation.ts';
import { quote } from '../../../core/quote.ts';
import type { Host } from '../../../host/port.ts';
import { remoteFile } from '../../../phases/backup.ts';
import { backupPaths } from '../../../phases/layout.ts';
import { failureOf, runUnit, unitState } from '../../unit/index.ts';
import { readJson, resticFor, stateOf, tellState, type Work } from '../store/index.ts';
import { ship } from './ship.ts';

const unit = 'gitea-runbooks-ship';

/** Whether something is being copied off the host, out of the local repositories: nothing may be taken away from them then. */
export const beingCopied = async (host: Host): Promise<boolean> => (await unitState(host, unit)).running;

/** As the jobs of the timers: what people wait for comes first. */
const settings = ['Nice=10', 'CPUWeight=20', 'IOSchedulingClass=idle', 'MemoryMax=512M', 'RuntimeMaxSec=1d'];

/** Seconds in which a place that does not answer at all is told as that. */
const least = 90;

/** Milliseconds that a run follows the copy. By then the next generation is nearly due, and that must not wait for a line. */
const patience = ({ backup }: Config) => 1000 * Math.max(least, 0.4 * secondsOf(backup.objectives.repositories));

/**
 * Have the newest generation brought off the host, in a unit of its own: through a slow line, or to a place that goes away in
 * the middle, it takes as long as it takes, and the generations on the host go on at their pace. Follows it for a while.
 * Throws what it fails with meanwhile.
 */
export async function offHost(
  { config, host, tell }: Pick<Work, 'config' | 'host' | 'tell'>,
  limit = patience(config),
): Promise<'there' | 'under way'> {
  const signal = AbortSignal.timeout(limit);
  await endOutdated(host, tell);
  for (;;) {
    const lines: string[] = [];
    let earlier = false;
    try {
      const { code } = await runUnit(host, {
        ...{ name: unit, words: ['ship'], settings, signal },
        onAttached() {
          earlier = true;
          tell('the copy of an earlier one off the host is still under way');
        },
        onLine(line) {
          lines.push(line);
          if (!line.startsWith('ship: ')) tell(line);
        },
      });
      if (code !== 0) throw failureOf(host, 'ship', code, lines, `journalctl -u ${unit} on the host`);
    } catch (error) {
      if (!(error instanceof RunbookError && error.kind === 'interrupted')) throw error;
      tell(`it is on its way off the host, which goes on by itself: journalctl -f -u ${unit}`);
      return 'under way';
    }
    if (!earlier) return 'there';
  }
}

/** A copy reads how to get there when it begins. With credentials that a deploy has replaced since it would go on trying in vain. */
async function endOutdated(host: Host, tell: (text: string) => void): Promise<void> {
  const { stdout } = await host.run({
    script: `unit=${unit}.service
systemctl is-active --quiet "$unit" || exit 0
began=$(systemctl show --timestamp=unix --value -p ExecMainStartTimestamp "$unit")
[ "$(systemctl show --value -p SubState "$unit")" != exited ] && [ -n "$(find ${quote(remoteFile)} -newermt "$began")" ] || exit 0
systemctl stop "$unit" && echo ended`,
    timeout: 120,
  });
  if (stdout.trim() === 'ended')
    tell('the way off the host was changed since the copy under way began: it begins anew, and finds what has arrived');
}

/**
 * What that unit does: the newest generation goes off the host, with what is not there yet. No lock: it only reads what only
 * grows, and hours of it must not keep a deploy away. systemd runs it once at a time. Throws `changeFailed`, `refused`.
 */
export async function shipNow(config: Config, host: Host, tell: (text: string) => void): Promise<string> {
  const { generation } = stateOf(config, 'backup');
  const made = generation && readJson<Manifest>(`${backupPaths(config).generations}/${generation.id}.json`);
  if (!made) return 'there is no generation yet';
  try {
    await ship({ config, host, restic: await resticFor(config, host, tell), tell }, made.database.system);
    return `${made.id} is off the host`;
  } catch (error) {
    const what = error instanceof RunbookError ? error.parts.what : String(error);
    tellState(config, 'backup', { failed: { at: new Date().toISOString(), what } });
    throw error;
  }
}
