import type { Config } from '../config/config.types.ts';
import { agoText, secondsOf } from '../core/duration.ts';
import { quote, quoteAll } from '../core/quote.ts';
import { backupPaths } from './layout.ts';
import type { Check, StatusLine } from './phase.ts';
import { restoreCheck } from './proven.ts';

/** In the folder of the backups, and as old as that. */
export const backupMark = '.gitea-runbooks';

/** What `doctor` asks about backups. */
export function backupChecks(config: Config): Check[] {
  const { backup, host } = config;
  if (!backup.enabled) return [];
  return [
    {
      id: 'backup-disk',
      title: 'disk of the backups',
      // Of a directory that is not there yet, the one that it will be in.
      script: `of() { p=$1; while ! [ -e "\${p:-/}" ] && [ "$p" != "\${p%/*}" ]; do p=\${p%/*}; done; stat -c %d -- "\${p:-/}"; }
[ "$(of ${quote(backup.local.path)})" = "$(of ${quote(host.dataPath)})" ] && echo same || echo other`,
      judge: (answer) => ({
        ...(answer === 'same'
          ? {
              status: 'warn',
              detail: `${backup.local.path} is on the same disk as the data: it goes when the disk goes`,
            }
          : answer === 'other'
            ? { status: 'pass', detail: 'is another one than that of the data' }
            : { status: 'skip', detail: 'the host did not say' }),
        next: 'set backup.local.path to a directory on another disk, or see to it that backup.remote is set',
      }),
    },
    {
      id: 'backup-remote',
      title: 'copy off the host',
      script: 'true',
      judge: () => ({
        status: backup.remote ? 'pass' : 'warn',
        detail: backup.remote ? backup.remote.repository : 'none: with the host everything would be lost',
        next: 'set backup.remote (docs/concepts/backup.md)',
      }),
    },
    restoreCheck(config),
  ];
}

/** What a job leaves about itself, one JSON document on one line. */
export const stateFile = (config: Pick<Config, 'backup'>, job: 'backup' | 'wal' | 'verify') =>
  `${backupPaths(config).root}/state.${job}.json`;

/** What the last generations came to. Times are ISO 8601 of the host. */
export interface BackupState {
  /** The newest generation; `at` is its restore point. */
  readonly generation?: StateOfGeneration;
  readonly full?: StateOfGeneration;
  /** The newest one that is off the host. */
  readonly shipped?: StateOfGeneration;
  /** The newest whole one that is off the host. */
  readonly shippedFull?: string;
  /** Where that is: another place begins with everything. */
  readonly place?: string;
  /** Of the last run that made a generation of a kind: seconds that its steps took. */
  readonly steps?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly failed?: Failed;
}

/** Stored bytes of the repositories of restic. */
export type Sizes = Readonly<Partial<Record<'local' | 'remote', Readonly<Record<string, number>>>>>;

interface StateOfGeneration {
  readonly id: string;
  readonly kind: string;
  readonly at: string;
  readonly degraded: readonly string[];
  /** Snapshot of the local repository. */
  readonly snapshot: string;
  /** Bytes of the files that are in it. */
  readonly bytes?: number;
}

/** What the database's log came to that is off the host: `at` is the moment up to which it goes. */
export interface WalState {
  readonly at?: string;
  readonly failed?: Failed;
}

/** When all was last found to be sound, and whether everything was read for it. */
export interface VerifyState {
  readonly at?: string;
  readonly all?: boolean;
  /** The newest generation on the host and off it that was there at that time. */
  readonly newest?: { readonly local?: string; readonly remote?: string };
  readonly failed?: Failed;
  readonly found?: Damages | undefined;
  /** What the next generation has to mend on the host. */
  readonly mend?: { readonly anew: boolean } | undefined;
}

/** What was found damaged by the last look, by place. */
export interface Damages {
  /** Files of restic's repositories, by place and repository: `local archive`. Looked at again each time until they are mended. */
  readonly packs: Readonly<Record<string, readonly string[]>>;
  /** Generations that cannot be brought back from there. */
  readonly hurt: { readonly local: readonly string[]; readonly remote: readonly string[] };
  /** Those of them of which something is gone for good: told once as a failure, and then as something known. */
  readonly lost: { readonly local: readonly string[]; readonly remote: readonly string[] };
  /** The newest generation that is not among them. */
  readonly sound: { readonly local?: string | undefined; readonly remote?: string | undefined };
}

/** Of the last run, where it failed. */
interface Failed {
  readonly at: string;
  readonly what: string;
}

const jobs = ['backup', 'wal', 'verify'] as const;

/** What `status` tells of backups. */
export function backupStatus(config: Config): StatusLine[] {
  if (!config.backup.enabled) return [];
  const { repositories } = config.backup.objectives;
  return [
    {
      id: 'backup',
      title: 'Last backup',
      script: `echo "$(date +%s) $(stat -c %Y ${quote(`${backupPaths(config).root}/${backupMark}`)} 2>/dev/null)"
for file in ${quoteAll(jobs.map((job) => stateFile(config, job)))}; do cat "$file" 2>/dev/null || echo '{}'; done`,
      read: (answer) => backupLine(answer, secondsOf(repositories), config.backup.remote !== undefined),
    },
  ];
}

/** Twice the objective: one run may be under way. */
function backupLine(answer: string, objective: number, remote: boolean): { good: boolean; text: string } {
  const [clocks = '', first = '', second = '', third = ''] = answer.split('\n');
  const { generation, shipped, failed } = parsed<BackupState>(first);
  const wal = parsed<WalState>(second);
  const verified = parsed<VerifyState>(third);
  const [clock, madeAt] = clocks.split(' ');
  if (!generation) {
    const young = Number(madeAt) > 0 && Number(clock) - Number(madeAt) <= 2 * objective;
    return { good: young && !failed, text: failed?.what ?? 'none yet: npx zx runbooks/backup.mjs' };
  }
  const newest = remote ? shipped : generation;
  const since = (at: string) => Number(clock) - Date.parse(at) / 1000;
  const age = newest ? since(newest.at) : Number.POSITIVE_INFINITY;
  const where = remote ? 'off the host' : 'on this host only';
  const troubles = [
    ...generation.degraded,
    ...(failed ? [failed.what] : []),
    ...(verified.failed ? [verified.failed.what] : []),
    ...(remote && wal.failed ? [`log of the database: ${wal.failed.what}`] : []),
  ];
  const text = [
    `${generation.id} (${generation.kind})`,
    newest ? `${where}, as of ${agoText(age)} ago` : 'nothing is off the host yet',
    ...(remote && wal.at ? [`the database as of ${agoText(since(wal.at))} ago`] : []),
    ...(verified.at ? [`verified ${agoText(since(verified.at))} ago`] : []),
    ...troubles,
  ];
  return { good: age <= 2 * objective && troubles.length === 0, text: text.join('; ') };
}

function parsed<T>(json: string): Partial<T> {
  try {
    return JSON.parse(json) as T;
  } catch {
    return {};
  }
}
