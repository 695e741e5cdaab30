// Names and addresses inside the lab. Addresses are fixed: a host that was rebooted must find the others where they were.
import { readFile } from 'node:fs/promises';
import { LABEL, OWN_PREFIX } from './context.ts';
import { type Docker, list } from './docker.ts';
import { LabError } from './process.ts';

export const DOMAIN = 'git.lab.test';
export const NETWORK = OWN_PREFIX;
export const FIRST_HOST = 'gitea-host-1';

export type Service = 'registry' | 'acme' | 'dns' | 'aws';

/** Last byte of the address of each service; hosts begin at FIRST_HOST_BYTE. */
export const SERVICE_BYTE: Record<Service, number> = { registry: 2, acme: 3, dns: 4, aws: 5 };
export const FIRST_HOST_BYTE = 10;

/** Name of a container of the lab. */
export const containerName = (name: string) => `${OWN_PREFIX}-${name}`;

/** Address number `byte` in a network like `10.213.87`. */
export const address = (network: string, byte: number) => `${network}.${byte}`;

// Rarely used /24 networks, none of them what Docker hands out by itself or what the product's own default is.
const CANDIDATES = ['10.213.87', '10.213.88', '10.187.41', '172.30.247', '192.168.213'];

/**
 * The /24 networks (first three bytes) that this machine has a route for. An engine checks only its own networks and those
 * of interfaces that are up; the bridge of an engine that was killed is neither, and still takes the packets.
 */
async function routedNetworks(): Promise<Set<string>> {
  const table = await readFile('/proc/net/route', 'utf8').catch(() => '');
  const hex = table
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t')[1] ?? '');
  return new Set(hex.map((word) => [6, 4, 2].map((at) => Number.parseInt(word.slice(at, at + 2), 16)).join('.')));
}

/** Makes the lab's network in the first candidate range that is free here; returns its first three bytes. */
export async function createNetwork(docker: Docker): Promise<string> {
  let last = 'all of them are routed somewhere';
  const routes = await routedNetworks();
  for (const candidate of CANDIDATES) {
    if (routes.has(candidate)) continue;
    const subnet = [`--subnet=${candidate}.0/24`, `--gateway=${candidate}.1`];
    const result = await docker.attempt(['network', 'create', '--label', LABEL, ...subnet, NETWORK]);
    if (result.code === 0) return candidate;
    last = result.stderr.trim();
    if (/already exists/.test(last)) {
      throw new LabError(
        'a lab is up already (its network exists)',
        'use it, or take it down first: npm run rehearse -- down',
      );
    }
  }
  throw new LabError(
    `no free address range for the lab's network: ${last}`,
    `free one of ${CANDIDATES.join(', ')} (each .0/24)`,
  );
}

/** Removes every container, volume and network with the lab's label. */
export async function removeAll(docker: Docker): Promise<void> {
  const filter = ['--filter', `label=${LABEL}`];
  const containers = await list(docker, ['ps', '--all', '--quiet', ...filter]);
  if (containers.length > 0) await docker.run(['rm', '--force', '--volumes', ...containers], { timeout: 120 });
  const volumes = await list(docker, ['volume', 'ls', '--quiet', ...filter]);
  if (volumes.length > 0) await docker.run(['volume', 'rm', '--force', ...volumes], { timeout: 120 });
  const networks = await list(docker, ['network', 'ls', '--quiet', ...filter]);
  if (networks.length > 0) await docker.run(['network', 'rm', ...networks]);
}
