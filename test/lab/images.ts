// Which image plays which part in the lab, and how each comes to be.
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadArchives, offeredAs, ROLES } from './archives.ts';
import { buildBase, builder } from './bases.ts';
import { type Context, PREFIX, phase, sourceDir } from './context.ts';
import { type Docker, list } from './docker.ts';
import { allEnded, LabError, run } from './process.ts';
import { HOST_PACKAGES, LAB_PACKAGES, PRODUCT_PACKAGES, recipeHash, type Suite } from './recipe.ts';
import { bundleStandin } from './standin/build.ts';

/** The parts of the product that come as images. */
export type Role = 'gitea' | 'postgres' | 'nginx' | 'certbot' | 'restic';

/** Where an image comes from: the real one, our stand-in for it, or Debian's packages of the same software. */
export type ImageKind = 'real' | 'stand-in' | 'debian-build';

export interface LabImage {
  role: Role;
  /** As a config names it, e.g. `postgres:18.6`. */
  ref: string;
  kind: ImageKind;
  note: string;
  /** Whether the lab's config uses it; others lie in the registry for updates to be tried. */
  used: boolean;
  /** Its name in the engine. */
  local: string;
}

/** What the product uses by default: asked for where a registry is in reach. */
const WANTED: Record<Role, string> = {
  gitea: 'gitea/gitea:1.27.3-rootless',
  postgres: 'postgres:18.6',
  nginx: 'nginx:1.30.4-alpine',
  certbot: 'certbot/certbot:v5.9.0',
  restic: 'restic/restic:0.18.1',
};

/** Versions of Gitea that the stand-in is built for: the current one, and one to update from. */
const STANDIN_VERSIONS = ['1.27.3', '1.27.2'];

const BUILD_LIMIT = 600;
const PULL_LIMIT = 600;
const FIRST_SIGN_LIMIT = 10;

export interface ImageSource {
  registry: boolean;
  /** Image of a bare host. */
  host(suite: Suite): Promise<string>;
  /** Image with the lab's own servers. */
  services(): Promise<string>;
  /** Images of the product. */
  product(): Promise<LabImage[]>;
}

