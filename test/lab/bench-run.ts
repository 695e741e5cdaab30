// Runs what a person would run, in a process of its own, and measures it from outside.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { sourceDir } from './context.ts';
import { LabError } from './process.ts';

export const root = path.resolve(sourceDir(), '../..');

/** One line of progress of a runbook with --json; `at` is milliseconds since the process was started. */
export interface Seen {
  readonly at: number;
  // biome-ignore lint/suspicious/noExplicitAny: each type of event has a shape of its own.
  readonly event: any;
}

export interface Measured {
  readonly code: number;
  /** From the start of the process to its end. */
  readonly seconds: number;
  readonly stdout: string;
  readonly seen: readonly Seen[];
  /** Most memory that the process ever had resident; only where it was started by `direct` or `byZx`. */
  readonly peakMiB: number;
}

/** VmHWM, told as the last word of the process. Not ru_maxrss: that survives exec, so it would tell the size of the bench. */
const hook =
  'data:text/javascript,import{writeSync,readFileSync}from"node:fs";process.on("exit",()=>writeSync(2,"@peak "+/VmHWM:\\s*(\\d+)/.exec(readFileSync("/proc/self/status","utf8"))[1]+"\\n"))';

/** `npx zx runbooks/NAME.mjs`, as the documentation says it. */
export const byNpx = (name: string) => ['npx', 'zx', `runbooks/${name}.mjs`];
/** The same without npx: the process whose memory is of interest. */
export const byZx = (name: string) => [
  ...[process.execPath, '--import', hook],
  ...['node_modules/zx/build/cli.js', `runbooks/${name}.mjs`],
];
/** `node runbooks/NAME.mjs`: without zx. */
export const direct = (name: string) => [process.execPath, '--import', hook, `runbooks/${name}.mjs`];

/** Start a program in the project's folder and wait for its end. */
export async function measure(words: readonly string[], options: { input?: Buffer } = {}): Promise<Measured> {
  const started = performance.now();
  const child = spawn(words[0]!, words.slice(1), { cwd: root, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => {}); // the exit code tells
  child.stdin.end(options.input);
  const seen: Seen[] = [];
  let [stdout, rest, peakMiB] = ['', '', Number.NaN];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  const said: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    const at = performance.now() - started;
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('@peak ')) peakMiB = Number(line.slice(6)) / 1024;
      else if (line.startsWith('{')) seen.push({ at, event: JSON.parse(line) });
      else said.push(line);
    }
  });
  const ended = await new Promise<{ code: number; seconds: number }>((resolve, reject) => {
    let seconds = 0;
    child.on('exit', () => {
      seconds = (performance.now() - started) / 1000;
    });
    child.on('error', reject).on('close', (code) => resolve({ code: code ?? 130, seconds }));
  });
  if (ended.code !== 0) {
    const last = [...said, ...stdout.split('\n')].filter(Boolean).slice(-12).join('\n');
    throw new LabError(`${words.join(' ')} ended with ${ended.code}:\n${last}`, 'run it by hand, then the bench again');
  }
  return { ...ended, stdout, seen, peakMiB };
}

/** Seconds from the begin of the checks from outside to their end. */
export function checkSeconds(seen: readonly Seen[]): number {
  const checks = seen.filter(({ event }) => event.type === 'check');
  const first = checks[0];
  if (!first) return 0;
  // The quick ones run side by side and are told together at their end, so the slowest of them tells when they began.
  const together = checks.filter(({ at }) => at - first.at < 20).map(({ event }) => event.result.took);
  return (checks.at(-1)!.at - first.at + Math.max(...together)) / 1000;
}

/** What a deploy with nothing to do is made of, in seconds. Through the built library, in a process of its own. */
export interface Parts {
  readonly load: number;
  readonly connect: number;
  readonly lock: number;
  readonly look: number;
  readonly collect: number;
  readonly checks: number;
  readonly end: number;
}

const inside = `
const { loadConfig, connect, deploy } = await import('gitea-runbooks');
const { config } = loadConfig(process.argv[1]);
const now = () => performance.now() / 1000;
const loaded = now();
const real = await connect(config);
const connected = now();
const calls = [];
const time = (name, work) => async (...args) => {
  const from = now();
  try { return await work.apply(real, args); } finally { calls.push({ name, from, to: now() }); }
};
const host = new Proxy(real, { get: (_, name) => typeof real[name] === 'function' ? time(name, real[name]) : real[name] });
let look = 0, checked = 0;
const onEvent = (event) => {
  if (event.type === 'step' && event.took) look = event.took / 1000;
  if (event.type === 'check') checked = now();
};
const report = await deploy(config, host, { onEvent });
await real.close();
const first = (name) => { const call = calls.find((one) => one.name === name); return call.to - call.from; };
const queries = calls.filter(({ name }) => name === 'query');
const last = queries.at(-1);
const parts = { load: loaded, connect: connected - loaded, lock: first('hold'), look,
  collect: last.to - last.from, checks: checked - last.to, end: now() - checked };
console.log(JSON.stringify({ outcome: report.outcome, parts }));`;

export async function parts(config: string): Promise<Parts> {
  const { stdout } = await measure([process.execPath, '--input-type=module', '-e', inside, config]);
  return JSON.parse(stdout).parts;
}
