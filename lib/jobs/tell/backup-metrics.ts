import type { Config } from '../../config/config.types.ts';
import { secondsOf } from '../../core/duration.ts';
import type { Manifest } from '../../core/generation.ts';
import type { BackupState, Sizes, VerifyState, WalState } from '../../phases/backup-watch.ts';
import type { Proven } from '../../phases/proven.ts';
import type { Metric, Sample } from './exposition.ts';

/** What the figures of backups are made of. */
export interface Measured {
  readonly backup: BackupState;
  readonly wal: WalState;
  readonly verify: VerifyState;
  readonly sizes: Sizes | undefined;
  readonly drill: Proven | undefined;
  readonly manifests: readonly Manifest[];
  /** Bytes of the database's log that were written since it last left the host. */
  readonly unshippedLog: number;
}

const time = (text: string | undefined) => (text === undefined ? undefined : Date.parse(text) / 1000);
const by = (label: string, values: Readonly<Record<string, number | boolean | undefined>>): Sample[] =>
  Object.entries(values).map(([name, value]) => ({ labels: { [label]: name }, value }));

/** The figures of backups; pure. docs/reference/metrics.md says what each is for. */
export function backupMetrics({ backup: { objectives, remote } }: Config, measured: Measured): Metric[] {
  const { backup, wal, verify, sizes, drill, manifests, unshippedLog } = measured;
  const { generation, full, shipped } = backup;
  const ran = { backup: generation, ...(remote ? { wal: wal.at } : {}), verify: verify.at };
  const failed = { backup, wal, verify } as const;
  const jobs = Object.keys(ran) as (keyof typeof failed)[];
  const last = (kind: Manifest['kind']) =>
    manifests
      .filter((one) => one.kind === kind)
      .reduce((a, b) => (a && a.id > b.id ? a : b), undefined as Manifest | undefined);
  const newest = { full: last('full'), partial: last('partial') };
  const ofEach = <T>(read: (manifest: Manifest) => T) => ({
    full: newest.full && read(newest.full),
    partial: newest.partial && read(newest.partial),
  });
  const waiting = manifests.filter(({ id }) => id > (shipped?.id ?? ''));
  return [
    {
      name: 'gitea_backup_job_success',
      help: 'Whether the last run of a job came to a good end.',
      samples: jobs
        .filter((job) => ran[job] !== undefined || failed[job].failed !== undefined)
        .map((job) => ({ labels: { job }, value: failed[job].failed === undefined })),
    },
    {
      name: 'gitea_backup_last_success_timestamp_seconds',
      help: 'When a job last came to a good end; of generations, the moment that they are of.',
      samples: by('job', {
        generation: time(generation?.at),
        full: time(full?.at),
        ...(remote ? { ship: time(shipped?.at), wal: time(wal.at) } : {}),
        verify: time(verify.at),
        drill: drill?.passed ? drill.at / 1000 : undefined,
      }),
    },
    {
      name: 'gitea_backup_recovery_point_timestamp_seconds',
      help: 'The moment up to which all could be brought back if the host were lost.',
      samples: by('data', {
        repositories: time((remote ? shipped : undefined)?.at),
        database: remote ? time(wal.at ?? shipped?.at) : undefined,
      }),
    },
    {
      name: 'gitea_backup_objective_seconds',
      help: 'What backup.objectives of the config allows.',
      samples: by('objective', {
        database: secondsOf(objectives.database),
        repositories: secondsOf(objectives.repositories),
        restore: secondsOf(objectives.restore),
      }),
    },
    {
      name: 'gitea_backup_step_duration_seconds',
      help: 'How long each step of the last run of a kind took.',
      samples: Object.entries(backup.steps ?? {}).flatMap(([kind, steps]) =>
        Object.entries(steps).map(([step, value]) => ({ labels: { kind, step }, value })),
      ),
    },
    {
      name: 'gitea_backup_generation_duration_seconds',
      help: 'How long it took to make the newest generation of a kind, without the way off the host.',
      samples: by(
        'kind',
        ofEach(({ began, ended }) => (Date.parse(ended) - Date.parse(began)) / 1000),
      ),
    },
    {
      name: 'gitea_backup_generation_added_bytes',
      help: 'Bytes that the newest generation of a kind added to the repository on the host.',
      samples: by(
        'kind',
        ofEach(({ added }) => added),
      ),
    },
    {
      name: 'gitea_backup_generation_degraded',
      help: 'Things in the newest generation that are not as they should be.',
      samples: [{ value: generation?.degraded.length }],
    },
    {
      name: 'gitea_backup_generations',
      help: 'Generations on the host.',
      samples: by('kind', {
        full: manifests.filter(({ kind }) => kind === 'full').length,
        partial: manifests.filter(({ kind }) => kind === 'partial').length,
      }),
    },
    {
      name: 'gitea_backup_repository_size_bytes',
      help: 'Stored bytes of a repository of restic: on the host after each run, off it after each verification.',
      samples: (['local', 'remote'] as const).flatMap((place) =>
        Object.entries(sizes?.[place] ?? {}).map(([repository, value]) => ({ labels: { repository, place }, value })),
      ),
    },
    {
      name: 'gitea_backup_unshipped_bytes',
      help: 'Bytes that are on this host only: of generations, and of the log of the database since it last left.',
      samples: remote
        ? by('data', { generations: waiting.reduce((sum, { added }) => sum + added, 0), log: unshippedLog })
        : [],
    },
    {
      name: 'gitea_backup_drill_success',
      help: 'Whether the last restore that was tried has proven that all is there.',
      samples: [{ value: drill?.passed }],
    },
    {
      name: 'gitea_backup_drill_timestamp_seconds',
      help: 'When the last restore was tried.',
      samples: [{ value: drill && drill.at / 1000 }],
    },
    {
      name: 'gitea_backup_drill_recovery_time_seconds',
      help: 'How long that restore took until Gitea served again (RTO).',
      samples: [{ value: drill?.recoveryTime }],
    },
    {
      name: 'gitea_backup_drill_recovery_point_seconds',
      help: 'How old what it restored was: what would have been lost with the host (RPO).',
      samples: [{ value: drill?.recoveryPoint }],
    },
  ];
}