/** Decides where images come from (`known` skips the question). Nothing is built before it is asked for; each is built once. */
export async function imageSource(context: Context, docker: Docker, known?: boolean): Promise<ImageSource> {
  const registry = known ?? (await registryInReach(context, docker));
  const services = once(() => servicesImage(context, docker, registry));
  const product = async () => {
    const given = process.env.LAB_IMAGES ? await loadArchives(context, docker, process.env.LAB_IMAGES) : [];
    const missing = ROLES.filter((role) => !given.some((image) => image.role === role));
    if (registry) return [...given, ...(await allEnded(missing.map((role) => pull(context, docker, role))))];
    return [...given, ...(await buildProduct(context, docker, await services(), missing))];
  };
  return {
    registry,
    host: (suite) => hostImage(context, docker, registry, suite),
    services,
    product: once(product),
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** A pull tells more than a request: the engine may have mirrors and proxies of its own. */
async function registryInReach(context: Context, docker: Docker): Promise<boolean> {
  if (process.env.LAB_REGISTRY === 'off') return false;
  let sign = false;
  const limit = AbortSignal.timeout(FIRST_SIGN_LIMIT * 1000);
  const silent = new AbortController();
  limit.addEventListener('abort', () => sign || silent.abort(new Error('silent')));
  const onLine = (line: string) => {
    if (/Pulling from|Digest:|Pull complete/.test(line)) sign = true;
  };
  const signal = context.signal ? AbortSignal.any([context.signal, silent.signal]) : silent.signal;
  const args = ['-H', docker.host, 'pull', 'debian:trixie-slim'];
  const result = await run('docker', args, { timeout: 120, signal, onLine }).catch(() => undefined);
  context.signal?.throwIfAborted();
  return result?.code === 0;
}

async function present(docker: Docker, tag: string): Promise<boolean> {
  return (await docker.attempt(['image', 'inspect', '--format', '{{.Id}}', tag])).code === 0;
}

async function hostImage(context: Context, docker: Docker, registry: boolean, suite: Suite): Promise<string> {
  const folder = path.join(sourceDir(), 'images/host');
  const hash = await recipeHash([suite, String(registry), ...HOST_PACKAGES], [folder]);
  const tag = `${PREFIX}/host:${suite}-${hash}`;
  if (await present(docker, tag)) return tag;
  return phase(context, `image:host:${suite}`, `building a bare Debian ${suite} host`, async () => {
    const base = `${PREFIX}/host-base:${suite}-${hash}`;
    await buildBase(context, docker, { suite, packages: HOST_PACKAGES, prepare: false }, base, registry);
    return buildOn(docker, tag, base, folder);
  });
}

async function servicesImage(context: Context, docker: Docker, registry: boolean): Promise<string> {
  const folder = path.join(sourceDir(), 'images/services');
  const packages = [...LAB_PACKAGES, ...(registry ? [] : PRODUCT_PACKAGES)];
  const hash = await recipeHash([String(registry), ...packages], [folder]);
  const tag = `${PREFIX}/services:${hash}`;
  if (await present(docker, tag)) return tag;
  return phase(context, 'image:services', 'building the services from Debian packages', async () => {
    const base = `${PREFIX}/services-base:${hash}`;
    await buildBase(context, docker, { suite: 'forky', packages, prepare: true }, base, registry);
    return buildOn(docker, tag, base, folder);
  });
}

/** Builds a folder with a Dockerfile on top of a freshly built base. The base's own name goes: its layers stay below the new image. */
async function buildOn(docker: Docker, tag: string, base: string, folder: string): Promise<string> {
  await build(docker, tag, base, folder);
  await docker.attempt(['image', 'rm', base]);
  return tag;
}

/** Builds a folder with a Dockerfile on top of a base. */
async function build(docker: Docker, tag: string, base: string, folder: string, extra: string[] = []): Promise<string> {
  const args = ['build', '--tag', tag, '--build-arg', `BASE=${base}`, ...extra, folder];
  await docker.run(args, { timeout: BUILD_LIMIT, env: await builder() });
  return tag;
}

async function pull(context: Context, docker: Docker, role: Role): Promise<LabImage> {
  const ref = role === 'gitea' && process.env.LAB_GITEA ? `gitea/gitea:${process.env.LAB_GITEA}` : WANTED[role];
  await phase(context, `image:${role}`, `pulling ${ref}`, async () => {
    if (await present(docker, ref)) return;
    const result = await docker.attempt(['pull', '--quiet', ref], { timeout: PULL_LIMIT });
    if (result.code === 0) return;
    throw new LabError(
      `cannot pull ${ref}: ${result.stderr.trim()}`,
      'put a `docker save` archive of it into a folder and set LAB_IMAGES, or set LAB_REGISTRY=off to use Debian packages',
    );
  });
  return { role, ref, kind: 'real', note: 'from the registry', used: true, local: ref };
}

async function buildProduct(context: Context, docker: Docker, services: string, roles: Role[]): Promise<LabImage[]> {
  const versions = await versionsInside(docker, services);
  const folder = (role: Role) => path.join(sourceDir(), 'images', role);
  const hash = services.split(':')[1] as string;
  const made = roles.map(async (role): Promise<LabImage[]> => {
    if (role === 'gitea') return buildStandin(context, docker, services, folder(role));
    const version = versions[role];
    const tag = `${PREFIX}/${role}:${await recipeHash([hash], [folder(role)])}`;
    if (!(await present(docker, tag))) {
      await phase(context, `image:${role}`, `building ${role} ${version}`, () =>
        build(docker, tag, services, folder(role)),
      );
    }
    return [
      {
        role,
        ref: offeredAs(role, role === 'certbot' ? `v${version}` : version),
        kind: 'debian-build',
        note: `${role} ${version} from Debian packages`,
        used: true,
        local: tag,
      },
    ];
  });
  return (await allEnded(made)).flat();
}

async function versionsInside(docker: Docker, services: string): Promise<Record<Exclude<Role, 'gitea'>, string>> {
  const script = "dpkg-query -W -f '${Package} ${Version}\\n' postgresql-18 nginx certbot restic";
  const text = await docker.run(['run', '--rm', '--network', 'none', services, 'sh', '-c', script]);
  const version = (name: string) =>
    new RegExp(`^${name} (?:\\d+:)?(\\d+(?:\\.\\d+)+)`, 'm').exec(text)?.[1] ?? 'unknown';
  return {
    postgres: version('postgresql-18'),
    nginx: version('nginx'),
    certbot: version('certbot'),
    restic: version('restic'),
  };
}

async function buildStandin(context: Context, docker: Docker, services: string, folder: string): Promise<LabImage[]> {
  const work = await mkdtemp(path.join(tmpdir(), 'gitea-runbooks-standin-'));
  try {
    await bundleStandin(work);
    await cp(folder, work, { recursive: true });
    const hash = await recipeHash([services], [work]);
    const made = STANDIN_VERSIONS.map(async (version, index): Promise<LabImage> => {
      const tag = `${PREFIX}/gitea-stand-in:${version}-${hash}`;
      if (!(await present(docker, tag))) {
        await phase(context, 'image:gitea', `building the stand-in for Gitea ${version}`, () =>
          build(docker, tag, services, work, ['--build-arg', `GITEA_STANDIN_VERSION=${version}`]),
        );
      }
      const note = 'NOT Gitea: a stand-in from this project, no registry in reach and no archive in LAB_IMAGES';
      return {
        role: 'gitea',
        ref: `gitea/gitea:${version}-rootless`,
        kind: 'stand-in',
        note,
        used: index === 0,
        local: tag,
      };
    });
    return await allEnded(made);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Removes cached images that no current recipe asks for. */
export async function pruneImages(docker: Docker, keep: string[]): Promise<void> {
  const names = await list(docker, ['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}']);
  const mine = names.filter((name) => name.startsWith(`${PREFIX}/`));
  const old = mine.filter((name) => !keep.includes(name) && !name.startsWith(`${PREFIX}/host:bookworm`));
  if (old.length > 0) await docker.attempt(['image', 'rm', ...old]);
}
