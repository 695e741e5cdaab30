// A deployed host kept in the lab's cache: its system disk as an image, its engine's disk as a volume, the operator's secrets as a file.
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readCaBundle } from '../../lib/config/beside/ca-bundle.ts';
import { layout } from '../../lib/phases/layout.ts';
import { type Context, PREFIX, phase, sourceDir } from './context.ts';
import { type Docker, list } from './docker.ts';
import { volumeName } from './hosts.ts';
import { onVolumes } from './machine-like.ts';
import { containerName, DOMAIN } from './names.ts';
import { recipeHash } from './recipe.ts';

/** A deployed host in the cache. */
export interface Kept {
  readonly image: string;
  readonly volume: string;
  /** The operator's secrets file of the deploy that made it. */
  readonly secrets: string;
}

/** Stands for the network in what the key is made of: a kept host moves to whichever network a lab has. */
export const KEPT_NETWORK = '192.0.2';

const KEPT_LABEL = 'gitea-runbooks.lab.kept';
const STOP_LIMIT = 150;
const COPY_LIMIT = 300;
const JOIN_LIMIT = 180;
/** Several checkouts, or several states of one, may share a cache. */
const MOST = 3;

const nameOf = (context: Context, key: string): Kept => ({
  image: `${PREFIX}/kept:${key}`,
  volume: `${PREFIX}-kept-${key}`,
  secrets: path.join(context.cache, 'kept', `${key}.yaml`),
});

/**
 * What a deploy of this checkout makes of a bare host, as a hash: the program that deploys, the templates, the files of the
 * lab that make a host, and what is given here (the config, the images).
 */
export async function keptKey(texts: string[]): Promise<string> {
  const root = path.join(sourceDir(), '../..');
  const program = ['dist/index.js', 'dist/host.mjs', 'package-lock.json'].map((file) => path.join(root, file));
  const recipe = ['hosts.ts', 'kept.ts', 'machine-like.ts', 'suite.ts', 'timers.ts'].map((file) =>
    path.join(sourceDir(), file),
  );
  const files = await Promise.all([...program, ...recipe].map((file) => readFile(file, 'utf8')));
  return recipeHash([...texts, ...files], [path.join(root, 'templates')]);
}

/** The host that is kept under a key; an entry is whole once its secrets are there. */
export async function findKept(context: Context, docker: Docker, key: string): Promise<Kept | undefined> {
  const kept = nameOf(context, key);
  const there =
    (await stat(kept.secrets).catch(() => undefined)) !== undefined &&
    (await docker.attempt(['image', 'inspect', '--format', '{{.Id}}', kept.image])).code === 0 &&
    (await docker.attempt(['volume', 'inspect', kept.volume])).code === 0;
  return there ? kept : undefined;
}

/** Waits until Gitea on a host that has just booted serves again. */
export async function waitGitea(docker: Docker, name: string): Promise<void> {
  await docker.run(['exec', containerName(name), 'sh', '-c', SERVES], { timeout: JOIN_LIMIT });
}

/** Shuts a host down in good order, keeps it under the key, and starts it again. Nothing is left of one that could not be kept. */
export async function keepHost(
  context: Context,
  docker: Docker,
  caps: string[],
  host: { name: string; image: string },
  key: string,
): Promise<void> {
  const kept = nameOf(context, key);
  const container = containerName(host.name);
  await removeEntry(docker, kept);
  try {
    await phase(context, 'kept', `keeping ${host.name}, deployed, for later`, async () => {
      await docker.run(['stop', container], { timeout: STOP_LIMIT });
      await docker.run(['commit', container, kept.image], { timeout: COPY_LIMIT });
      await docker.run(['volume', 'create', '--label', `${KEPT_LABEL}=${key}`, kept.volume]);
      await copyVolume(docker, caps, host.image, volumeName(host.name), kept.volume);
    });
    await mkdir(path.dirname(kept.secrets), { recursive: true });
    const secrets = await readFile(path.join(context.dir, 'gitea.secrets.yaml'), 'utf8');
    await writeFile(`${kept.secrets}.new`, secrets, { mode: 0o600 });
    await rename(`${kept.secrets}.new`, kept.secrets);
  } catch (error) {
    await removeEntry(docker.unstoppable(), kept);
    throw error;
  } finally {
    await docker.unstoppable().run(['start', container]);
  }
}

