// Where an image is asked for. Pure.
import type { ImageRef } from '../../config/grammar/index.ts';

/** A repository in a registry, as its HTTP API has it. */
export interface Place {
  /** Scheme, host and port. */
  readonly base: string;
  /** By which name the config has credentials for it. */
  readonly registry: string;
  readonly repository: string;
}

/** The registry that Docker means where a reference names none, and where its API is. */
const hub = { names: ['docker.io', 'index.docker.io'], name: 'docker.io', base: 'https://registry-1.docker.io' };

/** Docker speaks to these without encryption. */
const isLoopback = (registry: string) => /^(localhost|127\.[0-9.]+)(:\d+)?$/.test(registry);

/**
 * Where an image is to be had, in the order in which to ask. A mirror stands in for Docker's own registry only, and that is asked
 * when the mirror fails, as Docker does.
 */
export function placesOf({ registry, repository }: ImageRef, mirror: string | undefined): readonly Place[] {
  if (registry !== undefined && !hub.names.includes(registry))
    return [{ base: `${isLoopback(registry) ? 'http' : 'https'}://${registry}`, registry, repository }];
  const path = repository.includes('/') ? repository : `library/${repository}`;
  const own = { base: hub.base, registry: hub.name, repository: path };
  if (mirror === undefined) return [own];
  const { origin, host } = new URL(mirror);
  return [{ base: origin, registry: host, repository: path }, own];
}
