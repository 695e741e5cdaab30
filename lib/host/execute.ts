import { StringDecoder } from 'node:string_decoder';
import { RunbookError } from '../core/errors.ts';
import { quote } from '../core/quote.ts';
import { Secret } from '../core/secret.ts';
import type { Command, Output } from './port.ts';
import type { Running, Start } from './process.ts';

const defaultTimeout = 60;
const maxOutput = 32 * 1024 * 1024;

/** The bytes of a content. With `put` the only place where a Secret gives its value away. */
export function bytesOf(content: string | Uint8Array | Secret): Uint8Array {
  if (content instanceof Secret) return Buffer.from(content.reveal());
  return typeof content === 'string' ? Buffer.from(content) : content;
}

/**
 * A script as `sh -s` gets it. In braces the shell runs nothing before it has read everything, so a connection that is
 * cut in the middle runs no half script; with `exit` on the same line the shell reads nothing after it, so that what
 * follows, if the input stays open, is the script's own.
 */
export function wrapScript(script: string): string {
  return `{ ${script}\n}; exit\n`;
}

/** The first words of a command, for messages. */
export function describeCommand(command: Command): string {
  const text = command.argv
    ? command.argv.map(quote).join(' ')
    : ((command.script ?? '').split('\n').find((line) => /^\s*[^#\s]/.test(line) && !/^\s*set [-+]/.test(line)) ??
      'sh');
  const flat = text.replaceAll(/\s+/g, ' ').trim();
  return flat.length > 70 ? `${flat.slice(0, 69)}…` : flat;
}

/** The last lines of what was printed, for the cause of a failure. */
export function lastLines(text: string, count = 10): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}

/** Runs one command to its end. `what` names it in messages. Fails as the port says. */
export async function execute(start: Start, label: string, command: Command, what?: string): Promise<Output> {
  if ((command.argv === undefined) === (command.script === undefined) || command.argv?.length === 0) {
    throw new TypeError('a command has either argv or a script');
  }
  const name = what ?? describeCommand(command);
  const limit = command.timeout ?? defaultTimeout;
  const running = await start([...(command.guard?.words ?? []), ...(command.argv ?? ['sh', '-s'])], limit, name);
  let fail: (error: unknown) => void = () => {};
  const stopped = new Promise<never>((_, reject) => {
    fail = (error) => {
      running.kill();
      reject(error);
    };
  });
  const printed = collect(running, command.onLine, (error) => fail(error ?? tooMuch(label, name)));
  const timer = setTimeout(() => fail(tooLong(label, name, limit, printed.tail())), limit * 1000);
  running.stdin.on('error', ignore);
  running.stdin.end(command.script === undefined ? bytesOf(command.stdin ?? '') : wrapScript(command.script));
  try {
    const { code, signal, note } = await Promise.race([running.ended, stopped]);
    const { stdout, stderr } = printed.finish();
    const output = { code, ...(signal && { signal }), stdout, stderr: note ? `${stderr}${note}\n` : stderr };
    const failure = command.guard?.failure(output);
    if (failure) throw failure;
    return output;
  } finally {
    clearTimeout(timer);
    printed.stop();
  }
}

/** A program that does not read its input closes it: its exit code tells more than the broken pipe. */
export function ignore(): void {}

function collect(running: Running, onLine: Command['onLine'], stop: (error?: unknown) => void) {
  const out = { chunks: [] as Buffer[], lines: lineSplitter(onLine) };
  const err = { chunks: [] as Buffer[], lines: lineSplitter(onLine) };
  let size = 0;
  let done = false;
  const take = (into: typeof out) => (chunk: Buffer) => {
    if (done) return;
    size += chunk.length;
    if (size > maxOutput) return stop();
    into.chunks.push(chunk);
    try {
      into.lines.push(chunk);
    } catch (error) {
      stop(error);
    }
  };
  running.stdout.on('data', take(out));
  running.stderr.on('data', take(err));
  const text = (from: typeof out) => Buffer.concat(from.chunks).toString('utf8');
  return {
    tail: () => lastLines(`${text(out).slice(-2000)}\n${text(err).slice(-2000)}`.trim()),
    finish: () => {
      out.lines.end();
      err.lines.end();
      return { stdout: text(out), stderr: text(err) };
    },
    stop: () => {
      done = true;
    },
  };
}

/** Characters of one line; what is longer comes in pieces. */
const longestLine = 64 * 1024;

/** Whole lines out of chunks that may tear a character or a line anywhere. Holds no more than one line back. */
export function lineSplitter(onLine?: (line: string) => void) {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const emit = (text: string) => {
    if (!onLine) return;
    const lines = text.split('\n');
    lines[0] = rest + lines[0];
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
    for (; rest.length > longestLine; rest = rest.slice(longestLine)) onLine(rest.slice(0, longestLine));
  };
  return {
    push: (chunk: Buffer) => emit(decoder.write(chunk)),
    end: () => {
      emit(decoder.end());
      if (rest) onLine?.(rest);
      rest = '';
    },
  };
}

function tooLong(label: string, name: string, limit: number, cause: string): RunbookError {
  return new RunbookError('hostUnreachable', {
    where: label,
    what: `not finished within the limit of ${limit} s: ${name}`,
    ...(cause && { cause }),
    next: 'look at what the host is busy with (`uptime`, `ps -ef`), then run the same command again: it goes on from there',
  });
}

function tooMuch(label: string, name: string): RunbookError {
  return new RunbookError('unexpected', {
    where: label,
    what: `printed more than the limit of ${maxOutput / 1024 / 1024} MiB: ${name}`,
    next: 'run this command on the host by hand to see what it prints',
  });
}
