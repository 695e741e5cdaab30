/**
 * Runs test files for Stryker in Stryker's own process: to start one for each file and fault costs many times what the
 * file does. A file comes as one bundle (run.ts) and is loaded anew each time, with the fault in place while it loads.
 * What runs a test is tap's own Test; only its root, made for one process and one file, is another (root.ts).
 */
import { relative } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { INSTRUMENTER_CONSTANTS, type InstrumenterContext } from '@stryker-mutator/api/core';
import {
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  MutantRunStatus,
  type TestResult,
  type TestRunner,
  TestStatus,
} from '@stryker-mutator/api/test-runner';
import { place } from './root.ts';

const context: { -readonly [K in keyof InstrumenterContext]: InstrumenterContext[K] | undefined } = {};
const globals = globalThis as unknown as Record<string | symbol, unknown>;
globals[INSTRUMENTER_CONSTANTS.NAMESPACE] = context;

/** tap keeps the folder in which it is loaded: Stryker goes to that of the tests before it makes a runner. */
async function loadTap() {
  // Part of the path of each test's folder, which has to stay short enough for a socket in it.
  process.argv[1] = 'tap';
  // tap's own root, which is not used, would speak to Stryker and count its seconds.
  const { send } = process;
  delete process.send;
  process.env.TAP_TIMEOUT = '0';
  const { Test } = await import('tap');
  process.send = send!;
  return (name: string) => new Test({ name });
}

type RootOf = Awaited<ReturnType<typeof loadTap>>;
let rootOf: RootOf;

/** Looks that find nothing at work and nothing to wait for, one after the other, before a file counts as one that never ends. */
const patience = 15;

let loads = 0;

/** Runs a file; undefined if it passed, else what failed. */
async function failureOf(file: string): Promise<string | undefined> {
  const root = rootOf(relative(process.cwd(), file).replace(/\W+/g, '-'));
  let output = '';
  root.on('data', (chunk: unknown) => {
    output += String(chunk);
  });
  let late: string | undefined;
  const onLate = (error: unknown) => {
    late ??= String(error);
  };
  process.on('uncaughtException', onLate).on('unhandledRejection', onLate);
  try {
    const stuck = new AbortController();
    const passed = await Promise.race([ended(root, file), nothingLeft(stuck.signal)]).finally(() => stuck.abort());
    if (passed && late === undefined) return;
    if (!root.results) root.endAll();
    return (
      late ??
      (output
        .match(/^ *not ok .*$/gm)
        ?.slice(0, 5)
        .join('; ') ||
        'never ends')
    );
  } finally {
    process.off('uncaughtException', onLate).off('unhandledRejection', onLate);
  }
}

async function ended(root: ReturnType<RootOf>, file: string): Promise<boolean> {
  globals[place] = root;
  const complete = new Promise<boolean>((resolve) => root.once('complete', ({ ok }) => resolve(ok)));
  root.runMain(() => {});
  try {
    loads += 1;
    await import(`${pathToFileURL(file).href}?${loads}`);
  } catch (error) {
    root.threw(error as Error);
  }
  root.end();
  return complete;
}

/** A process that waits for what never comes would end; here Stryker's connection keeps it, and so it is looked for. */
async function nothingLeft(signal: AbortSignal): Promise<false> {
  const before = process.getActiveResourcesInfo().length;
  for (let idle = 0; idle < patience && !signal.aborted; ) {
    const since = performance.eventLoopUtilization();
    await setTimeout(100, undefined, { ref: false });
    const busy = performance.eventLoopUtilization(since).utilization > 0.05;
    idle = busy || process.getActiveResourcesInfo().length > before ? 0 : idle + 1;
  }
  return false;
}

function activate(id: string | undefined, hitLimit?: number): void {
  context.activeMutant = id;
  context.hitCount = hitLimit === undefined ? undefined : 0;
  context.hitLimit = hitLimit;
}

export class InProcess implements TestRunner {
  readonly #files = process.env.MUTATION_FILES!.split(',').map((file) => `${process.cwd()}/${file}`);
  #faults = 0;

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    rootOf = await loadTap();
  }

  async dryRun(): Promise<DryRunResult> {
    const tests: TestResult[] = [];
    for (const file of this.#files) {
      context.currentTestId = file;
      const started = Date.now();
      const failureMessage = await failureOf(file);
      const fileName = file.replace('.mutation.mjs', '.ts');
      const test = { id: file, name: file, fileName, timeSpentMs: Date.now() - started };
      tests.push(
        failureMessage === undefined
          ? { ...test, status: TestStatus.Success }
          : { ...test, status: TestStatus.Failed, failureMessage },
      );
    }
    // In this order they are tried: the quick ones first, since most faults are noticed by several.
    tests.sort((a, b) => a.timeSpentMs - b.timeSpentMs);
    const found = context.mutantCoverage?.perTest ?? {};
    const perTest = Object.fromEntries(tests.map(({ id }) => [id, found[id] ?? {}]));
    return { status: DryRunStatus.Complete, tests, mutantCoverage: { static: {}, perTest } };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit }: MutantRunOptions): Promise<MutantRunResult> {
    this.#faults += 1;
    const files = testFilter ?? this.#files;
    for (const file of files) {
      activate(activeMutant.id, hitLimit);
      const failureMessage = await failureOf(file);
      const { hitCount } = context;
      activate(undefined);
      const endless = determineHitLimitReached(hitCount, hitLimit);
      if (endless) return { ...endless, status: MutantRunStatus.Timeout };
      if (failureMessage === undefined) continue;
      // What an earlier fault left behind must not pass for this one. Stryker starts a process anew that ended, and repeats the fault.
      if (this.#faults > 1 && (await failureOf(file)) !== undefined) process.exit(1);
      return { status: MutantRunStatus.Killed, killedBy: [file], failureMessage, nrOfTests: files.length };
    }
    return { status: MutantRunStatus.Survived, nrOfTests: files.length };
  }
}