/** Fills the volume of a host that is about to be made with what the kept one had. */
export async function fillVolume(docker: Docker, caps: string[], kept: Kept, name: string): Promise<void> {
  await copyVolume(docker, caps, kept.image, kept.volume, volumeName(name));
}

// With the rights of a host: the layers of an engine have devices and attributes that others may not write.
async function copyVolume(docker: Docker, caps: string[], image: string, from: string, to: string): Promise<void> {
  const volumes = ['--volume', `${from}:/from:ro`, '--volume', `${to}:/to`];
  const copy = ['cp', '-a', '--reflink=auto', '/from/.', '/to/'];
  await docker.run([...onVolumes(caps), ...volumes, image, ...copy], { timeout: COPY_LIMIT });
}

async function removeEntry(docker: Docker, kept: Kept): Promise<void> {
  await rm(kept.secrets, { force: true });
  await docker.attempt(['image', 'rm', kept.image]);
  await docker.attempt(['volume', 'rm', '--force', kept.volume], { timeout: COPY_LIMIT });
}

/** Removes what a keeping that was cut off has left, and all but the newest entries. Returns the images that stay. */
export async function pruneKept(context: Context, docker: Docker): Promise<string[]> {
  const folder = path.join(context.cache, 'kept');
  const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.yaml'));
  const aged = await Promise.all(
    files.map(async (name) => ({
      key: name.replace(/\.yaml$/, ''),
      at: (await stat(path.join(folder, name))).mtimeMs,
    })),
  );
  const stay = aged
    .sort((one, other) => other.at - one.at)
    .slice(0, MOST)
    .map(({ key }) => key);
  const volumes = await list(docker, ['volume', 'ls', '--quiet', '--filter', `label=${KEPT_LABEL}`]);
  const known = new Set([...aged.map(({ key }) => key), ...volumes.map((name) => name.split('-').at(-1) as string)]);
  for (const key of known) if (!stay.includes(key)) await removeEntry(docker, nameOf(context, key));
  return stay.map((key) => nameOf(context, key).image);
}

const SERVES = `set -e
health() { curl -fsSk --max-time 2 --resolve ${DOMAIN}:443:127.0.0.1 https://${DOMAIN}/api/healthz | grep -q database:ping; }
for second in $(seq 120); do health 2>/dev/null && break; sleep 0.5; done
health`;

const join = (network: string) => `${SERVES}
cat >${layout.caBundle}
sed -i -E 's/"(address|dnsServer)": "[0-9]+\\.[0-9]+\\.[0-9]+\\./"\\1": "${network}./' ${layout.config}
rm -rf /srv/gitea/letsencrypt/*
while systemctl is-active gitea-runbooks-renew.service | grep -q activating; do sleep 0.2; done
systemctl start gitea-runbooks-renew.service`;

/**
 * Brings a host that was made from a kept one into this lab: the operator has its secrets, and its certificate comes from
 * today's authority, which knows neither the account nor the root of the one before. Its addresses become those of here.
 */
export async function joinLab(
  context: Context,
  docker: Docker,
  network: string,
  kept: Kept,
  name: string,
): Promise<void> {
  await phase(context, 'kept', `${name} was deployed before: a certificate of today's authority`, async () => {
    const secrets = path.join(context.dir, 'gitea.secrets.yaml');
    await writeFile(secrets, await readFile(kept.secrets, 'utf8'), { mode: 0o600 });
    const input = readCaBundle(path.join(context.dir, 'ca.pem'));
    await docker.run(['exec', '-i', containerName(name), 'sh', '-c', join(network)], { input, timeout: JOIN_LIMIT });
  });
}
