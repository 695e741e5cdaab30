import { render } from '../render/render.ts';
import { contributionsOf, stopOrder } from './contributions.ts';
import { containerOf, dataPaths, layout, project } from './layout.ts';
import type { Phase, Service } from './phase.ts';
import { specsOf } from './specs.ts';
import { mountUnit } from './volume.ts';

const name = 'shutdown';
const { file, unit } = specsOf(name);

const script = `${layout.opt}/shutdown.sh`;
const service = '/etc/systemd/system/gitea-runbooks-shutdown.service';

/** An orderly stop of the containers when the host goes down, and their start when it is up again. */
export function shutdownOf(phases: readonly Phase[]): Phase {
  return {
    name,
    // Not the stack: containers that a failed deploy has left running want to be stopped in order as well.
    needs: ['release'],
    desired: ({ config, assets }) => {
      const fill = (template: string, values: Record<string, unknown>) =>
        render(template, assets.templates(template), values);
      const order = stopOrder(contributionsOf(config, phases));
      return [
        file(
          script,
          fill('systemd/shutdown.sh', {
            list: `${layout.state}/stopped-by-shutdown`,
            project,
            order: order.map(({ name }) => containerOf(name)),
          }),
          { mode: '0755' },
        ),
        file(
          service,
          fill('systemd/gitea-runbooks-shutdown.service', {
            script,
            mount: mountUnit(dataPaths(config).root),
            seconds: stopSeconds(order),
          }),
        ),
        // Not for the script: each start reads it anew.
        unit('gitea-runbooks-shutdown.service', { watches: [service], impact: 'none' }),
      ];
    },
  };
}

/** One after the other, half a minute for Docker itself, in whole minutes. */
const stopSeconds = (services: readonly Service[]) =>
  60 * Math.ceil((services.reduce((sum, { grace }) => sum + grace, 0) + 30) / 60);
