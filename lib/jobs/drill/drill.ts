import { existsSync, mkdirSync, realpathSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename } from 'node:path';
import type { Config } from '../../config/config.types.ts';
import type { Drill, ListedDrill } from '../../core/drill.ts';
import { RunbookError } from '../../core/errors.ts';
import { lock } from '../../engine/lock.ts';
import { operator } from '../../engine/record.ts';
import type { Host } from '../../host/port.ts';
import { dataPaths, layout } from '../../phases/layout.ts';
import { drillRecord } from '../../phases/proven.ts';
import { spareLeaves, spareSettings } from '../../phases/spare.ts';
import { readJson, resticFor, writeJson } from '../backup/index.ts';
import { lockPatiently } from '../converge/patient-lock.ts';
import { openRecord } from '../converge/run-record.ts';
import { gather } from './findings.ts';
import { readDrills, recordDrill } from './record.ts';
import { removeStack } from './stack.ts';
import { type Facts, type Step, trial } from './trial.ts';

const who = 'drill';
const atWork = 'a drill is at work';

/** Of the drill; gone when there is none, and so what tells that one was cut off. */
const folderOf = (config: Config) => `${dataPaths(config).drill}/work`;

/** How far the one at work has come. */
interface Begun extends Pick<Drill, 'format' | 'at' | 'host' | 'release' | 'from'> {
  readonly generation?: string;
  readonly step: string;
}

/**
 * Restore the newest generation that would be there if the host were lost into a Gitea of its own, beside the one in use and
 * without a way out, and look whether all is there. Recorded however it ends, and nothing of it stays. Throws `checkFailed` with
 * all that was found, and `locked`.
 */
export async function drillHere(config: Config, machine: Host, tell: (text: string) => void): Promise<Drill> {
  const started = performance.now();
  const held = await lockPatiently(machine, who);
  const { host } = held;
  const record = openRecord(host, who);
  try {
    await clear(config, host);
    const done = await tryOut(config, host, tell);
    await recordDrill(host, { path: drillRecord(config) }, done);
    if (done.result === 'failed') throw failed(done);
    await record.end({ outcome: 'converged', changes: 0, took: performance.now() - started });
    return done;
  } catch (error) {
    await record.fail(error, performance.now() - started);
    throw error;
  } finally {
    await held.release();
  }
}

/** Takes away what a drill has left that was cut off, and records that it was. Nothing happens while one is at work. */
export async function clearDrill(config: Config, machine: Host): Promise<string> {
  if (!existsSync(folderOf(config))) return 'nothing of it is left';
  const patience = { door: 0, work: 1, waits: 1, jobs: 0 };
  const options = { who: operator(), what: who, mode: 'shared' as const, patience };
  const held = await lock(machine, options).catch((error) => {
    if (error instanceof RunbookError && error.kind === 'locked') return undefined;
    throw error;
  });
  if (!held) return atWork;
  try {
    await clear(config, held.host);
    return 'what a drill had left is gone';
  } finally {
    await held.release();
  }
}

/** A drill on a machine that is there for nothing else: neither data nor secrets stay on it. */
export async function drillApart(config: Config, machine: Host, tell: (text: string) => void): Promise<Drill> {
  mustBeApart(config);
  try {
    return await drillHere(config, machine, tell);
  } finally {
    await leaveSpare(config, machine);
  }
}

/** Throws `refused` on a host with a Gitea of its own, whose secrets would go: only such a machine has these settings. */
export function mustBeApart(config: Config): void {
  if (existsSync(spareSettings(config))) return;
  throw new RunbookError('refused', {
    what: 'this machine was not made ready for a drill alone: its secrets and settings are those of a Gitea in use',
    next: 'nothing was done. From your own machine: npx zx runbooks/drill.mjs, with --on for another machine',
  });
}

/** Takes away all that a drill on such a machine needs, but for its record. Nothing happens while one is at work. */
export async function leaveSpare(config: Config, machine: Host): Promise<string> {
  mustBeApart(config);
  const said = await clearDrill(config, machine);
  if (said === atWork) return said;
  for (const path of spareLeaves(config)) rmSync(path, { recursive: true, force: true });
  return `${said}; neither secrets nor data stay`;
}

/** Writes a drill of another machine into the record. */
export const noteHere = (config: Config, machine: Host, drill: Drill): Promise<void> =>
  recordDrill(machine, { path: drillRecord(config) }, drill);

/** The record, oldest first, with what is wrong with a line. */
export const drillsHere = (config: Config, host: Host): Promise<readonly ListedDrill[]> =>
  readDrills(host, { path: drillRecord(config) });

async function clear(config: Config, host: Host): Promise<void> {
  const folder = folderOf(config);
  const begun = readJson<Begun>(`${folder}/begun.json`);
  const left = existsSync(folder);
  await removeStack(host, who, folder);
  if (!left || !begun) return;
  const { step, ...what } = begun;
  const problems = [`it was cut off: ${step}`];
  const cut: Drill = { ...what, result: 'failed', problems, notes: [], took: 0, steps: {}, checked: {} };
  await recordDrill(host, { path: drillRecord(config) }, cut);
}

async function tryOut(config: Config, host: Host, tell: (text: string) => void): Promise<Drill> {
  const began = new Date();
  const folder = folderOf(config);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const from = config.backup.remote ? 'remote' : 'local';
  const release = basename(realpathSync(layout.current));
  const drill = { format: 1, at: began.toISOString(), host: hostname(), release, from } as const;
  const findings = gather(tell);
  const facts: Facts = {};
  const steps: Record<string, number> = {};
  const step: Step = async (name, work) => {
    tell(name);
    writeJson(`${folder}/begun.json`, { ...drill, ...facts, step: name } satisfies Begun);
    const start = performance.now();
    const result = await work();
    steps[name] = Math.round(performance.now() - start);
    return result;
  };
  try {
    await trial(
      { config, host, restic: await resticFor(config, host), tell },
      { began, from, folder, facts, findings, step },
    );
  } catch (error) {
    findings.problem(sentenceOf(error));
  } finally {
    await removeStack(host, who, folder);
  }
  const { problems, notes, checked } = findings;
  const result = problems.length === 0 ? 'passed' : 'failed';
  const took = Date.now() - began.getTime();
  return { ...drill, ...facts, result, problems, notes, took, steps, checked };
}

function sentenceOf(error: unknown): string {
  if (!(error instanceof RunbookError)) return String(error);
  const { what, cause } = error.parts;
  return [what, ...(cause ? [cause.split('\n').slice(-3).join(' ')] : [])].join(': ');
}

const failed = ({ generation, problems }: Drill) =>
  new RunbookError('checkFailed', {
    what: `the drill has failed${generation === undefined ? '' : `: ${generation} would not all have come back`}`,
    cause: problems.join('\n'),
    next: 'what is in use is untouched. npx zx runbooks/backup.mjs --verify --all-data tells what is damaged, docs/runbooks/drill.md what to do',
  });
