import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';

/** Asserts that a promise fails with an error that matches. */
export async function fails(
  t: Test,
  promise: Promise<unknown>,
  expected: object,
  name = 'fails as expected',
): Promise<void> {
  const error = await promise.then(
    () => 'it did not fail',
    (reason: unknown) => reason,
  );
  t.match(error, expected, name);
}

/** Waits until something holds; a test that waits for ever is ended by tap. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Puts a fake program first in the PATH; returns what removes it. */
export function fakeProgram(fakes: string, name: string, script: string): () => void {
  writeFileSync(join(fakes, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(fakes, name), 0o755);
  return () => rmSync(join(fakes, name));
}

/** Whether a process runs; one that only waits to be reaped does not. */
export function alive(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
