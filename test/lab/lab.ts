// A lab: disposable real hosts and what they need around them, on this machine.
import path from 'node:path';
import { startAws } from './aws.ts';
import { ANY_LABEL, type Context, cacheDir, LAB_NAME, LABEL, type LabEvent, phase } from './context.ts';
import { releaseDisks } from './disks.ts';
import { connectDocker, type Docker, list } from './docker.ts';
import { type Engine, findEngine, stopEngine, useEngine } from './engine.ts';
import {
  addTrust,
  configText,
  type LabState,
  readState,
  removeFiles,
  writeConfig,
  writeKnownHosts,
  writeOperatorKey,
  writeState,
} from './files.ts';
import { attach, type Lab } from './handle.ts';
import { createHost, createVolume } from './hosts.ts';
import { type ImageSource, imageSource, pruneImages } from './images.ts';
import { fillVolume, findKept, joinLab, KEPT_NETWORK, keptKey, pruneKept } from './kept.ts';
import { locked } from './lock.ts';
import { capabilities } from './machine-like.ts';
import { address, createNetwork, DOMAIN, FIRST_HOST, FIRST_HOST_BYTE, removeAll, SERVICE_BYTE } from './names.ts';
import { allEnded, LabCancelled, LabError } from './process.ts';
import { recipeHash } from './recipe.ts';
import { pushAll, startRegistry } from './registry.ts';
import { acmeTrust, startAcme, startDns } from './services.ts';

export type { LabEvent } from './context.ts';
export type { Lab, LabImageInfo } from './handle.ts';
export { LabCancelled, LabError } from './process.ts';

export interface LabOptions {
  /** Folder for the lab's files; default `.lab` below the working directory, `.lab-NAME` for a lab with a name. */
  dir?: string;
  /** Cancels the raise, which then takes everything down again. Without it, Ctrl-C and SIGTERM do that. */
  signal?: AbortSignal;
  /** Leaves a lab that could not be raised as it is, to look into. */
  keep?: boolean;
  /** Makes the first host from the deployed one in the cache, where there is one of this checkout. Else it is bare. */
  deployed?: boolean;
}

export interface LabStatus {
  up: boolean;
  dir: string;
  containers: { name: string; state: string }[];
  state?: LabState;
}

const labDir = (options: { dir?: string | undefined }) =>
  path.resolve(options.dir ?? (LAB_NAME ? `.lab-${LAB_NAME}` : '.lab'));

/** Raises the lab: one bare host, a registry with the product's images, a certificate authority, a name server, AWS. */
export function raise(options: LabOptions = {}, onEvent: (event: LabEvent) => void = () => {}): Promise<Lab> {
  return locked(() => raiseAlone(options, onEvent));
}

async function raiseAlone(options: LabOptions, onEvent: (event: LabEvent) => void): Promise<Lab> {
  const stop = new AbortController();
  const cancel = () => stop.abort(new LabCancelled());
  const own = options.signal === undefined;
  if (own) for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, cancel);
  const signal = options.signal ?? stop.signal;
  const context: Context = { dir: labDir(options), cache: cacheDir(), signal, onEvent };
  const start = Date.now();
  try {
    const state = await build(context, options.deployed ?? false);
    onEvent({ phase: 'lab', text: 'the lab is up', ms: Date.now() - start });
    return attach({ ...context, signal: undefined }, state, lower);
  } catch (error) {
    const alreadyUp = error instanceof LabError && /already/.test(error.message);
    if (!options.keep && !alreadyUp) {
      onEvent({ phase: 'lab', text: 'taking down what was begun' });
      await lowerAlone(options).catch((second) =>
        onEvent({ phase: 'lab', text: `could not take it down: ${second.message}` }),
      );
    }
    throw error;
  } finally {
    if (own) for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, cancel);
  }
}

