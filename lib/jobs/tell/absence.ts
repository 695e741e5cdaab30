import type { Config } from '../../config/config.types.ts';
import { agoText, secondsOf } from '../../core/duration.ts';
import type { Notice } from '../../core/notice.ts';
import { tooSlow } from '../../phases/proven.ts';
import { watchedUnits } from '../../phases/watch.ts';
import { hoursLeft, type Sample } from './forecast.ts';
import type { Disk, Seen, SeenBackup } from './seen.ts';

/** What the watch remembers of its last looks. */
export interface Remembered {
  /** By folder. */
  readonly samples: Readonly<Record<string, readonly Sample[]>>;
  /** Since when nobody has received the log of the database, in milliseconds since 1970. */
  readonly quiet?: number;
}

type Found = Pick<Notice, 'id' | 'severity' | 'what' | 'next'> & {
  /** Milliseconds since 1970. */
  readonly since: number;
};

const hour = 3600;
/** Seconds in which what comes once a day has to have come: a run may take its time, and start late. */
const daily = 30 * hour;
/** Seconds that the receiver of the log may be away. */
const away = 600;

/** All that is not as it should be, but for units; pure. */
export function absences(config: Config, seen: Seen, { samples, quiet }: Remembered): Notice[] {
  const { backup } = seen;
  const found = [
    ...seen.disks.flatMap((disk) => fillingUp(disk, samples[disk.path] ?? [])),
    ...(backup ? [...late(config, seen, backup), ...broken(config, seen, backup, quiet)] : []),
  ];
  return found.map(({ since, ...rest }) => ({ ...rest, since: new Date(since).toISOString() }));
}

/** What has not been done for too long. A host that was down has time to catch up. */
function late({ backup: { objectives, remote, drill } }: Config, { now, booted }: Seen, backup: SeenBackup): Found[] {
  const { generation, full, shipped } = backup.backup;
  const check = (
    name: string,
    limit: number,
    last: string | undefined,
    begun: number,
    text: (age: string) => string,
    next: string,
  ): Found[] => {
    const moment = last === undefined ? begun : Date.parse(last);
    const grace = Math.min(limit, hour) * 1000;
    if (begun === 0 || now - moment <= limit * 1000 || now - booted <= grace) return [];
    const age = agoText((now - moment) / 1000);
    const what = last === undefined ? `${text(age)} (there was none yet)` : text(age);
    return [{ id: `late:${name}`, severity: 'error', what, next, since: moment + limit * 1000 }];
  };
  const start = backup.begun === 0 ? 0 : Math.max(backup.begun, remote ? backup.remoteBegun : 0);
  const where = remote ? 'has left the host' : 'was made';
  const on = (unit: string) => `npx zx runbooks/status.mjs; on the host: journalctl -u gitea-runbooks-${unit}`;
  const { repositories, database } = objectives;
  const tried = backup.drill && new Date(backup.drill.at).toISOString();
  // Twice the objective: one run may be under way.
  return [
    ...check(
      ...(['generation', 2 * secondsOf(repositories), (remote ? shipped : generation)?.at, start] as const),
      (age) => `no backup ${where} for ${age}: backup.objectives.repositories is ${repositories}`,
      on('backup'),
    ),
    ...(remote && backup.backup.shippedFull
      ? check(
          ...(['log', 2 * secondsOf(database), backup.wal.at, start] as const),
          (age) =>
            `the log of the database has not left the host for ${age}: backup.objectives.database is ${database}`,
          on('wal'),
        )
      : []),
    ...check(
      ...(['full', daily, full?.at, backup.begun] as const),
      (age) => `no whole generation was made for ${age}: one a day is wanted`,
      on('backup-full'),
    ),
    ...check(
      ...(['verify', daily, backup.verify.at, backup.begun] as const),
      (age) => `the backups were not found to be sound for ${age}: they are read back every day`,
      'npx zx runbooks/backup.mjs --verify',
    ),
    ...check(
      ...(['drill', secondsOf(drill.maxAge), tried, backup.begun] as const),
      (age) => `no restore was tried for ${age}: backup.drill.maxAge is ${drill.maxAge}`,
      on('drill'),
    ),
  ];
}

