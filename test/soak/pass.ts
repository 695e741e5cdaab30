// One pass over all scripts of a job on a real host: each run is killed one command further than the one before.
import { createHash } from 'node:crypto';
import type { Config } from '../../lib/config/config.types.ts';
import type { RunEvent } from '../../lib/core/event.ts';
import { connect } from '../../lib/host/connect.ts';
import type { Reconnectable } from '../../lib/host/port.ts';
import { type Cut, cutting, Killed } from '../cut/cutting.ts';

/** Numbers in [0, 1) that a seed brings again: mulberry32. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Seconds within which a script of a kind is killed at random moments as well: one command of it works for long. */
const long: Readonly<Record<string, number>> = {
  ...{ packages: 12, images: 3, compose: 5, cluster: 2, certificate: 3, account: 1, volume: 0.3, firewall: 0.5 },
  ...{ reload: 1, unit: 1, login: 0.2, runtime: 1 },
};
const moments = 4;
/** Kinds to cut, to look into some of them again; all by default. */
const only = process.env.CUT_KINDS?.split(',');
/** Of these all run the same few commands, tried one by one in test/cut: some by chance are enough. */
const alike = new Set(['file', 'directory', 'symlink']);

/** Beyond this a script is in a loop that waits: the steps grow. */
const byOnes = 40;

export interface CutRun {
  /** Kind, command and script that it was cut in; undefined when it came to its end. */
  readonly at: string | undefined;
  readonly kind: string | undefined;
  /** What ended it in another way. */
  readonly error: unknown;
}

/**
 * Runs of one job until one is not cut any more. A script is known by its text, so that of a change that a cut has
 * brought half about the rest is another one, and is cut from its first command on. A put is cut at commands by chance.
 */
export function cutPass(config: Config, chance: () => number) {
  const turns = new Map<string, number>();
  const counts = new Map<string, number>();

  /** One run of `work`, with the next cut in the first script that has one left. */
  const run = async (work: (host: Reconnectable, onEvent: (event: RunEvent) => void) => Promise<unknown>) => {
    let change: { readonly kind: string; readonly title: string } | undefined;
    let last: { readonly kind: string; readonly at: string } | undefined;
    const onEvent = (event: RunEvent) => {
      if (event.type === 'change.start') change = event.change;
      if (event.type === 'change.end') change = undefined;
    };
    const cut: Cut = (script) => {
      if (!change || script.includes('runs.jsonl') || !(only?.includes(change.kind) ?? true)) return undefined;
      const key = `${change.kind} ${createHash('sha256').update(script).digest('hex')}`;
      const turn = turns.get(key) ?? 0;
      turns.set(key, turn + 1);
      if (alike.has(change.kind) && (turn > 0 || chance() > 0.3)) return undefined;
      const put = script.startsWith('put ');
      if (put && turn >= 3) return undefined;
      const at = put ? 1 + Math.floor(chance() * 14) : where(change.kind, turn);
      last = { kind: change.kind, at: `${change.title}, ${JSON.stringify(at)}` };
      return at;
    };
    const host = await connect(config);
    const dying = cutting<Reconnectable>(host, cut);
    const error = await work(dying, onEvent).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    await host.close();
    if (!dying.wasCut()) return { at: undefined, kind: undefined, error } satisfies CutRun;
    counts.set(last!.kind, (counts.get(last!.kind) ?? 0) + 1);
    return { ...last!, error: error instanceof Killed ? undefined : error } satisfies CutRun;
  };

  const where = (kind: string, turn: number) => {
    const span = long[kind];
    if (span !== undefined && turn < moments) return { seconds: Math.round(1000 * span * chance()) / 1000 };
    const at = 1 + turn - (span === undefined ? 0 : moments);
    return at <= byOnes ? at : Math.round(byOnes * 1.25 ** (at - byOnes));
  };
  return { run, counts: counts as ReadonlyMap<string, number> };
}
