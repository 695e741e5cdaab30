import { type ComposeSpec, type Impact, impacts } from '../../core/spec.ts';
import type { RunningImage } from '../../core/status.ts';
import { rows } from '../text.ts';
import { parseReads, type Reads, staleReads } from './compose-reads.ts';
import { type HostImages, readImages } from './image-ids.ts';

interface Container {
  readonly service: string;
  readonly hash: string;
  readonly state: string;
  readonly health: string;
  /** Sources of its bind mounts. */
  readonly mounts: readonly string[];
  /** The reference that it was made from, the image that it runs, and the one that Compose noted down for it. */
  readonly ref: string;
  readonly image: string;
  readonly noted: string;
  /** When it was started last, as Docker prints it. */
  readonly started: string;
  /** The folder of the compose file that it was made from. */
  readonly home: string;
  /** Ports of the host that it publishes. */
  readonly ports: readonly number[];
}

/** What was found of one project. */
export interface ComposeObserved {
  /** Service name -> the hash that Compose computes for the wanted definition; undefined without Docker and Compose. */
  readonly wanted: ReadonlyMap<string, string> | undefined;
  readonly containers: ReadonlyMap<string, Container>;
  /** What the references of the services stand for now. */
  readonly images: HostImages;
  /** The files that the services read when they start. */
  readonly reads?: Reads;
}

/** What `docker inspect` is asked about each container. */
export const containerTemplate = [
  '{{index .Config.Labels "com.docker.compose.service"}}',
  '{{index .Config.Labels "com.docker.compose.config-hash"}}',
  '{{.State.Status}}',
  '{{if .State.Health}}{{.State.Health.Status}}{{else}}none{{end}}',
  '{{range .Mounts}}{{if eq .Type "bind"}}{{.Source}}|{{end}}{{end}}',
  '{{.Config.Image}}',
  '{{.Image}}',
  '{{index .Config.Labels "com.docker.compose.image"}}',
  '{{.State.StartedAt}}',
  '{{index .Config.Labels "com.docker.compose.project.working_dir"}}',
  '{{range .HostConfig.PortBindings}}{{range .}}{{.HostPort}}|{{end}}{{end}}',
].join('\t');

/** The answers of Compose and Docker, one observation a project. */
export function parseProjects(text: string, specs: readonly ComposeSpec[]): Map<string, ComposeObserved> {
  const wanted = new Map<string, Map<string, string>>();
  const containers = new Map<string, Map<string, Container>>();
  const images = readImages(text) ?? new Map();
  const reads = parseReads(text);
  let project = '';
  for (const [word, name, ...rest] of rows(text)) {
    if (word === 'project') {
      project = name!;
      wanted.set(project, new Map());
      containers.set(project, new Map());
    } else if (word === 'hash') wanted.get(project)!.set(name!, rest[0]!);
    else if (word === 'container') {
      const [
        hash = '',
        state = '',
        health = '',
        mounts = '',
        ref = '',
        image = '',
        noted = '',
        started = '',
        home = '',
        published = '',
      ] = rest;
      const sources = mounts.split('|').filter((source) => source !== '');
      const ports = published.split('|').flatMap((port) => (port === '' ? [] : [Number(port)]));
      containers
        .get(project)!
        .set(name!, { service: name!, hash, state, health, mounts: sources, ref, image, noted, started, home, ports });
    }
  }
  return new Map(
    specs.map((spec) => [
      spec.id,
      { wanted: wanted.get(spec.project), containers: containers.get(spec.project) ?? new Map(), images, reads },
    ]),
  );
}

/**
 * Services that were made from our compose file and are not in it any more. Its folder is the mark: a container that somebody
 * else made under the name of the project is not ours to remove.
 */
export function orphans(spec: ComposeSpec, { containers }: ComposeObserved): string[] {
  const wanted = new Set(spec.services.map(({ name }) => name));
  return [...containers.values()]
    .filter(({ service, home }) => !wanted.has(service) && home === directoryOf(spec.path))
    .map(({ service }) => service);
}