/** What is there, and is not as it has to be. */
function broken(config: Config, { now }: Seen, backup: SeenBackup, quiet: number | undefined): Found[] {
  const { generation } = backup.backup;
  const slow = backup.drill && tooSlow(config.backup, backup.drill);
  const { slot } = backup;
  return [
    ...(generation && generation.degraded.length > 0
      ? [
          {
            ...({ id: 'degraded', severity: 'warning', since: Date.parse(generation.at) } as const),
            what: `the newest generation is not whole: ${generation.degraded[0]}${generation.degraded.length > 1 ? `, and ${generation.degraded.length - 1} more` : ''}`,
            next: 'npx zx runbooks/backup.mjs --list; docs/runbooks/backup.md',
          },
        ]
      : []),
    ...(slot && (slot.status === '' || slot.status === 'lost')
      ? [
          {
            ...({ id: 'slot', severity: 'error', since: now } as const),
            what: 'the database does not keep its log for the backups any more: it has a gap',
            next: 'nothing, if the next backup comes: it begins anew with a whole generation. Else npx zx runbooks/deploy.mjs',
          },
        ]
      : quiet !== undefined && now - quiet > away * 1000
        ? [
            {
              ...({ id: 'slot', severity: 'error', since: quiet } as const),
              what: 'the log of the database is not received: nobody is connected to its slot',
              next: 'on the host: docker logs --tail 30 gitea-wal-1; npx zx runbooks/deploy.mjs',
            },
          ]
        : []),
    ...(backup.drill && !backup.drill.passed
      ? [
          {
            ...({ id: 'drill', severity: 'error', since: backup.drill.at } as const),
            what: 'the last restore that was tried has failed',
            next: 'on the host: journalctl -u gitea-runbooks-drill',
          },
        ]
      : []),
    ...(slow
      ? [
          {
            ...({ id: 'objective:restore', severity: 'warning', since: backup.drill!.at } as const),
            what: slow,
            next: 'npx zx runbooks/doctor.mjs',
          },
        ]
      : []),
  ];
}

/** Hours ahead in which a disk that fills up is told. */
const ahead = 48;
const least = { part: 0.05, bytes: 1e9 };

function fillingUp({ path, size, now }: Disk, samples: readonly Sample[]): Found[] {
  const free = `${Math.floor(now.free / 1e6)} MB of ${Math.floor(size / 1e6)} MB are free`;
  const tell = (severity: 'error' | 'warning', what: string): Found[] => [
    {
      ...{ id: `disk:${path}`, severity, since: now.at },
      what: `the disk of ${path} ${what}: ${free}`,
      next: 'on the host: df -h; du -xsh on the largest folders. docs/runbooks/backup.md',
    },
  ];
  if (now.free < Math.min(least.bytes, size * least.part)) return tell('error', 'is full');
  const hours = hoursLeft(samples, now);
  return hours !== undefined && hours < ahead
    ? tell('warning', `will be full in ${agoText(hours * hour)} if it goes on like this`)
    : [];
}

/** What units come to: notices, timers that have to be started again, and of which nothing can be said now. */
export interface Units {
  readonly notices: readonly Notice[];
  readonly start: readonly string[];
  readonly undecided: ReadonlySet<string>;
}

export const unitNotice = (service: string, what: string, at: string): Notice => ({
  ...{ id: `unit:${service.replace(/\.service$/, '')}`, severity: 'error', what, since: at },
  next: `on the host: journalctl -u ${service.replace(/\.service$/, '')} -n 50`,
});

/** Units that have failed, and timers that do not wait for their time; pure. */
export function unitsOf(config: Pick<Config, 'backup'>, { units, now, backup }: Seen): Units {
  const at = new Date(now).toISOString();
  const notices: Notice[] = [];
  const undecided = new Set<string>();
  const stopped: string[] = [];
  const off: string[] = [];
  for (const { service, timer } of watchedUnits(config)) {
    const [run, clock] = [units.get(service), units.get(timer)];
    const notice = unitNotice(service, `${service} has failed (${run?.result})`, at);
    if (run?.active === 'failed') notices.push(notice);
    // It runs: how it ends is not known yet.
    else if (run === undefined || run.active !== 'inactive') undecided.add(notice.id);
    if (clock === undefined || clock.active === 'active') continue;
    if (clock.file === 'enabled' && clock.load === 'loaded') stopped.push(timer);
    else off.push(`${timer} is ${clock.load === 'loaded' ? clock.file : clock.load}`);
  }
  const cutOff = backup?.journal;
  if (cutOff) {
    const rest = cutOff.phase === 'switching' ? 'what is in use is half of two states' : 'nothing in use was touched';
    notices.push({
      ...{ id: 'restore', severity: 'error', since: at },
      what: `a restore of ${cutOff.id} was cut off (${cutOff.phase}): ${rest}`,
      next: 'npx zx runbooks/restore.mjs finishes it, with --undo takes it back',
    });
  }
  if (off.length > 0) {
    notices.push({
      ...{ id: 'timers:off', severity: 'error', since: at },
      what: `jobs do not run by themselves: ${off.join(', ')}`,
      next: 'npx zx runbooks/deploy.mjs',
    });
  }
  // A backup of half of two states would be worse than none.
  return { notices, undecided, start: cutOff?.phase === 'switching' ? [] : stopped };
}

export const timersNotice = (timers: readonly string[], at: string, started: boolean): Notice => ({
  ...{ id: 'timers', severity: 'warning', since: at },
  what: `${timers.join(', ')} did not wait for ${timers.length === 1 ? 'its' : 'their'} time: ${started ? 'started again' : 'could not be started'}`,
  next: started
    ? 'nothing. If somebody has stopped them on purpose: systemctl disable --now keeps them stopped until the next deploy'
    : 'npx zx runbooks/deploy.mjs',
});
