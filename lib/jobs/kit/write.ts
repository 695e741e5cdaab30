import { existsSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { RunbookError } from '../../core/errors.ts';
import type { Secret } from '../../core/secret.ts';

/**
 * A file that was not there, for its owner alone. Throws `refused` for one that is there, and for one in a git work tree, from
 * where it would be committed one day; `credentialsRefused` where it cannot be written.
 */
export async function writeNew(path: string, text: Secret, { insideGit = false } = {}): Promise<void> {
  const tree = workTreeOf(dirname(resolve(path)));
  if (tree !== undefined && !insideGit)
    throw new RunbookError('refused', {
      where: path,
      what: `this is in a git work tree (${tree}), and would be committed one day`,
      next: 'name a file elsewhere, best on a disk that goes into the safe; --inside-git if it is ignored there',
    });
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path, 'wx', 0o600);
  } catch (error) {
    throw notWritten(path, error as NodeJS.ErrnoException);
  }
  try {
    await file.chmod(0o600);
    await file.writeFile(text.reveal());
    await file.sync();
  } catch (error) {
    // Half a kit looks like one.
    await rm(path, { force: true });
    throw notWritten(path, error as NodeJS.ErrnoException);
  } finally {
    await file.close();
  }
}

/** The folder with `.git` that a folder is in. In a linked tree or a submodule that is a file. */
function workTreeOf(folder: string): string | undefined {
  if (existsSync(join(folder, '.git'))) return folder;
  const above = dirname(folder);
  return above === folder ? undefined : workTreeOf(above);
}

function notWritten(path: string, error: NodeJS.ErrnoException): RunbookError {
  if (error.code === 'EEXIST')
    return new RunbookError('refused', {
      where: path,
      what: 'there is a file already, and it may be the only kit that there is',
      next: 'name another file, for example with the date in it',
    });
  const parts = { where: path, what: 'the kit could not be written', cause: error.message };
  return new RunbookError('credentialsRefused', { ...parts, next: `ls -ld ${dirname(path)}; df -h ${dirname(path)}` });
}
