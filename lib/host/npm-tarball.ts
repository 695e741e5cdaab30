import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { RunbookError } from '../core/errors.ts';
import { home, isWritable } from '../core/home.ts';

/** Undefined where this account has no place for it. */
function cache(): string | undefined {
  const own = home();
  const base = process.env.XDG_CACHE_HOME || (own && join(own, '.cache'));
  return base && join(base, 'gitea-runbooks', 'npm');
}

/** npm wants a home and keeps a cache there; an account without one, or that cannot write there, lends it ours. */
function environment(work: string): NodeJS.ProcessEnv {
  const own = home();
  if (own !== undefined && isWritable(own)) return process.env;
  return { ...process.env, HOME: own ?? work, npm_config_cache: join(work, 'cache') };
}

const matches = (content: Uint8Array, integrity: string) => {
  const [algorithm, wanted] = [integrity.slice(0, integrity.indexOf('-')), integrity.slice(integrity.indexOf('-') + 1)];
  return createHash(algorithm).update(content).digest('base64') === wanted;
};

/** In the cache, for the next time; one that cannot be written costs no more than that time. */
async function keep(packed: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  // It may lie on another file system than the temporary directory, and what is found there is whole.
  await rename(packed, path).catch(async () => {
    const next = `${path}.${process.pid}`;
    await copyFile(packed, next);
    await rename(next, path);
  });
}

/**
 * The tarball of one exact npm package version, from this machine's cache or through its npm client (which knows the
 * user's registry, proxy and certificates). It is returned only when it matches the pinned integrity.
 * Throws `changeFailed` when it cannot be had or is not the pinned one.
 */
export async function npmTarball(name: string, version: string, integrity: string): Promise<Uint8Array> {
  const kept = cache();
  const path = kept && join(kept, `${name.replaceAll('/', '-')}-${version}.tgz`);
  const cached = path && (await readFile(path).catch(() => undefined));
  if (cached && matches(cached, integrity)) return cached;

  const work = await mkdtemp(join(tmpdir(), 'gitea-runbooks-npm-'));
  try {
    await promisify(execFile)('npm', ['pack', '--silent', '--ignore-scripts', `${name}@${version}`], {
      cwd: work,
      env: environment(work),
      timeout: 300_000,
    });
    const packed = join(work, `${name.replace('@', '').replaceAll('/', '-')}-${version}.tgz`);
    const content = await readFile(packed);
    if (!matches(content, integrity)) {
      throw new RunbookError('changeFailed', {
        what: `the npm package ${name}@${version} is not the one that is pinned here`,
        next: 'do not use it: ask whoever runs your npm registry or proxy why it serves another file',
      });
    }
    if (path) await keep(packed, path).catch(() => {});
    return content;
  } catch (error) {
    if (error instanceof RunbookError) throw error;
    throw new RunbookError(
      'changeFailed',
      {
        what: `the npm package ${name}@${version} could not be fetched`,
        where: 'this machine',
        cause: String((error as { stderr?: string }).stderr || (error as Error).message),
        next: `try \`npm pack ${name}@${version}\` on this machine: it needs its npm registry`,
      },
      { cause: error },
    );
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
