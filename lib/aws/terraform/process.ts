import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { RunbookError } from '../../core/errors.ts';

export interface Ended {
  /** Undefined when it was ended by a signal. */
  readonly code?: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Start {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** When aborted, Terraform is interrupted once and left to end by itself. */
  readonly signal?: AbortSignal | undefined;
}

/** Milliseconds between two looks at the file that a long run writes into. */
const interval = 200;

/**
 * Runs Terraform for a short answer. It is in a process group of its own, so that the terminal's Ctrl-C does not reach
 * it beside our own interrupt: the second one would make it drop everything.
 */
export async function ask({ args, cwd, env, signal }: Start): Promise<Ended> {
  const child = started(
    spawn('terraform', args, { cwd, env: env as NodeJS.ProcessEnv, detached: true, stdio: ['ignore', 'pipe', 'pipe'] }),
    signal,
  );
  let stdout = '';
  let stderr = '';
  child.process.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.process.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return { ...(await child.ended), stdout, stderr };
}

/**
 * Runs Terraform for minutes, each line of its output handed on as it comes. The output goes through a file: should this
 * process be killed, a pipe would break, and Terraform with it, in the middle of a change; so it goes on, saves its state
 * and frees its lock.
 */
export async function follow(start: Start & { readonly log: string }, onLine: (line: string) => void): Promise<Ended> {
  const { args, cwd, env, signal, log } = start;
  const out = openSync(log, 'w', 0o600);
  let child: Started;
  try {
    child = started(
      spawn('terraform', args, { cwd, env: env as NodeJS.ProcessEnv, detached: true, stdio: ['ignore', out, out] }),
      signal,
    );
  } finally {
    closeSync(out);
  }
  let over = false;
  const ended = child.ended.finally(() => {
    over = true;
  });
  const reader = await open(log, 'r');
  const lines = splitLines(onLine);
  try {
    for (;;) {
      // Asked before reading: what was written before the end is in the file then.
      const last = over;
      const { bytesRead, buffer } = await reader.read(Buffer.alloc(65_536), 0, 65_536, null);
      if (bytesRead > 0) lines.take(buffer.subarray(0, bytesRead));
      else if (last) break;
      else await Promise.race([ended.catch(() => {}), pause()]);
    }
    lines.end();
    return { ...(await ended), stdout: '', stderr: '' };
  } finally {
    await reader.close();
  }
}

interface Started {
  readonly process: ChildProcess;
  readonly ended: Promise<{ code?: number }>;
}

function started(child: ChildProcess, signal: AbortSignal | undefined): Started {
  const interrupt = () => void child.kill('SIGINT');
  if (signal?.aborted) interrupt();
  signal?.addEventListener('abort', interrupt, { once: true });
  // A second Ctrl-C ends this process at once; then Terraform gets its second interrupt too, and ends within seconds. It is
  // another signal, because two of a kind that come close together count as one.
  const end = () => void child.kill('SIGTERM');
  process.once('exit', end);
  const ended = new Promise<{ code?: number }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code === null ? {} : { code }));
  }).finally(() => {
    signal?.removeEventListener('abort', interrupt);
    process.off('exit', end);
  });
  return { process: child, ended };
}

const pause = () => new Promise((resolve) => setTimeout(resolve, interval));

function splitLines(onLine: (line: string) => void) {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const take = (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  };
  return {
    take: (bytes: Buffer) => take(decoder.write(bytes)),
    end() {
      take(decoder.end());
      if (rest !== '') onLine(rest);
      rest = '';
    },
  };
}

/** Only these variables of Terraform's own may come from outside: others would change what is planned, or print secrets. */
const welcome = /^TF_(CLI_CONFIG_FILE|PLUGIN_CACHE_\w+|REGISTRY_\w+|PROVIDER_DOWNLOAD_\w+|TOKEN_\w+)$/;

/** The environment of this process without what would change Terraform's work behind our back (TF_CLI_ARGS, TF_WORKSPACE, TF_VAR_…). */
export function cleanEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const kept = Object.entries(env).filter(([key]) => !key.startsWith('TF_') || welcome.test(key));
  return Object.fromEntries(kept.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** The failure for a run that was stopped from here. */
export function interrupted(what: string): RunbookError {
  return new RunbookError('interrupted', {
    what,
    next: 'run the same command again: what is made stays, and it goes on from there',
  });
}
