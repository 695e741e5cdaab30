// One process at a time raises or lowers the lab of a machine.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cacheDir } from './context.ts';
import { LabError } from './process.ts';

/** Runs `work` while holding the lab's lock; refuses when another process that is alive holds it. A dead holder's lock is taken over. */
export async function locked<T>(work: () => Promise<T>): Promise<T> {
  const file = path.join(cacheDir(), 'lock');
  mkdirSync(cacheDir(), { recursive: true });
  const holder = Number(read(file));
  if (holder === process.pid) return work(); // a raise that failed lowers
  if (holder > 0 && alive(holder)) {
    throw new LabError(
      `process ${holder} is raising or lowering the lab of this machine`,
      'wait until it is done, or stop it with Ctrl-C',
    );
  }
  rmSync(file, { force: true });
  try {
    writeFileSync(file, `${process.pid}\n`, { flag: 'wx' });
  } catch (cause) {
    throw new LabError('another process has just begun to raise or lower the lab', 'wait until it is done', { cause });
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
