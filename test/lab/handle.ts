// What a caller holds of a lab that is up: where it is, and what can be done to it.
import path from 'node:path';
import { awsOf, type LabAws, waitAws } from './aws.ts';
import type { Context } from './context.ts';
import { diskPath, growDisk, makeDisk, plug, releaseDisks, unplug } from './disks.ts';
import { connectDocker } from './docker.ts';
import { addTrust, type LabState, readOperatorKey, writeKnownHosts, writeState } from './files.ts';
import { createHost, createVolume, type LabHost, removeHost, waitHost } from './hosts.ts';
import { imageSource, type LabImage } from './images.ts';
import { findKept, keepHost, waitGitea } from './kept.ts';
import { locked } from './lock.ts';
import { address, DOMAIN, FIRST_HOST_BYTE, SERVICE_BYTE, type Service } from './names.ts';
import { LabError, type Result } from './process.ts';
import type { Suite } from './recipe.ts';
import { acmeTrust, putBack, takeOff, waitDns, writeRecords } from './services.ts';

export type LabImageInfo = Pick<LabImage, 'role' | 'ref' | 'kind' | 'note' | 'used'>;

export interface Lab {
  dir: string;
  /** The config that every runbook takes with --config. */
  configPath: string;
  url: string;
  domain: string;
  /** PEM file with the authority's own certificate and the roots of what it issues. */
  caPath: string;
  identityFile: string;
  knownHostsPath: string;
  /** `address:port` of the lab's name server. */
  dnsServer: string;
  /** S3, Secrets Manager, Route 53 and the rest, at one address. */
  aws: LabAws;
  hosts: LabHost[];
  images: LabImageInfo[];
  /** Address of the Docker engine that runs the lab, for docker -H. */
  engine: string;
  /** Runs a sh script as root inside a host; a non-zero exit code is a result. Limit in seconds, default 120. */
  exec(host: string, script: string, options?: { timeout?: number; input?: string }): Promise<Result>;
  /** Shuts a host down in good order, boots it, waits for its sshd. */
  reboot(host: string): Promise<void>;
  /** Pulls the plug of a host, boots it, waits for its sshd. */
  crash(host: string): Promise<void>;
  /** Makes a service refuse connections; it keeps what it knows. Fine to repeat. */
  stop(service: Service): Promise<void>;
  /** Puts a service back at its address and waits until it answers. */
  start(service: Service): Promise<void>;
  /** Lets the lab's name server answer with an address for a name (several names may have one address); undefined forgets the name. */
  setName(name: string, ip: string | undefined): Promise<void>;
  /** Another bare host, known as `<name>.lab.test`. */
  addHost(name: string, options?: { suite?: Suite }): Promise<LabHost>;
  /** Plugs an empty disk of this size into a host; returns its path there, /dev/disk/by-id/`name`. */
  addDisk(host: string, name: string, sizeMiB: number): Promise<string>;
  growDisk(name: string, sizeMiB: number): Promise<void>;
  /** Takes a disk off its host, or puts it back. What is mounted stays mounted until the host boots. */
  unplugDisk(name: string): Promise<void>;
  plugDisk(name: string): Promise<void>;
  /** Takes a disk and what it holds away for good. Fine to repeat. */
  removeDisk(name: string): Promise<void>;
  /** Makes a host bare again: new system disk, new host key, same address. Its other disks stay. */
  wipeHost(name: string): Promise<LabHost>;
  /** Whether the first host was made from a deployed one in the cache. */
  deployedBefore: boolean;
  /** Keeps the first host, which has just been deployed with the lab's config, for labs to come; it reboots for that. */
  keepHost(): Promise<void>;
  lower(): Promise<void>;
}

const EXEC_LIMIT = 120;
const REBOOT_LIMIT = 150;

