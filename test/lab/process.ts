// Runs other programs for the lab: bounded, cancellable, and with an error that says what to do.
import { spawn } from 'node:child_process';

/** A failure of the lab itself, in two parts: what went wrong, and the next step for a person. */
export class LabError extends Error {
  readonly next: string;
  constructor(message: string, next: string, options?: { cause?: unknown }) {
    super(`${message}\nNext: ${next}`, options);
    this.name = 'LabError';
    this.next = next;
  }
}

/** The person stopped it; what was begun has been taken down. */
export class LabCancelled extends LabError {
  constructor() {
    super('cancelled', 'nothing: what was begun has been taken down');
    this.name = 'LabCancelled';
  }
}

/** Like Promise.all, but waits until every promise has ended before it throws, so that tearing down races with nothing. */
export async function allEnded<T extends readonly unknown[]>(
  promises: readonly [...{ [K in keyof T]: Promise<T[K]> }],
): Promise<T> {
  const ended = await Promise.allSettled(promises);
  for (const each of ended) if (each.status === 'rejected') throw each.reason;
  return Promise.all(promises) as unknown as Promise<T>;
}

/** What a finished program left behind. `code` is 124 when the time limit ended it. */
export interface Result {
  code: number;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  /** Limit in seconds; the whole process group is ended after it. */
  timeout: number;
  input?: string | Buffer;
  env?: Record<string, string>;
  signal?: AbortSignal | undefined;
  onLine?: (line: string) => void;
}

const KILL_AFTER_MS = 8000;

/** Runs a program to its end and never throws for a non-zero exit code. Rejects only when it was cancelled or cannot be started. */
export function run(file: string, args: string[], options: RunOptions): Promise<Result> {
  options.signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    // Its own process group: a cancelled bootstrap must take its apt and tar along, and Ctrl-C must reach them through us only.
    const child = spawn(file, args, { detached: true, env: { ...process.env, ...options.env } });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let timedOut = false;
    let force: NodeJS.Timeout | undefined;
    const signalGroup = (name: NodeJS.Signals) => {
      try {
        process.kill(-(child.pid as number), name);
      } catch {
        // It has ended by itself in the meantime.
      }
    };
    const end = () => {
      signalGroup('SIGTERM');
      force ??= setTimeout(() => signalGroup('SIGKILL'), KILL_AFTER_MS);
    };
    const limit = setTimeout(() => {
      timedOut = true;
      end();
    }, options.timeout * 1000);
    options.signal?.addEventListener('abort', end, { once: true });
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    if (options.onLine) {
      const { onLine } = options;
      const feed = (chunk: Buffer) => {
        for (const line of chunk.toString().split('\n')) if (line.trim()) onLine(line.trim());
      };
      child.stdout.on('data', feed);
      child.stderr.on('data', feed);
    }
    const clean = () => {
      clearTimeout(limit);
      clearTimeout(force);
      options.signal?.removeEventListener('abort', end);
    };
    child.on('error', (cause) => {
      clean();
      reject(
        new LabError(`cannot start ${file}: ${cause.message}`, `install ${file}, or put it on the PATH`, { cause }),
      );
    });
    child.on('close', (code) => {
      clean();
      if (options.signal?.aborted) return reject(options.signal.reason);
      const stderr = Buffer.concat(err).toString();
      const note = timedOut ? `\nended after its limit of ${options.timeout} s` : '';
      resolve({ code: timedOut ? 124 : (code ?? 137), stdout: Buffer.concat(out).toString(), stderr: stderr + note });
    });
    child.stdin.on('error', () => {}); // a program that ends without reading its input is judged by its exit code
    child.stdin.end(options.input ?? '');
  });
}

/** The last lines of a program's output, for an error message. */
export function tail(result: Result, lines = 6): string {
  const text = `${result.stdout}\n${result.stderr}`.split('\n').filter((line) => line.trim());
  return text.slice(-lines).join('\n');
}

/** Runs a program and returns its output without the trailing newline; any other exit code than 0 is a LabError with its last lines. */
export async function must(file: string, args: string[], options: RunOptions & { next: string }): Promise<string> {
  const result = await run(file, args, options);
  if (result.code !== 0) {
    throw new LabError(`${file} ${args[0] ?? ''} failed (exit code ${result.code}): ${tail(result)}`, options.next);
  }
  return result.stdout.replace(/\n$/, '');
}
