import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { RunbookError } from '../core/errors.ts';

const cache = () => join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'gitea-runbooks', 'npm');

const matches = (content: Uint8Array, integrity: string) => {
  const [algorithm, wanted] = [integrity.slice(0, integrity.indexOf('-')), integrity.slice(integrity.indexOf('-') + 1)];
  return createHash(algorithm).update(content).digest('base64') === wanted;
};

/**
 * The tarball of one exact npm package version, from this machine's cache or through its npm client (which knows the
 * user's registry, proxy and certificates). It is returned only when it matches the pinned integrity.
 * Throws `changeFailed` when it cannot be had or is not the pinned one.
 */
export async function npmTarball(name: string, version: string, integrity: string): Promise<Uint8Array> {
  const path = join(cache(), `${name.replaceAll('/', '-')}-${version}.tgz`);
  const cached = await readFile(path).catch(() => undefined);
  if (cached && matches(cached, integrity)) return cached;

  const work = await mkdtemp(join(tmpdir(), 'gitea-runbooks-npm-'));
  try {
    await promisify(execFile)('npm', ['pack', '--silent', '--ignore-scripts', `${name}@${version}`], {
      cwd: work,
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
    await mkdir(cache(), { recursive: true });
    // The cache may lie on another file system than the temporary directory.
    await rename(packed, path).catch(async () => (await import('node:fs/promises')).copyFile(packed, path));
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
