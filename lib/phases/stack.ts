import type { Config } from '../config/config.types.ts';
import { render } from '../render/render.ts';
import { contributionsOf, limitOf } from './contributions.ts';
import { dataPaths, project } from './layout.ts';
import type { DesiredInput, Phase } from './phase.ts';
import { specsOf } from './specs.ts';

const name = 'stack';
const { file } = specsOf(name);

/** The containers that the phases bring, as one Compose project. */
export function stackOf(phases: readonly Phase[]): Phase {
  return {
    name,
    // Nothing is published before it is settled who may reach it.
    needs: ['firewall', ...phases.filter(({ services }) => services !== undefined).map((phase) => phase.name)],
    reaches: (config) => [{ id: 'registry', title: 'image registry', url: `${registryOf(config)}/v2/` }],
    desired: (input) => {
      const { root: data, compose: path } = dataPaths(input.config);
      const { images, services } = contributionsOf(input.config, phases);
      const text = composeText(input, phases);
      const [hold] = phases.flatMap((phase) => phase.hold?.(input) ?? []);
      return [
        // Everything that can fail without touching what runs comes before what touches it.
        { kind: 'images', id: 'images:stack', phase: name, refs: images },
        file(path, text),
        ...phases.flatMap(({ beforeStart }) => beforeStart?.(input, name) ?? []),
        {
          kind: 'compose',
          id: `compose:${project}`,
          phase: name,
          project,
          path,
          text,
          data,
          services: services.map(({ name, image, impact, ports, data, reads }) => ({
            name,
            image,
            impact,
            ...(ports ? { ports } : {}),
            ...(data ? { data } : {}),
            ...(reads ? { reads: reads(input) } : {}),
          })),
          ...(hold ? { hold } : {}),
          // On top of Gitea's own time: the database's first start, and what a stop may take.
          timeout: input.config.gitea.startTimeout + 120,
        },
        // The other way round: what others rest on changes last.
        ...[...phases].reverse().flatMap(({ afterStart }) => afterStart?.(input, name) ?? []),
      ];
    },
  };
}

/** The registry that the images come from, or the mirror, without a path. */
function registryOf({ docker, images }: Config): string {
  if (docker.registryMirror) return docker.registryMirror.replace(/\/$/, '');
  const first = images.gitea.split('/')[0]!;
  return first.includes('.') || first.includes(':') ? `https://${first}` : 'https://registry-1.docker.io';
}

/** The whole compose file. It holds no secret. */
export function composeText(input: DesiredInput, phases: readonly Phase[]): string {
  const template = 'compose/compose.yaml';
  const all = contributionsOf(input.config, phases);
  const texts = all.services.map(({ name, text }) => text(input, limitOf(all, name, input.facts.memoryMiB)));
  return render(template, input.assets.templates(template), {
    project,
    services: texts.join('\n'),
    networks: all.networks.map(({ text }) => text(input)).join(''),
  });
}
