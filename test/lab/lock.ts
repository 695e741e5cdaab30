// One process at a time raises or lowers the lab of a machine.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheDir, LAB_NAME } from './context.ts';
import { LabError } from './process.ts';

/** Seconds: as long as building all images takes. */
const NEIGHBOUR_LIMIT = 1800;

/**
 * Runs `work` while holding the lock of the labs of a machine. Refuses when another process that is alive holds it; a lab with
 * a name expects neighbours and waits for them. A dead holder's lock is taken over.
 */
export async function locked<T>(work: () => Promise<T>): Promise<T> {
  const file = path.join(cacheDir(), 'lock');
  mkdirSync(cacheDir(), { recursive: true });
  if (Number(read(file)) === process.pid) return work(); // a raise that failed lowers
  for (const until = Date.now() + NEIGHBOUR_LIMIT * 1000; ; await sleep(200)) {
    const holder = Number(read(file));
    if (holder > 0 && !alive(holder)) rmSync(file, { force: true });
    if (!(holder > 0 && alive(holder)) && take(file)) break;
    if (LAB_NAME && Date.now() < until) continue;
    throw new LabError(
      `process ${holder || 'another'} is raising or lowering a lab of this machine`,
      'wait until it is done, or stop it with Ctrl-C',
    );
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** False when another process was faster. */
function take(file: string): boolean {
  try {
    writeFileSync(file, `${process.pid}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
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