/** Binds the actions to a lab that is up. */
export function attach(context: Context, state: LabState, lower: (options: { dir: string }) => Promise<void>): Lab {
  const docker = connectDocker(state.engine.host);
  const { dir } = context;
  const find = (name: string): LabHost => {
    const host = state.hosts.find((each) => each.name === name);
    if (host) return host;
    throw new LabError(`the lab has no host ${name}`, `it has: ${state.hosts.map((each) => each.name).join(', ')}`);
  };
  const save = async () => {
    await writeKnownHosts(dir, state.hosts);
    await writeState(dir, state);
  };
  const setName = async (name: string, ip: string | undefined) => {
    const records = new Map(state.records);
    if (ip === undefined) records.delete(name);
    else records.set(name, ip);
    state.records = [...records];
    await writeRecords(docker, records);
    await writeState(dir, state);
  };
  const make = async (spec: Omit<LabHost, 'hostKey' | 'container'>) => {
    await createVolume(docker, spec.name);
    return createHost(context, docker, state.network, spec, await readOperatorKey(dir), state.caps);
  };
  const disk = (name: string) => {
    const found = state.disks?.find((each) => each.name === name);
    if (found) return found;
    throw new LabError(`the lab has no disk ${name}`, 'add it with addDisk');
  };
  const images = state.images.map(({ role, ref, kind, note, used }) => ({ role, ref, kind, note, used }));
  return {
    ...{ dir, domain: DOMAIN, url: `https://${DOMAIN}/`, images, hosts: state.hosts, engine: docker.host },
    configPath: path.join(dir, 'gitea.config.yaml'),
    caPath: path.join(dir, 'ca.pem'),
    identityFile: path.join(dir, 'id_ed25519'),
    knownHostsPath: path.join(dir, 'known_hosts'),
    dnsServer: `${address(state.network, SERVICE_BYTE.dns)}:53`,
    aws: awsOf(state.network),
    setName,
    async exec(name, script, options = {}) {
      const input = options.input === undefined ? {} : { input: options.input };
      return docker.attempt(['exec', '-i', find(name).container, 'sh', '-c', script], {
        timeout: options.timeout ?? EXEC_LIMIT,
        ...input,
      });
    },
    async reboot(name) {
      await docker.run(['restart', find(name).container], { timeout: REBOOT_LIMIT });
      await waitHost(context, docker, find(name));
    },
    async crash(name) {
      await docker.run(['kill', '--signal', 'KILL', find(name).container]);
      await docker.run(['start', find(name).container]);
      await waitHost(context, docker, find(name));
    },
    stop: (service) => takeOff(docker, state.network, service, state.services),
    async start(service) {
      await putBack(docker, state.network, service);
      if (service === 'acme') await addTrust(dir, await acmeTrust(context, docker, state.network));
      if (service === 'dns') await waitDns(context, docker, state.network);
      if (service === 'aws') await waitAws(context, docker, state.network);
    },
    async addHost(name, options = {}) {
      if (state.hosts.some((each) => each.name === name))
        throw new LabError(`the lab has a host ${name} already`, 'choose another name');
      const suite = options.suite ?? 'trixie';
      const used = state.hosts.map((host) => Number(host.address.split('.').pop()));
      const ip = address(state.network, Math.max(FIRST_HOST_BYTE, ...used) + 1);
      const source = await imageSource(context, docker, state.registry);
      const host = await make({ name, address: ip, suite, image: await source.host(suite) });
      state.hosts.push(host);
      await setName(`${name}.lab.test`, ip);
      await save();
      return host;
    },
    async addDisk(host, name, sizeMiB) {
      const made = { ...(await makeDisk(docker, name, sizeMiB, find(host).image)), host, plugged: true };
      state.disks = [...(state.disks ?? []), made];
      await save();
      await plug(docker, made);
      return diskPath(name);
    },
    growDisk: (name, sizeMiB) => growDisk(docker, disk(name), sizeMiB),
    async unplugDisk(name) {
      await unplug(docker, disk(name));
      disk(name).plugged = false;
      await save();
    },
    async plugDisk(name) {
      await plug(docker, disk(name));
      disk(name).plugged = true;
      await save();
    },
    async removeDisk(name) {
      const found = state.disks?.find((each) => each.name === name);
      if (found?.plugged) await unplug(docker, found);
      await releaseDisks(docker, name);
      state.disks = state.disks?.filter((each) => each !== found) ?? [];
      await save();
    },
    async wipeHost(name) {
      const { suite, image, address: ip } = find(name);
      await removeHost(docker, name);
      const host = await make({ name, address: ip, suite, image });
      state.hosts.splice(state.hosts.indexOf(find(name)), 1, host);
      await save();
      for (const each of state.disks ?? []) if (each.host === name && each.plugged) await plug(docker, each);
      return host;
    },
    deployedBefore: state.kept?.used ?? false,
    async keepHost() {
      const [host] = state.hosts;
      if (!state.kept || !host) return;
      const { key } = state.kept;
      await locked(async () => {
        // A lab beside this one may have been faster.
        if (await findKept(context, docker, key)) return;
        await keepHost(context, docker, state.caps, host, key);
        await waitHost(context, docker, host);
        await waitGitea(docker, host.name);
      });
    },
    lower: () => lower({ dir }),
  };
}
