import type { Config } from '../config/config.types.ts';
import { containerOf } from './layout.ts';
import { type Ask, leastMemory, shareOut } from './memory.ts';
import { inOrder } from './order.ts';
import type { Check, Examined, Network, Phase, Reach, SecretFile, Service, StatusLine } from './phase.ts';

/** What all phases together bring besides their specs. */
export interface Contributions {
  readonly services: readonly Service[];
  /** In the order in which requests meet them. */
  readonly networks: readonly Network[];
  readonly secrets: readonly SecretFile[];
  /** Names of the containers. */
  readonly containers: readonly string[];
  readonly images: readonly string[];
  /** Ports of the host that the world sees, in ascending order. */
  readonly ports: readonly number[];
  readonly memory: readonly Ask[];
  readonly checks: readonly Check[];
  readonly reaches: readonly Reach[];
  readonly examined: readonly Examined[];
  readonly status: readonly StatusLine[];
}

/** Collects what the phases bring under a config. Throws where two of them want the same of what there is only once. */
export function contributionsOf(config: Config, phases: readonly Phase[]): Contributions {
  const services = phases.flatMap((phase) => phase.services?.(config) ?? []);
  const ports = services.flatMap((service) => service.ports ?? []).sort((a, b) => a - b);
  const memory = [
    ...services.map(({ name, memory }): Ask => ({ who: name, ...memory })),
    ...phases.flatMap((phase) => phase.memory?.(config) ?? []),
  ];
  const checks = phases.flatMap((phase) => phase.checks?.(config) ?? []);
  const reaches = phases.flatMap((phase) => phase.reaches?.(config) ?? []);
  const examined = phases.flatMap((phase) => phase.examines?.(config) ?? []);
  const status = phases.flatMap((phase) => phase.status?.(config) ?? []);
  // Phases that come later are nearer to whom they serve.
  const networks = [...phases].reverse().flatMap((phase) => phase.networks?.(config) ?? []);
  const secrets = phases.flatMap((phase) => phase.secrets?.(config) ?? []);
  const addresses = services.flatMap(({ address }) => address ?? []);
  once('port', ports);
  once('address', addresses);
  for (const address of addresses) {
    // The smallest network that is allowed has 16 addresses: two are taken, and the upper half is given out by Docker.
    if (address < 2 || address > 7) throw new Error(`the address ${address} of a service is not one of 2 to 7`);
  }
  once(
    'name for its memory',
    memory.map(({ who }) => who),
  );
  once(
    'check',
    [...checks, ...reaches, ...examined].map(({ id }) => id),
  );
  once(
    'network',
    networks.map(({ name }) => name),
  );
  once(
    'file of a secret',
    secrets.map(({ secret, reader }) => [secret, ...(reader ? [reader.name] : [])].join('.')),
  );
  once(
    'status line',
    status.map(({ id }) => id),
  );
  return {
    services,
    networks,
    secrets,
    containers: services.map(({ name }) => containerOf(name)),
    images: [
      ...new Set([...services.map(({ image }) => image), ...phases.flatMap((phase) => phase.images?.(config) ?? [])]),
    ],
    ports,
    memory,
    checks,
    reaches,
    examined,
    status,
  };
}

/** The services, each before those that it uses: as they are stopped. */
export function stopOrder({ services }: Pick<Contributions, 'services'>): readonly Service[] {
  const named = services.map((service) => ({ name: service.name, needs: service.uses ?? [], service }));
  return inOrder(named, 'service')
    .reverse()
    .map(({ service }) => service);
}

/** The limit of a service on a host with so much memory. */
export function limitOf({ memory }: Contributions, service: string, memoryMiB: number): number {
  return shareOut(memory, memoryMiB).get(service)!;
}

/** The sum that a host is too small for; undefined where it is large enough. */
export function tooSmall({ memory }: Pick<Contributions, 'memory'>, memoryMiB: number): string | undefined {
  const { fits, sum } = leastMemory(memory, memoryMiB);
  return fits ? undefined : `${sum}, the host has ${memoryMiB} MiB`;
}

function once(what: string, values: readonly (string | number)[]): void {
  const twice = values.find((value, at) => values.indexOf(value) !== at);
  if (twice !== undefined) throw new Error(`two phases want the same ${what}: ${twice}`);
}
