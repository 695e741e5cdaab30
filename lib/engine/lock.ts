import { randomBytes } from 'node:crypto';
import { RunbookError } from '../core/errors.ts';
import type { Guard, Held, Host, Output, Reconnectable } from '../host/port.ts';
import {
  describeHolder,
  goneExit,
  goneMark,
  guardScript,
  type Holder,
  holderFile,
  holdScript,
  type LockMode,
  lockDirectory,
  workFile,
} from './lock-script.ts';

export interface LockOptions {
  /** For the messages of whoever finds the host in use. */
  readonly who: string;
  /** One word: the runbook. */
  readonly what: string;
  readonly mode: LockMode;
  /** Told while commands of a run that has died are waited for. */
  readonly tell?: ((text: string) => void) | undefined;
  /** Shell that only looks, run as soon as the lock is held: it costs no trip of its own. */
  readonly ask?: string;
  readonly directory?: string;
  /**
   * Seconds for a holder that goes, seconds of one wait for commands at work, how many such waits; and how many waits at the
   * door while all who hold it are jobs that run beside others, which are done in a moment as a rule.
   */
  readonly patience?: {
    readonly door: number;
    readonly work: number;
    readonly waits: number;
    readonly jobs?: number;
  };
}

/** The lock of a host, taken. */
export interface Lock {
  /**
   * The host to work with. All that changes something on it holds the lock itself until it has ended, also when this
   * program is no more. Once the lock is lost every call fails: `hostUnreachable` or `locked`.
   */
  readonly host: Host;
  /** What `ask` printed when the lock was first taken. */
  readonly answer: string;
  /** Asks the host itself. Throws, as every call does, when the lock is lost: before a step that the host does not see. */
  confirm(): Promise<void>;
  /** Give the lock back while this work is done, for example a person thinks, and take it again. */
  without<T>(work: () => Promise<T>): Promise<T>;
  /** Never fails; may be called twice. */
  release(): Promise<void>;
}

interface Turn {
  readonly guard: Guard;
  readonly held: Held;
  readonly answer: string;
  lost: boolean;
}

/**
 * Take the lock of a host. It is a kernel lock held by a process on the host whose standard input is our connection: when
 * this program, its machine or the network dies, the kernel frees it, as soon as the commands under way have ended. A
 * holder that has just died gets two seconds to go; then `locked` is thrown, with who holds it. What it left at work
 * gets five minutes. What outlives its command because somebody else runs it (a container, a unit) is not seen.
 */
export async function lock(host: Host, options: LockOptions): Promise<Lock> {
  const first = await take(host, options);
  let turn: Turn | undefined = first;
  const release = async () => {
    const last = turn;
    turn = undefined;
    await last?.held.release();
  };
  /** The guard for a call. A connection that is lost says so itself, in better words. */
  const guard = async (): Promise<Guard> => {
    if (turn && !turn.lost) return turn.guard;
    await host.query({ argv: ['true'] });
    throw gone(host);
  };
  const guarded: Host = {
    label: host.label,
    query: async (command) => {
      if (turn?.lost) await guard();
      return host.query(command);
    },
    run: async (command) => host.run({ ...command, guard: await guard() }),
    put: async (file) => host.put({ ...file, guard: await guard() }),
    hold: (script) => host.hold(script),
    close: () => host.close(),
  };
  return {
    host:
      'reconnect' in host ? Object.assign(guarded, { reconnect: () => (host as Reconnectable).reconnect() }) : guarded,
    answer: first.answer,
    confirm: async () => void (await guarded.run({ argv: ['true'] })),
    async without(work) {
      await release();
      const result = await work();
      turn = await take(host, options);
      return result;
    },
    release,
  };
}

/** Two minutes for a job of a timer: one that makes a first whole backup takes longer, and is told. */
const ownPatience = { door: 2, work: 10, waits: 30, jobs: 60 };

async function take(host: Host, options: LockOptions): Promise<Turn> {
  const { who, what, mode, directory = lockDirectory, patience = ownPatience, ask } = options;
  const token = randomBytes(8).toString('hex');
  let jobs = patience.jobs ?? 0;
  let told = false;
  for (let wait = 1; ; wait++) {
    const holder: Holder = { who, what, mode, since: new Date().toISOString() };
    const held = await host.hold(holdScript(directory, holder, token, patience, ask));
    const [word, answer = ''] = held.firstLine.split('\t');
    if (word === 'held') {
      const words = [holderFile(directory, mode, token), workFile(directory, mode)];
      const guard: Guard = {
        words: ['sh', '-c', guardScript, 'guard', ...words],
        failure: (output) => (isGone(output) ? gone(host) : undefined),
      };
      const turn: Turn = { guard, held, answer: Buffer.from(answer, 'base64').toString(), lost: false };
      void held.lost.then(() => {
        turn.lost = true;
      });
      return turn;
    }
    await held.release();
    const left = /^finishing (.*)/.exec(held.firstLine)?.[1]?.trim();
    if (left === undefined) {
      if (!/^busy(\t|$)/.test(held.firstLine)) throw odd(host, held.firstLine);
      const holders = holdersIn(held.firstLine);
      if (mode !== 'exclusive' || jobs === 0 || !areJobs(holders)) throw busy(host, holders);
      if (!told && holders.length > 0) options.tell?.(`waiting for ${holders.map(describeHolder).join('; ')}`);
      told ||= holders.length > 0;
      jobs--;
      wait--;
      continue;
    }
    if (wait >= patience.waits) throw stillWorks(host, left);
    options.tell?.(`the run before has ended, what it started has not: still finishing: ${left}`);
  }
}

const isGone = ({ code, stderr }: Output) => code === goneExit && stderr.includes(goneMark);

function gone(host: Host): RunbookError {
  return new RunbookError('locked', {
    what: 'this run has lost the lock of the host: the process that held it was ended there. Nothing was changed since',
    where: host.label,
    next: 'npx zx runbooks/doctor.mjs tells who holds it now; then run the same command again: it goes on where this one stopped',
  });
}

function stillWorks(host: Host, what: string): RunbookError {
  return new RunbookError('locked', {
    what: `a run that has ended left something at work: ${what}`,
    where: host.label,
    next: 'wait until it has ended and run this again. docs/runbooks/deploy.md, "Locked", tells how to find and end it',
  });
}

function odd(host: Host, line: string): RunbookError {
  return new RunbookError('unexpected', {
    what: 'the host answered something else than what the script for its lock prints',
    where: host.label,
    cause: line.slice(0, 200),
    next: 'nothing was changed. Look at what /bin/sh is on the host (ls -l /bin/sh), and what it prints by itself',
  });
}

function holdersIn(line: string): readonly Holder[] {
  return line
    .split('\t')
    .slice(1)
    .map((text) => JSON.parse(text) as Holder)
    .sort((a, b) => a.since.localeCompare(b.since));
}

/** None is named while one comes or goes. */
const areJobs = (holders: readonly Holder[]) => holders.every(({ mode }) => mode === 'shared');

function busy(host: Host, holders: readonly Holder[]): RunbookError {
  return new RunbookError('locked', {
    // A holder may be between taking the lock and writing who it is.
    what: `the host is in use: ${holders.map(describeHolder).join('; ') || 'another run'}`,
    where: host.label,
    next: 'wait until it has ended and run this again. A holder that died frees the lock by itself within a minute; nothing has to be removed by hand',
  });
}
