import type { Config } from '../config/config.types.ts';
import { secondsOf } from '../core/duration.ts';
import type { Spec } from '../core/spec.ts';
import { render } from '../render/render.ts';
import { dataPaths, layout } from './layout.ts';
import type { DesiredInput, Phase } from './phase.ts';
import { nodeVersion } from './runtime.ts';
import { specsOf } from './specs.ts';

const name = 'backup-jobs';
const { file, unit } = specsOf(name);

interface Job {
  /** The end of the name of its units, and what the program on the host is told. */
  readonly unit: string;
  readonly words: string;
  readonly title: string;
  /** How often: a calendar, or seconds from start to start. */
  readonly when: { readonly calendar: string } | { readonly seconds: number };
}

/**
 * The jobs of a config. An objective is the age of the newest copy in the worst moment: the time from one start to the next
 * and the time that it takes. So each starts again after a part of it.
 */
export function backupJobs({ backup }: Pick<Config, 'backup'>): readonly Job[] {
  const { objectives, calendar, verifyCalendar, drill, remote } = backup;
  const often = (objective: string, part: number, least: number) => ({
    seconds: Math.max(least, Math.floor(secondsOf(objective) * part)),
  });
  return [
    {
      ...{ unit: 'backup', words: 'backup', title: 'A generation of what has changed' },
      when: often(objectives.repositories, 0.8, 30),
    },
    { unit: 'backup-full', words: 'backup full', title: 'A whole generation, once a day', when: { calendar } },
    {
      ...{ unit: 'verify', words: 'verify', title: 'Read back a part of the backups' },
      when: { calendar: verifyCalendar },
    },
    {
      ...{ unit: 'drill', words: 'drill', title: 'A restore beside what is in use, to see that it works' },
      when: { calendar: drill.calendar },
    },
    ...(remote
      ? [
          {
            ...{ unit: 'wal', words: 'wal', title: "The database's log off the host" },
            when: often(objectives.database, 0.6, 10),
          },
        ]
      : []),
  ];
}

/** The units of one job. */
const unitsOf = ({ unit }: Pick<Job, 'unit'>) => ({
  service: `gitea-runbooks-${unit}.service`,
  timer: `gitea-runbooks-${unit}.timer`,
});

/** The units, when what they call is in place. */
export const backupTimers: Phase = {
  name,
  needs: ['stack'],
  desired: (input) => (input.config.backup.enabled ? timers(input) : []),
};

function timers({ config, assets }: DesiredInput): Spec[] {
  const fill = (template: string, values: Record<string, unknown>) =>
    render(template, assets.templates(template), values);
  return backupJobs(config).flatMap((job): Spec[] => {
    const { service, timer } = unitsOf(job);
    const [servicePath, timerPath] = [`/etc/systemd/system/${service}`, `/etc/systemd/system/${timer}`];
    const values = {
      title: job.title,
      node: `${layout.node}/${nodeVersion}/bin/node`,
      program: layout.program,
      words: job.words,
      // A first whole one may take its time; one that hangs is ended for the next.
      limit: job.unit === 'wal' ? '10min' : '1day',
      memoryMiB: 512,
      paths: [config.host.dataPath, config.backup.local.path],
      // What a drill has left that was cut off goes with the next job, whichever it is.
      writes: [config.backup.local.path, `-${dataPaths(config).drill}`],
      metrics: layout.metrics,
      after: job.unit === 'drill' ? 'drill clear' : '',
    };
    return [
      file(servicePath, fill('systemd/gitea-runbooks-job.service', values)),
      file(
        timerPath,
        fill('systemd/gitea-runbooks-job.timer', { title: job.title, calendar: '', seconds: 0, ...job.when }),
      ),
      unit(timer, { watches: [servicePath, timerPath], impact: 'none' }),
    ];
  });
}

/** The units of all jobs, for whoever must be alone with the data. */
export const backupUnits = (config: Pick<Config, 'backup'>) => backupJobs(config).map(unitsOf);