export const directoryOf = (path: string) => path.slice(0, path.lastIndexOf('/')) || '/';

/** Why each service that is not as wanted must be touched. */
export function reasons(spec: ComposeSpec, observed: ComposeObserved): Map<string, string> {
  const found = new Map<string, string>();
  for (const service of spec.services) {
    const { name, image: ref } = service;
    const container = observed.containers.get(name);
    const image = container && otherImage(ref, container, observed.images);
    if (!container) found.set(name, `${name} no container`);
    else if (container.hash !== observed.wanted?.get(name)) found.set(name, `${name} was started with other inputs`);
    else if (image) found.set(name, `${name}: ${image}`);
    else if (container.state !== 'running') found.set(name, `${name} is ${container.state}`);
    else {
      const stale = staleReads(service, container.started, observed.reads);
      if (stale.length > 0) found.set(name, `${name} may run with another ${stale.join(', ')} than is wanted`);
    }
  }
  for (const { port, from, to } of portsThatMove(spec, observed)) {
    const why = found.get(to) ?? to;
    found.set(to, `${why} and takes over port ${port} from ${from} (closed until both are made anew)`);
  }
  for (const name of orphans(spec, observed)) found.set(name, `${name} is wanted no more`);
  return found;
}

/** Ports that one service is to publish and the container of another one still has. */
export function portsThatMove(spec: ComposeSpec, { containers }: ComposeObserved) {
  return spec.services.flatMap(({ name: to, ports = [] }) =>
    ports.flatMap((port) =>
      spec.services.flatMap(({ name: from }) =>
        from !== to && containers.get(from)?.ports.includes(port) ? [{ port, from, to }] : [],
      ),
    ),
  );
}

/** Services whose containers Compose would leave alone, though what they have read differs. */
export function toRestart(spec: ComposeSpec, observed: ComposeObserved): string[] {
  return spec.services.flatMap((service) => {
    const container = observed.containers.get(service.name);
    if (!container || staleReads(service, container.started, observed.reads).length === 0) return [];
    const alone = { ...spec, services: [{ ...service, reads: [] }] };
    return reasons(alone, observed).size === 0 ? [service.name] : [];
  });
}

/**
 * Why a container does not run the image that its reference stands for now. Compose goes by its own note, in a label, and
 * makes such a container anew the next time that it is asked for anything.
 */
function otherImage(ref: string, { image, noted }: Container, images: HostImages): string | undefined {
  const now = images.get(ref)?.id;
  if (now !== undefined) return now === image && now === noted ? undefined : `its image ${ref} is another one now`;
  // A digest is the same image wherever it is pulled from.
  return ref.includes('@') ? undefined : `its image ${ref} is gone, and may be another one when it is pulled again`;
}

/** Data is in another folder than the config says: with the new one the container would start empty, and look lost. */
export function dataElsewhere(spec: ComposeSpec, { containers }: ComposeObserved): string | undefined {
  for (const { name, data } of spec.services) {
    if (data === undefined) continue;
    const found = (containers.get(name)?.mounts ?? []).filter((source) => source.endsWith(`/${data}`));
    if (found.length === 0 || found.includes(`${spec.data}/${data}`)) continue;
    return `the data lies in ${found[0]!.slice(0, -data.length - 1)}, and host.dataPath says ${spec.data}: Gitea would start empty there`;
  }
  return undefined;
}

/** What each service runs. */
export function imagesInUse(observed: unknown): Record<string, RunningImage> {
  const { containers, images } = observed as ComposeObserved;
  return Object.fromEntries(
    [...containers.values()].map(({ service, ref, image }) => {
      const now = images.get(ref);
      return [service, { ref, id: image, digests: now?.id === image ? now.digests : [] }];
    }),
  );
}

/** The worst that a change of these services costs. */
export function worst(spec: ComposeSpec, names: readonly string[]): Impact {
  const ranks = spec.services.filter(({ name }) => names.includes(name)).map(({ impact }) => impacts.indexOf(impact));
  return impacts[Math.max(0, ...ranks)]!;
}
