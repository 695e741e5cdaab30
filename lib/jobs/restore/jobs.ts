import type { Config } from '../../config/config.types.ts';
import type { Host } from '../../host/port.ts';
import { backupUnits } from '../../phases/backup-jobs.ts';

/** The unit of a check that an operator has asked for; the others are those of timers. */
const byHand = 'gitea-runbooks-verify-now.service';

/** Seconds for what runs to end: restic takes its locks away. */
const patience = 300;

const timersOf = (config: Config) =>
  backupUnits(config)
    .map(({ timer }) => timer)
    .join(' ');

/** Shell that has the timers of the backups work again. One that does not start is for the watch to tell: the restore is done. */
export const startTimers = (config: Config) => `systemctl start ${timersOf(config)} || true`;

/**
 * Does something while no job of the backup runs and none begins. One that runs is ended first, and told: it would hold the lock of
 * the host for as long as it takes, and be at work on data that go. Their timers begin again in the end, whatever it came to.
 */
export async function withoutJobs<T>(
  config: Config,
  machine: Host,
  tell: (text: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const units = backupUnits(config);
  const timers = timersOf(config);
  const services = [...units.map(({ service }) => service), byHand].join(' ');
  try {
    // A unit that a newer config brings may not be there yet, and one that does not stop still holds the lock, which tells it.
    await machine.run({ script: `systemctl stop ${timers} || true`, timeout: patience });
    const { stdout } = await machine.query({
      script: `systemctl list-units --plain --no-legend --state=activating,active,deactivating ${services} | grep -v ' exited ' | cut -d' ' -f1`,
    });
    const running = stdout.split('\n').filter(Boolean).join(', ');
    if (running !== '') tell(`ending ${running}: what it was at is done anew after this`);
    await machine.run({ script: `systemctl stop ${services} 2>/dev/null || true`, timeout: patience });
    return await work();
  } finally {
    await machine.run({ script: startTimers(config) }).catch(() => {});
  }
}
