import type { Config } from '../config/config.types.ts';
import type { Spec } from '../core/spec.ts';
import { render } from '../render/render.ts';
import { backupPaths, layout } from './layout.ts';
import type { Phase } from './phase.ts';
import { nodeVersion } from './runtime.ts';
import { specsOf } from './specs.ts';

const name = 'restore-watch';
const { file, unit } = specsOf(name);

/** How far a restore has come, while there is one that has not come to its end. */
export const restoreFile = (config: Pick<Config, 'backup'>) => `${backupPaths(config).root}/restore.json`;

/**
 * Until `switching` nothing in use has been touched. In `switching` and `undoing` database and files may be of two states:
 * nothing may be started on them. In `starting` all that was restored is in place.
 */
export type RestorePhase = 'fetching' | 'arranging' | 'switching' | 'starting' | 'undoing';

/** Whether database and files may be of two states. */
export const isBetween = (phase: RestorePhase | undefined) => phase === 'switching' || phase === 'undoing';

/** What our program on the host is told to finish what was cut off. A word of its own: what it says is not what a restore says. */
export const settleWords = [`${layout.node}/${nodeVersion}/bin/node`, layout.program, 'settle'] as const;

const service = 'gitea-runbooks-restore-settle.service';

/** A restore that the host went down in the middle of is finished when it is up again. */
export const restoreWatch: Phase = {
  name,
  needs: ['stack'],
  desired: ({ config, assets }): Spec[] => {
    if (!config.backup.enabled) return [];
    const template = 'systemd/gitea-runbooks-restore-settle.service';
    const path = `/etc/systemd/system/${service}`;
    const values = {
      journal: restoreFile(config),
      command: settleWords.join(' '),
      paths: [config.host.dataPath, config.backup.local.path],
    };
    return [
      file(path, render(template, assets.templates(template), values)),
      unit(service, { watches: [path], impact: 'none' }),
    ];
  },
};
