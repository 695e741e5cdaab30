// npm run test:lab and test:soak: test files that need a lab, several at a time, each of them with a lab of its own.
// LAB_JOBS=1 runs one after the other. Files that begin with 9 are run at the end, in each of the labs.
import { spawn } from 'node:child_process';
import { availableParallelism, totalmem } from 'node:os';
import path from 'node:path';
import { inOrder, labs } from './order.ts';

const { queue, last } = inOrder(process.argv.slice(2));
// A lab with all its hosts wants four gibibytes. Most of its time it waits, so two cores do for three.
const able = availableParallelism() === 1 ? 1 : Math.max(1, Math.floor(totalmem() / (4.5 * 2 ** 30)));
const jobs = Math.min(Number(process.env.LAB_JOBS) || able, labs.length, Math.max(1, queue.length));
const tap = path.resolve('node_modules/.bin/tap');

interface Done {
  readonly file: string;
  readonly seconds: number;
  readonly passed: number;
  readonly failed: number;
}
const done: Done[] = [];
const running = new Set<ReturnType<typeof spawn>>();
let stopped = false;
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    stopped = true;
    // To the whole group of each: tap alone goes on, and takes SIGINT for a question.
    for (const child of running) process.kill(-(child.pid as number), 'SIGTERM');
  });
}

/** Runs one program to its end with a lab's name in its environment; gives its exit code and what it said. */
async function program(lab: string, words: readonly string[]): Promise<{ code: number; said: string }> {
  const [file = '', ...rest] = words;
  const env = { ...process.env, LAB_NAME: lab };
  const child = spawn(file, rest, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  const code = await new Promise<number>((resolve) =>
    child.on('error', () => resolve(127)).on('close', (status) => resolve(status ?? 130)),
  );
  running.delete(child);
  return { code, said };
}

async function test(lab: string, file: string): Promise<void> {
  const started = Date.now();
  process.stderr.write(`# lab ${lab}: ${file}\n`);
  const limit = process.env.LAB_SOAK === '1' ? 3600 : 1800;
  const { code, said } = await program(lab, [tap, '--disable-coverage', '--jobs=1', `--timeout=${limit}`, file]);
  const seconds = Math.round((Date.now() - started) / 1000);
  const counted = (what: string) => Number(new RegExp(`^# \\{ total: .*\\b${what}: (\\d+)`, 'm').exec(said)?.[1] ?? 0);
  const failed = counted('fail');
  // A file that ends badly without a failed test is one.
  const broken = code !== 0 && failed === 0 ? 1 : 0;
  done.push({ file, seconds, passed: counted('pass'), failed: failed + broken });
  process.stdout.write(
    `== ${file} (lab ${lab}): exit ${code} after ${seconds} s\n${said.replace(/^# \{ total/gm, '#   { total')}`,
  );
}

async function worker(lab: string): Promise<void> {
  for (let file = queue.shift(); file && !stopped; file = queue.shift()) await test(lab, file);
  for (const file of stopped ? [] : last) await test(lab, file);
  // Fine to repeat; for a run that was stopped, or whose last file failed.
  await program(lab, [process.execPath, '--import', 'tsx', 'test/lab/cli.ts', 'down']);
}

const started = Date.now();
await Promise.all(labs.slice(0, jobs).map(worker));
const passed = done.reduce((sum, each) => sum + each.passed, 0);
const failed = done.reduce((sum, each) => sum + each.failed, 0);
for (const { file, seconds, failed: bad } of done.sort((one, other) => one.file.localeCompare(other.file)))
  process.stdout.write(`# ${String(seconds).padStart(5)} s  ${file}${bad > 0 ? `  ${bad} FAILED` : ''}\n`);
process.stdout.write(`# ${jobs} side by side, ${Math.round((Date.now() - started) / 1000)} s\n`);
process.stdout.write(`# { total: ${passed + failed}, pass: ${passed}${failed > 0 ? `, fail: ${failed}` : ''} }\n`);
process.exitCode = stopped ? 130 : failed > 0 ? 1 : 0;
