// The lab's registry: holds the product's images under the names that a host pulls.
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Context } from './context.ts';
import type { Docker } from './docker.ts';
import type { LabImage } from './images.ts';
import { containerName } from './names.ts';
import { allEnded, LabError, tail } from './process.ts';
import { runService } from './services.ts';
import { waitFor } from './wait.ts';

const READY_LIMIT = 20;
const PUSH_LIMIT = 300;
const MANIFESTS = [
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
].join(', ');

/** Starts the registry on its folder in the cache: what was pushed once is there at the next raise. `key` names the set of images. */
export async function startRegistry(
  context: Context,
  docker: Docker,
  network: string,
  image: string,
  key: string,
): Promise<string> {
  const all = path.join(context.cache, 'registry');
  const storage = path.join(all, key);
  await mkdir(storage, { recursive: true });
  for (const old of await readdir(all))
    if (old !== key) await rm(path.join(all, old), { recursive: true, force: true });
  const extra = ['--publish', '127.0.0.1::5000', '--volume', `${storage}:/var/lib/registry`];
  await runService(docker, network, 'registry', image, ['docker-registry', 'serve', '/etc/lab/registry.yml'], extra);
  return registryPort(context, docker);
}

/** The registry as this machine reaches it (`localhost:<port>`), once it answers. */
async function registryPort(context: Context, docker: Docker): Promise<string> {
  const published = await docker.run(['port', containerName('registry'), '5000/tcp']);
  const port = /:(\d+)$/m.exec(published)?.[1];
  const next = `docker -H ${docker.host} logs ${containerName('registry')}`;
  await waitFor(
    'the registry',
    READY_LIMIT,
    async () => ((await fetch(`http://127.0.0.1:${port}/v2/`)).ok ? true : undefined),
    {
      signal: context.signal,
      next,
    },
  );
  return `localhost:${port}`;
}

/** Pushes what the registry does not hold yet. */
export async function pushAll(context: Context, docker: Docker, registry: string, images: LabImage[]): Promise<void> {
  // The first one carries the common layers; the others then find them there.
  const [first, ...rest] = images;
  if (first) await push(context, docker, registry, first);
  await allEnded(rest.map((image) => push(context, docker, registry, image)));
}

async function push(context: Context, docker: Docker, registry: string, image: LabImage): Promise<void> {
  const [repository, tag] = split(image.ref);
  const id = await docker.run(['image', 'inspect', '--format', '{{.Id}}', image.local]);
  if (await holds(registry, repository, tag, id)) return;
  const target = `${registry}/${repository}:${tag}`;
  await docker.run(['tag', image.local, target]);
  const result = await docker.attempt(['push', target], { timeout: PUSH_LIMIT });
  await docker.attempt(['image', 'rm', '--no-prune', target]);
  context.signal?.throwIfAborted();
  if (result.code !== 0)
    throw new LabError(`cannot push ${image.ref} to the lab's registry: ${tail(result)}`, 'is the disk full?');
}

/** `postgres:18.6` is `library/postgres` in a registry. */
function split(ref: string): [string, string] {
  const at = ref.lastIndexOf(':');
  const name = ref.slice(0, at);
  return [name.includes('/') ? name : `library/${name}`, ref.slice(at + 1)];
}

async function holds(registry: string, repository: string, tag: string, id: string): Promise<boolean> {
  const url = `http://${registry.replace('localhost', '127.0.0.1')}/v2/${repository}/manifests/${tag}`;
  const answer = await fetch(url, { headers: { accept: MANIFESTS } });
  if (!answer.ok) return false;
  const manifest = (await answer.json()) as { config?: { digest?: string } };
  return manifest.config?.digest === id || answer.headers.get('docker-content-digest') === id;
}
