import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RunbookError } from '../../core/errors.ts';
import type { Workspace } from './workspace.ts';

/**
 * Two runs of one person must not lay their files over each other's. The state itself has Terraform's lock. A holder that
 * is no longer alive holds nothing. Gives what frees it; throws `locked`.
 */
export async function holdWorkspace({ path }: Workspace): Promise<() => Promise<void>> {
  const file = join(path, 'run.pid');
  await mkdir(path, { recursive: true, mode: 0o700 });
  const take = () => writeFile(file, `${process.pid}\n`, { flag: 'wx', mode: 0o600 }).then(() => true, ifTaken);
  if (!(await take())) {
    const holder = Number(await readFile(file, 'utf8').catch(() => ''));
    if (isAlive(holder)) throw busy(path, holder);
    await rm(file, { force: true });
    if (!(await take())) throw busy(path, holder);
  }
  return () => rm(file, { force: true });
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function ifTaken(error: NodeJS.ErrnoException): false {
  if (error.code === 'EEXIST') return false;
  throw error;
}

function busy(path: string, pid: number): RunbookError {
  return new RunbookError('locked', {
    what: `another run on this machine (process ${pid}) works in ${path}`,
    next: `wait until it has ended; if process ${pid} is no run of yours, remove ${join(path, 'run.pid')}`,
  });
}
