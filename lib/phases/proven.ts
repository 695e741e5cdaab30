import type { Config } from '../config/config.types.ts';
import { agoText, secondsOf } from '../core/duration.ts';
import { quote } from '../core/quote.ts';
import { backupPaths } from './layout.ts';
import type { Check } from './phase.ts';

/** One line a drill, oldest first, each with the hash of the one before and a signature of the host. */
export const drillRecord = (config: Pick<Config, 'backup'>) => `${backupPaths(config).root}/drills.jsonl`;

/** What the newest drill came to. */
export interface Proven {
  /** When it began, in milliseconds since 1970. */
  readonly at: number;
  readonly passed: boolean;
  /** Seconds that the restore took, and seconds before its start that the restored state was of. */
  readonly recoveryTime?: number;
  readonly recoveryPoint?: number;
}

/** The last line of the record; undefined where it is none. Pure. */
export function provenIn(record: string): Proven | undefined {
  try {
    const { at, result, rto, rpo } = JSON.parse(record.trimEnd().split('\n').at(-1)!) as Record<string, unknown>;
    const began = Date.parse(String(at));
    if (Number.isNaN(began)) return undefined;
    return {
      at: began,
      passed: result === 'passed',
      ...(typeof rto === 'number' ? { recoveryTime: rto / 1000 } : {}),
      ...(typeof rpo === 'number' ? { recoveryPoint: rpo / 1000 } : {}),
    };
  } catch {
    return undefined;
  }
}

/** Why the objective of a restore cannot be met, with the sum, or undefined. */
export function tooSlow({ objectives }: Config['backup'], proven: Proven): string | undefined {
  const allowed = secondsOf(objectives.restore);
  const { recoveryTime } = proven;
  if (recoveryTime === undefined || recoveryTime <= allowed) return undefined;
  const when = new Date(proven.at).toISOString().slice(0, 16);
  return `the restore that was measured at ${when}Z took ${agoText(recoveryTime)} (${Math.ceil(recoveryTime)} s), backup.objectives.restore is ${objectives.restore} (${allowed} s): ${Math.ceil(recoveryTime - allowed)} s too many`;
}

/** Whether a restore that was measured kept within its objective. */
export function restoreCheck(config: Config): Check {
  return {
    id: 'backup-restore-time',
    title: 'time of a restore',
    script: `tail -n 1 ${quote(drillRecord(config))}`,
    judge: (answer) => {
      const proven = provenIn(answer);
      const slow = proven && tooSlow(config.backup, proven);
      const next =
        'a host that is faster, or less that has to be read (docs/concepts/backup.md); or set backup.objectives.restore to what can be kept';
      if (slow) return { status: 'warn', detail: slow, next };
      const { recoveryTime } = proven ?? {};
      if (recoveryTime === undefined) return { status: 'skip', detail: 'none was measured yet', next };
      const { restore } = config.backup.objectives;
      return { status: 'pass', detail: `${agoText(recoveryTime)} at the last drill, ${restore} are allowed`, next };
    },
  };
}
