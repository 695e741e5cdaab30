import type { RunbookError } from '../core/errors.ts';
import type { Printed, Running } from './process.ts';

/** Bytes that may come before a command: far more than anybody greets with. */
const longestGreeting = 64 * 1024;

/** Shell that begins both its outputs with its own name and goes on with the words behind it. */
export const markThen = (more = '') => `echo "$0"; echo "$0" >&2; ${more}exec "$@"`;

/**
 * A process of a login shell whose command begins both outputs with the mark, on a line of its own. What comes before
 * it (a greeting in ~/.bashrc) is the shell's and is left out. `unusable` is the failure of a shell that ends, or goes on
 * printing, and has not come to the command: of such a one no exit code means anything.
 */
export function afterMark(
  running: Running,
  mark: string,
  unusable: (what: string, said: string) => RunbookError,
): Running {
  let flooded: (error: unknown) => void = () => {};
  const flood = new Promise<never>((_, reject) => {
    flooded = reject;
  });
  const tooMuch = (said: string) => {
    running.kill();
    flooded(unusable(`prints more than ${longestGreeting / 1024} KiB before it runs a command`, said));
  };
  const [stdout, stderr] = [running.stdout, running.stderr].map((stream) => behind(stream, `${mark}\n`, tooMuch));
  const ended = Promise.race([running.ended, flood]).then((ending) => {
    if (stdout!.found() || ending.signal) return ending;
    throw unusable(`ended with exit code ${ending.code} and ran no command`, `${stdout!.held()}${stderr!.held()}`);
  });
  ended.catch(() => {});
  return { ...running, stdout: stdout!, stderr: stderr!, ended };
}

function behind(source: Printed, line: string, tooMuch: (said: string) => void) {
  const listeners: ((chunk: Buffer) => void)[] = [];
  let greeting = Buffer.alloc(0);
  let state: 'before' | 'behind' | 'given up' = 'before';
  const tell = (chunk: Buffer) => {
    if (chunk.length > 0) for (const listener of listeners) listener(chunk);
  };
  const take = (chunk: Buffer) => {
    if (state === 'behind') return tell(chunk);
    if (state === 'given up') return;
    greeting = Buffer.concat([greeting, chunk]);
    const at = greeting.indexOf(line);
    if (at !== -1) {
      state = 'behind';
      tell(greeting.subarray(at + line.length));
    } else if (greeting.length > longestGreeting) {
      state = 'given up';
      tooMuch(greeting.subarray(0, 1000).toString());
    } else return;
    greeting = Buffer.alloc(0);
  };
  return {
    on(_: 'data', listener: (chunk: Buffer) => void): void {
      if (listeners.push(listener) === 1) source.on('data', take);
    },
    found: () => state === 'behind',
    held: () => greeting.toString(),
  };
}
