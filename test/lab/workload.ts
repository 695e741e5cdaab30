// A bounded workload against one instance, and a ledger of what was acknowledged.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { giteaClient, type Instance, newUser } from './gitea-client.ts';
import { type Ledger, type LedgerUser, newLedger } from './ledger.ts';
import { act, type Lane, MIX, newRepository } from './workload-acts.ts';

export interface WorkloadOptions {
  /** Users, who work at the same time: one operation each. */
  readonly users?: number;
  /** Repositories of each at the start. */
  readonly repositories?: number;
  /** Operations a second of all together, at most. */
  readonly rate?: number;
  /** Where the ledger is written, line by line. */
  readonly file: string;
  /** Start of the names of the users. */
  readonly prefix?: string;
  readonly seed?: number;
}

export interface Workload {
  /** The ledger as it grows. */
  readonly ledger: Ledger;
  /** Resolves once the ledger has this many entries more. */
  more(entries: number): Promise<void>;
  /** Ends after the operations that are under way. */
  stop(): Promise<Ledger>;
}

/** The same numbers for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One kind, as often as the mix says. */
function kindOf(random: () => number) {
  const sum = MIX.reduce((all, [, part]) => all + part, 0);
  let left = random() * sum;
  return (MIX.find(([, part]) => {
    left -= part;
    return left < 0;
  }) ?? MIX[0]!)[0];
}

const TROUBLE_PAUSE = 1000;

/** Makes users and repositories, and begins. An operation that goes wrong is noted and the work goes on. */
export async function startWorkload(instance: Instance, options: WorkloadOptions): Promise<Workload> {
  const { users: count = 2, repositories = 3, rate = 4, file, prefix = 'worker', seed = 1 } = options;
  const folder = await mkdtemp(path.join(tmpdir(), 'workload-'));
  const users: LedgerUser[] = [];
  for (let at = 1; at <= count; at++) users.push(await newUser(instance.on, `${prefix}${at}`));
  const { ledger, add } = newLedger(file, users);
  let number = 0;
  const lanes = users.map(
    (user, at): Lane => ({
      client: giteaClient(instance, user),
      repositories: [],
      folder,
      note: add,
      random: randomOf(seed + at),
      next: () => ++number,
    }),
  );
  await Promise.all(
    lanes.map(async (lane) => {
      for (let at = 0; at < repositories; at++) await newRepository(lane);
    }),
  );
  let going = true;
  const work = async (lane: Lane) => {
    const every = (1000 * lanes.length) / rate;
    for (let due = Date.now() + lane.random() * every; going; due = Math.max(due + every, Date.now())) {
      await pause(Math.max(0, due - Date.now()));
      if (going) await act(lane, kindOf(lane.random)).catch(() => pause(going ? TROUBLE_PAUSE : 0));
    }
  };
  const running = lanes.map(work);
  return {
    ledger,
    async more(entries) {
      const wanted = ledger.entries.length + entries;
      while (going && ledger.entries.length < wanted) await pause(100);
    },
    async stop() {
      going = false;
      await Promise.all(running);
      await rm(folder, { recursive: true, force: true });
      return ledger;
    },
  };
}
