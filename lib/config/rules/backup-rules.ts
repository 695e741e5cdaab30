import { secondsOf } from '../../core/duration.ts';
import { dataPathProblem, isDaily, placeholderProblem, resticAddressProblem, resticHost } from '../grammar/index.ts';
import { cut, quoted } from '../problem.ts';
import { environmentFindings } from './backup-environment.ts';
import { type Draft, error, type Finding } from './finding.ts';

/** Rules about the values of the section `backup`, each by itself; of its calendar the grammar is looked at with the others. */
export function backupFindings(draft: Draft, refusePlaceholders: boolean): Finding[] {
  return [...places(draft, refusePlaceholders), ...objectives(draft), ...environmentFindings(draft)];
}

/** Rules between them, and with the rest. */
export function backupTogether(draft: Draft): Finding[] {
  const findings = [besideData(draft), ...daily(draft), something(draft), inOrder(draft), openServer(draft)];
  return findings.filter((finding) => finding !== undefined);
}

const localExample = '/var/backups/gitea';

function places({ backup }: Draft, refusePlaceholders: boolean): Finding[] {
  const { path } = backup?.local ?? {};
  const { repository } = backup?.remote ?? {};
  const local = path === undefined ? undefined : dataPathProblem(path, localExample);
  const remote =
    repository === undefined
      ? undefined
      : (resticAddressProblem(repository) ??
        (refusePlaceholders ? placeholderProblem(resticHost(repository)) : undefined));
  return [
    ...(local ? [error('backup.local.path', local)] : []),
    ...(remote ? [error('backup.remote.repository', remote)] : []),
  ];
}

/**
 * Seconds within which an objective can be met, and why. What is kept is as old as the time from one start to the next and
 * the time that a run takes; so a job starts again after a part of its objective (lib/phases/backup-jobs.ts), and not more
 * often than a run can take.
 */
const limits = {
  database: {
    ...{ least: 20, most: 3600, range: '20s to 1h' },
    why: 'the log leaves the host after each 0.6 of it, and one run takes seconds',
  },
  repositories: {
    ...{ least: 60, most: 86400, range: '1m to 24h' },
    why: 'a generation begins after each 0.8 of it, and the whole comes once a day',
  },
  restore: { ...{ least: 60, most: 7 * 86400, range: '1m to 168h' }, why: 'it is the time until Gitea serves again' },
} as const;

function objectives({ backup }: Draft): Finding[] {
  return (Object.keys(limits) as (keyof typeof limits)[]).flatMap((name) => {
    const value = backup?.objectives?.[name];
    const { least, most, range, why } = limits[name];
    // What is no duration the schema has told.
    if (value === undefined || !/^[1-9]\d{0,5}[smh]$/.test(value)) return [];
    if (secondsOf(value) >= least && secondsOf(value) <= most) return [];
    return [error(`backup.objectives.${name}`, `is ${value}, allowed is ${range}: ${why}`)];
  });
}

/** A generation brings the database along. */
function inOrder({ backup }: Draft): Finding | undefined {
  const { database, repositories } = backup?.objectives ?? {};
  if (database === undefined || repositories === undefined || secondsOf(database) <= secondsOf(repositories))
    return undefined;
  return error(
    'backup.objectives.database',
    `is ${database}, longer than the ${repositories} of backup.objectives.repositories, allowed is at most as long: each generation of the repositories holds the database as well`,
    { other: 'backup.objectives.repositories' },
  );
}

function besideData({ backup, host }: Draft): Finding | undefined {
  const [path, data] = [backup?.local?.path, host?.dataPath].map((text) => text?.replace(/\/+$/, ''));
  if (path === undefined || data === undefined) return undefined;
  const how =
    path === data ? 'is' : isBelow(path, data) ? 'lies within' : isBelow(data, path) ? 'lies around' : undefined;
  if (how === undefined) return undefined;
  return error(
    'backup.local.path',
    `is the text ${quoted(path)}, which ${how} host.dataPath ${quoted(data)}, allowed is a directory beside it, for example ${localExample}`,
    { other: 'host.dataPath' },
  );
}

const isBelow = (path: string, above: string) => path.startsWith(`${above}/`);

/** Jobs of each day, and why they are. */
const everyDay = {
  calendar: 'what comes in between rests on the last whole one',
  verifyCalendar: 'a seventh of everything is read each day, so that in a week all of it was',
} as const;

function daily({ backup }: Draft): Finding[] {
  return (Object.keys(everyDay) as (keyof typeof everyDay)[]).flatMap((name) => {
    const value = backup?.[name];
    if (value === undefined || isDaily(value)) return [];
    return [
      error(
        `backup.${name}`,
        `is ${cut(value)}, which does not come every day, allowed is at least once a day, for example *-*-* 02:10:00: ${everyDay[name]}`,
      ),
    ];
  });
}

function something({ backup }: Draft): Finding | undefined {
  const { hours, days, weeks, months, years } = backup?.retention ?? {};
  const kept = [hours, days, weeks, months, years];
  if (backup?.enabled === false || kept.some((count) => count !== 0)) return undefined;
  return error('backup.retention', 'is 0 five times, which keeps nothing, allowed is at least one number above 0');
}

/** What is stored is encrypted; the password of the server is not. */
function openServer({ backup }: Draft): Finding | undefined {
  const { repository, environment } = backup?.remote ?? {};
  if (!repository?.startsWith('rest:http:') || environment?.RESTIC_REST_PASSWORD === undefined) return undefined;
  const message = `is ${quoted(repository)}, allowed but not safe: the password of the server is sent in clear - use https`;
  return { path: 'backup.remote.repository', severity: 'warning', message };
}