async function build(context: Context, deployed: boolean): Promise<LabState> {
  const engine = await phase(context, 'engine', 'looking for a Docker engine', () => useEngine(context));
  const { docker } = engine;
  const network = await createNetwork(docker);
  const operatorKey = await writeOperatorKey(context.dir);
  const source = await imageSource(context, docker);
  const hostAddress = address(network, FIRST_HOST_BYTE);
  const records = new Map([
    ['registry.lab.test', address(network, SERVICE_BYTE.registry)],
    ['registry', address(network, SERVICE_BYTE.registry)],
    ['acme.lab.test', address(network, SERVICE_BYTE.acme)],
    ['aws.lab.test', address(network, SERVICE_BYTE.aws)],
    [DOMAIN, hostAddress],
    [`${FIRST_HOST}.lab.test`, hostAddress],
  ]);

  const raiseHost = async () => {
    const image = await source.host('trixie');
    const caps = await capabilities(docker, image);
    const images = await source.product();
    const key = await keptKey([
      configText({ images, network: KEPT_NETWORK }, { address: address(KEPT_NETWORK, FIRST_HOST_BYTE) }),
      image,
      ...images.map(({ local }) => local),
    ]);
    const kept = deployed ? await findKept(context, docker, key) : undefined;
    await createVolume(docker, FIRST_HOST);
    const spec = { name: FIRST_HOST, address: hostAddress, suite: 'trixie' as const, image };
    const host = await phase(context, 'host', `booting ${FIRST_HOST}`, async () => {
      if (kept) await fillVolume(docker, caps, kept, FIRST_HOST);
      return createHost(context, docker, network, spec, operatorKey, caps, kept?.image);
    });
    return { host, caps, key, kept };
  };
  const raiseServices = async () => {
    const image = await source.services();
    const servers = phase(context, 'services', 'starting names and certificate authority', async () => {
      await startDns(context, docker, network, image, records);
      await startAcme(context, docker, network, image);
      return acmeTrust(context, docker, network);
    });
    const aws = phase(context, 'aws', 'starting AWS', () => startAws(context, docker, network, image));
    const filled = raiseProduct(context, docker, network, image, source);
    const [trust, product] = await allEnded([servers, filled, aws]);
    return { image, product, trust };
  };
  const [{ host, caps, key, kept }, services] = await allEnded([raiseHost(), raiseServices()]);
  const stay = await pruneKept(context, docker);
  await pruneImages(docker, [host.image, services.image, ...services.product.map((image) => image.local), ...stay]);

  const state: LabState = {
    engine: { host: docker.host, own: engine.own },
    ...{ network, registry: source.registry, services: services.image, caps, images: services.product, hosts: [host] },
    records: [...records],
    kept: { key, used: kept !== undefined },
    raised: new Date().toISOString(),
  };
  await addTrust(context.dir, services.trust);
  await writeKnownHosts(context.dir, state.hosts);
  await writeConfig(context.dir, state, host);
  if (kept) await joinLab(context, docker, network, kept, FIRST_HOST);
  await writeState(context.dir, state);
  return state;
}

async function raiseProduct(context: Context, docker: Docker, network: string, services: string, source: ImageSource) {
  const made = await source.product();
  // Not the images' own ids: a rebuilt image then pushes only the layers that are new.
  const key = await recipeHash([services, ...made.map((image) => image.ref)], []);
  const registry = await startRegistry(context, docker, network, services, key);
  await phase(context, 'registry', `filling the registry with ${made.length} images`, () =>
    pushAll(context, docker, registry, made),
  );
  return made;
}

/** The lab that is up, or undefined. */
export async function open(options: Pick<LabOptions, 'dir'> = {}): Promise<Lab | undefined> {
  const found = await status(options);
  if (!found.up || !found.state) return undefined;
  const context: Context = { dir: found.dir, cache: cacheDir(), signal: undefined, onEvent: () => {} };
  return attach(context, found.state, lower);
}

/** What of the lab is there. Changes nothing. */
export async function status(options: Pick<LabOptions, 'dir'> = {}): Promise<LabStatus> {
  const dir = labDir(options);
  const state = await readState(dir);
  const docker = state ? connectDocker(state.engine.host) : (await findEngine())?.docker;
  const containers = docker ? await labContainers(docker) : [];
  const up =
    state?.hosts.every((host) => containers.some((each) => each.name === host.container && each.state === 'running')) ??
    false;
  return { up, dir, containers, ...(state ? { state } : {}) };
}

async function labContainers(docker: Docker): Promise<{ name: string; state: string }[]> {
  const args = ['ps', '--all', '--filter', `label=${LABEL}`, '--format', '{{.Names}} {{.State}}'];
  const lines = await list(docker, args).catch(() => []);
  return lines.map((line) => ({ name: line.split(' ')[0] as string, state: line.split(' ')[1] as string }));
}

/**
 * Removes every container, volume and network of the lab, its files, and stops the engine if a lab started it and none is
 * left that uses it. Fine to repeat.
 */
export function lower(options: Pick<LabOptions, 'dir'> = {}): Promise<void> {
  return locked(() => lowerAlone(options));
}

async function lowerAlone(options: Pick<LabOptions, 'dir'>): Promise<void> {
  const dir = labDir(options);
  const state = await readState(dir);
  let engine: Engine | undefined = await findEngine();
  if (state && engine?.docker.host !== state.engine.host) {
    const docker = connectDocker(state.engine.host);
    if ((await docker.attempt(['version'], { timeout: 10 })).code === 0) engine = { docker, own: state.engine.own };
  }
  let others = false;
  try {
    if (engine) {
      await releaseDisks(engine.docker);
      await removeAll(engine.docker);
      others = (await list(engine.docker, ['ps', '--all', '--quiet', '--filter', `label=${ANY_LABEL}`])).length > 0;
    }
  } finally {
    if (!others) await stopEngine(state?.engine.own ? state.engine.host : undefined);
  }
  await removeFiles(dir);
}
