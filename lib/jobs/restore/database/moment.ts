import { readFileSync } from 'node:fs';
import { RunbookError } from '../../../core/errors.ts';
import type { Base, Manifest } from '../../../core/generation.ts';
import type { Host } from '../../../host/port.ts';
import { gapIn, gapText, segmentsIn } from '../../backup/index.ts';
import { namesOf } from '../finding/index.ts';
import { type Recovered, recover } from './database.ts';
import type { Recovery } from './database-script.ts';

type Place = Pick<Recovery, 'container' | 'image' | 'bases' | 'wal' | 'target'>;

/**
 * Bring the database of a generation back to its restore point, or to a moment before it. Throws `changeFailed` as `recover`
 * does, and `refused` for a moment that the generation does not reach back to.
 */
export async function recoverTo(
  host: Host,
  place: Place,
  { database }: Pick<Manifest, 'database'>,
  time: string | undefined,
  tell: (text: string) => void,
): Promise<Recovered> {
  const { bases, point } = database;
  const there = segmentsIn(place.wal);
  const whole = (chain: readonly Base[]) => gapIn(there, chain.at(-1)!, point);
  const toPoint: Recovery = { ...place, chain: bases, timeline: point.timeline, to: { name: point.name } };
  const gap = whole(bases);
  if (gap) throw holeIn(gap);
  if (time === undefined || Date.parse(time) >= Date.parse(point.at)) return recover(host, toPoint, tell);
  const began = new Map(
    bases.map(({ name }) => [name, beganIn(readFileSync(`${place.bases}/${name}/backup_label`, 'utf8'))]),
  );
  const reaching = chainsFor(bases, began, time);
  const chains = reaching.filter((chain) => whole(chain) === undefined);
  const between = reaching.map(whole).find((one) => one !== undefined);
  if (chains.length === 0 && between) throw behindGap(time, gapText(place.wal, between));
  let first: unknown;
  for (const chain of chains) {
    try {
      return await recover(host, { ...toPoint, chain, to: { time } }, tell);
    } catch (error) {
      first ??= error;
    }
  }
  if (chains.length === 0) throw tooEarly(time, bases, began);
  // PostgreSQL stops at the first commit after the moment, and refuses where there is none. Then the restore point, which
  // comes later, is the same state.
  tell(`no commit between ${time} and the restore point stops the replay: looking whether there is none`);
  const recovered = await recover(host, { ...toPoint, chain: chains[0]! }, tell);
  const last = (await recovered.ask('select extract(epoch from pg_last_xact_replay_timestamp()) * 1000')).trim();
  if (last === '' || Number(last) <= Date.parse(time)) return recovered;
  await recovered.drop();
  throw first;
}

/** When a copy was begun, by its own label, in milliseconds since 1970; pure. */
export function beganIn(label: string): number {
  const text = /^START TIME: (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (?:UTC|GMT)$/m.exec(label);
  return text ? Date.parse(`${text[1]}T${text[2]}Z`) : Number.NaN;
}

/** The chains that begin before a moment, the longest first; pure. A copy is whole some time after it was begun. */
export function chainsFor(
  bases: readonly Base[],
  began: ReadonlyMap<string, number>,
  time: string,
): readonly (readonly Base[])[] {
  return bases
    .map((_, at) => bases.slice(0, at + 1))
    .filter((chain) => began.get(chain.at(-1)!.name)! <= Date.parse(time))
    .reverse();
}

export const holeIn = (hole: { readonly first: string; readonly last: string }) =>
  new RunbookError('changeFailed', {
    what: `the log of the database has a hole: ${namesOf(hole)} is missing`,
    next: 'nothing in use was touched. Take an older generation: npx zx runbooks/backup.mjs --list',
  });

const behindGap = (time: string, gap: string) =>
  new RunbookError('refused', {
    what: `${time} cannot be reached: the log of the database has a gap, ${gap}`,
    next: 'nothing in use was touched. Take a moment before or behind the gap, or a generation: npx zx runbooks/backup.mjs --list',
  });

const tooEarly = (time: string, bases: readonly Base[], began: ReadonlyMap<string, number>) =>
  new RunbookError('refused', {
    what: `${time} is before what this generation reaches back to, ${new Date(began.get(bases[0]!.name)!).toISOString()}, or its log does not reach back so far`,
    next: 'take the generation before that moment by its name: npx zx runbooks/backup.mjs --list',
  });
