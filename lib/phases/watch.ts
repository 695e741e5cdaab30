import type { Config } from '../config/config.types.ts';
import type { OpenNotice } from '../core/notice.ts';
import { quote } from '../core/quote.ts';
import { render } from '../render/render.ts';
import { backupUnits } from './backup-jobs.ts';
import { layout } from './layout.ts';
import type { Phase, StatusLine } from './phase.ts';
import { nodeVersion } from './runtime.ts';
import { specsOf } from './specs.ts';
import { renewal } from './tls.ts';

const name = 'watch';
const { file, directory, unit } = specsOf(name);

/** Seconds from one look to the next. */
export const watchInterval = 120;

/** The units that tell: one that is started when another has failed, and one that looks by itself. */
const units = {
  failed: 'gitea-runbooks-failed@.service',
  service: 'gitea-runbooks-watch.service',
  timer: 'gitea-runbooks-watch.timer',
} as const;

/** What runs unattended under a config, and must neither fail nor stay away without a word. */
export const watchedUnits = (config: Pick<Config, 'backup'>) => [
  ...(config.backup.enabled ? backupUnits(config) : []),
  renewal,
];

/** Nothing that runs by itself fails or stays away in silence. In place before the jobs are. */
export const watch: Phase = {
  name,
  needs: ['stack'],
  desired: ({ assets }) => {
    const at = (unit: string) => `/etc/systemd/system/${unit}`;
    const fill = (template: string, values: Record<string, unknown>) =>
      render(template, assets.templates(template), values);
    const service = (title: string, words: string) =>
      fill('systemd/gitea-runbooks-watch.service', {
        ...{ title, words, metrics: layout.metrics, lock: `${layout.notices}.lock` },
        ...{ node: `${layout.node}/${nodeVersion}/bin/node`, program: layout.program },
      });
    const title = 'Look whether the jobs of this host run and come to their ends';
    return [
      // The folder of Debian's package, with its owner and mode.
      directory(layout.metrics),
      file(at(units.failed), service('Tell that %i has failed', 'tell failed %i')),
      file(at(units.service), service(title, 'watch')),
      file(at(units.timer), fill('systemd/gitea-runbooks-job.timer', { title, calendar: '', seconds: watchInterval })),
      unit(units.timer, { watches: [at(units.failed), at(units.service), at(units.timer)], impact: 'none' }),
    ];
  },
  status: () => [noticesLine],
};

/** What goes on, and whether anybody looks at all. */
const noticesLine: StatusLine = {
  id: 'notices',
  title: 'Notices',
  script: `date +%s; stat -c %Y ${quote(layout.watch)} 2>/dev/null || echo 0
date -d "$(systemctl show -p ActiveEnterTimestamp --value ${units.timer})" +%s 2>/dev/null || echo 0
systemctl is-active ${units.timer}; cat ${quote(layout.notices)} 2>/dev/null`,
  read: (answer) => {
    const [clock = '', looked = '', started = '', state = '', ...rest] = answer.split('\n');
    const last = Math.max(Number(looked), Number(started));
    const blind = state !== 'active' || Number(clock) - last > 5 * watchInterval;
    const lines = [
      ...(blind
        ? [`nobody looks: ${units.timer} is ${state || 'unknown'}, its last look was at ${stamp(looked)}`]
        : []),
      ...openIn(rest.join('\n')).map(({ what, since }) => `${what} (since ${since.slice(0, 16)}Z)`),
    ];
    return { good: lines.length === 0, text: lines.join('; ') || 'none' };
  },
};

const stamp = (seconds: string) => `${new Date(Number(seconds) * 1000).toISOString().slice(0, 16)}Z`;

function openIn(json: string): readonly OpenNotice[] {
  try {
    return (JSON.parse(json) as { open: readonly OpenNotice[] }).open;
  } catch {
    return [];
  }
}
