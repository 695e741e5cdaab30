// Debian trees with packages in them: from the registry's debian image where one is in reach, else bootstrapped from the mirror.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { aptInstall } from './apt.ts';
import type { Context } from './context.ts';
import type { Docker } from './docker.ts';
import { LabError, must } from './process.ts';
import { LEFT_OUT, PREPARE } from './recipe.ts';

export interface BaseSpec {
  suite: string;
  packages: string[];
  /** Whether the users of the official images are made first. */
  prepare: boolean;
}

const BUILD_LIMIT = 900;
const mirror = () => process.env.LAB_DEBIAN_MIRROR ?? 'http://deb.debian.org/debian';

/** Builds the tree as an image called `tag`. */
export async function buildBase(context: Context, docker: Docker, spec: BaseSpec, tag: string, registry: boolean) {
  if (registry) return buildFromRegistry(docker, spec, tag);
  if (process.getuid?.() !== 0) {
    throw new LabError(
      'no container registry is in reach, and only root can build the images from Debian packages',
      'run this as root, or give this machine access to a container registry',
    );
  }
  await aptInstall(
    context,
    'mmdebstrap',
    ['mmdebstrap', 'debian-archive-keyring', 'apt-utils'],
    'a builder of Debian images',
  );
  return bootstrap(context, docker, spec, tag);
}

async function bootstrap(context: Context, docker: Docker, spec: BaseSpec, tag: string): Promise<void> {
  const archives = path.join(context.cache, 'apt', spec.suite);
  await mkdir(path.join(archives, 'partial'), { recursive: true });
  const suite = spec.suite;
  const sources = [`deb ${mirror()} ${suite} main`];
  if (suite !== 'forky')
    sources.push(`deb ${mirror()} ${suite}-updates main`, `deb ${mirror()}-security ${suite}-security main`);
  const shell = (text: string) => text.replaceAll("'", `'\\''`);
  const args = [
    ...['--variant=apt', '--format=tar', '--quiet', '--aptopt=Acquire::Check-Valid-Until "false"'],
    ...['--dpkgopt=force-unsafe-io', ...LEFT_OUT.map((glob) => `--dpkgopt=path-exclude=${glob}`)],
    ...['--skip=download/empty', '--skip=essential/unlink', '--skip=cleanup/apt/cache'],
    // Packages are kept between builds: a changed recipe costs no second download.
    `--setup-hook=mkdir -p "$1/var/cache/apt/archives"; cp '${shell(archives)}'/*.deb "$1/var/cache/apt/archives/" 2>/dev/null || true`,
    ...(spec.prepare ? [`--essential-hook=sh -c '${shell(PREPARE)}' prepare "$1"`] : []),
    `--customize-hook=find "$1/var/cache/apt/archives" -name '*.deb' -exec mv -n -t '${shell(archives)}' {} +; rm -f "$1"/var/cache/apt/archives/*.deb`,
    `--include=${spec.packages.join(',')}`,
    ...[suite, '-'],
    ...sources,
  ];
  await pipe(
    context,
    ['mmdebstrap', ...args],
    ['docker', '-H', docker.host, 'import', '-', tag],
    `building Debian ${suite}`,
  );
}

/** `left | right`, both bounded; the error carries the last lines of the one that failed. */
function pipe(context: Context, left: string[], right: string[], what: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const make = spawn(left[0] as string, left.slice(1), { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const load = spawn(right[0] as string, right.slice(1), { detached: true, stdio: ['pipe', 'ignore', 'pipe'] });
    const codes: (number | null)[] = [];
    let text = '';
    let limitHit = false;
    const keep = (chunk: Buffer) => {
      text = (text + chunk.toString()).slice(-3000);
    };
    make.stderr.on('data', keep);
    load.stderr.on('data', keep);
    make.stdout.pipe(load.stdin);
    load.stdin.on('error', () => {}); // its exit code tells
    const end = () => {
      for (const child of [make, load]) {
        try {
          process.kill(-(child.pid as number), 'SIGTERM');
        } catch {
          // It has ended by itself.
        }
      }
    };
    const limit = setTimeout(() => {
      limitHit = true;
      end();
    }, BUILD_LIMIT * 1000);
    context.signal?.addEventListener('abort', end, { once: true });
    const done = (code: number | null) => {
      codes.push(code);
      if (code !== 0) end();
      if (codes.length < 2) return;
      clearTimeout(limit);
      context.signal?.removeEventListener('abort', end);
      if (context.signal?.aborted) return reject(context.signal.reason);
      if (codes.every((each) => each === 0)) return resolve();
      const why = limitHit ? `its limit of ${BUILD_LIMIT} s` : text.trim().split('\n').slice(-6).join('\n');
      reject(new LabError(`${what} failed: ${why}`, `check that ${mirror()} is in reach, or set LAB_DEBIAN_MIRROR`));
    };
    make.on('error', (error) => keep(Buffer.from(error.message)));
    load.on('error', (error) => keep(Buffer.from(error.message)));
    make.on('close', done);
    load.on('close', done);
  });
}

/** The same tree on top of the registry's debian image; works with any engine, needs no root. */
async function buildFromRegistry(docker: Docker, spec: BaseSpec, tag: string): Promise<void> {
  const steps = [
    `FROM debian:${spec.suite}-slim`,
    ...(spec.prepare ? [`RUN sh -c '${PREPARE.replaceAll("'", `'\\''`).replaceAll('\n', '; ')}' prepare ""`] : []),
    `RUN apt-get -o Acquire::Check-Valid-Until=false update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${spec.packages.join(' ')} && rm -rf /var/lib/apt/lists/*`,
  ];
  await docker.run(['build', '-t', tag, '-'], {
    input: `${steps.join('\n')}\n`,
    timeout: BUILD_LIMIT,
    env: await builder(),
  });
}

let choice: Record<string, string> | undefined;

/** The environment that selects a builder: BuildKit where the client has it, else the classic one. */
export async function builder(): Promise<Record<string, string>> {
  if (choice) return choice;
  const has = existsSync('/usr/libexec/docker/cli-plugins/docker-buildx');
  const probe =
    has ||
    (await must('docker', ['buildx', 'version'], { timeout: 10, next: '' }).then(
      () => true,
      () => false,
    ));
  choice = probe ? {} : { DOCKER_BUILDKIT: '0' };
  return choice;
}
