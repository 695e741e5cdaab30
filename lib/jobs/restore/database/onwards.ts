import { readdirSync } from 'node:fs';
import { RunbookError } from '../../../core/errors.ts';
import type { Manifest } from '../../../core/generation.ts';
import type { Host } from '../../../host/port.ts';
import { gapIn, segmentsIn } from '../../backup/index.ts';
import { holeBehind, type Log, mustLeadOn, namesOf } from '../finding/index.ts';
import { type Recovered, recover, replay } from './database.ts';
import type { Recovery } from './database-script.ts';
import { type AtPoint, keepPoint } from './kept.ts';
import { holeIn } from './moment.ts';

/** A database that is ahead of the files, and what it said of them when it was not. */
export interface Onwards {
  readonly recovered: Recovered;
  readonly atPoint: AtPoint;
}

/**
 * Bring the database of a generation to its restore point, keep what it says of the files there, and go on with the log behind
 * it. Throws `changeFailed` as `recover` does, and `refused` for a log that does not lead there.
 */
export async function recoverOnwards(
  host: Host,
  place: Pick<Recovery, 'container' | 'image' | 'bases' | 'wal' | 'target'>,
  manifest: Pick<Manifest, 'database'>,
  { until }: Log,
  tell: (text: string) => void,
): Promise<Onwards> {
  const { bases, point } = manifest.database;
  mustLeadOn(place.wal, manifest);
  const before = gapIn(segmentsIn(place.wal), bases.at(-1)!, point);
  if (before) throw holeIn(before);
  const hole = holeBehind(readdirSync(place.wal), point);
  if (hole && until === undefined) throw holeBehindIt(hole);
  const toPoint: Recovery = {
    ...{ ...place, chain: bases, timeline: point.timeline },
    ...{ to: { name: point.name }, pauseAt: point.lsn },
  };
  const paused = await recover(host, toPoint, tell);
  let atPoint: AtPoint;
  try {
    atPoint = await keepPoint(paused, place.target);
    await paused.halt();
  } catch (error) {
    await paused.drop();
    throw error;
  }
  const { pauseAt: _, ...onwards } = toPoint;
  const recovered = await goOn(host, onwards, until, hole, tell);
  const last = (await recovered.ask('select extract(epoch from pg_last_xact_replay_timestamp()) * 1000')).trim();
  if (last !== '') tell(`the last thing that the log has is of ${new Date(Number(last)).toISOString()}`);
  return { recovered, atPoint };
}

async function goOn(
  host: Host,
  recovery: Recovery,
  until: string | undefined,
  hole: { readonly first: string; readonly last: string } | undefined,
  tell: (text: string) => void,
): Promise<Recovered> {
  if (until === undefined) return replay(host, { ...recovery, to: 'end' }, tell);
  try {
    return await replay(host, { ...recovery, to: { time: until } }, tell);
  } catch (error) {
    // PostgreSQL stops at the first commit after the moment, and refuses where there is none. Without one the end is the same.
    if (hole) throw holeBehindIt(hole);
    tell(`no commit after ${until} stops the replay: looking whether there is none`);
    const recovered = await replay(host, { ...recovery, to: 'end' }, tell);
    const last = (await recovered.ask('select extract(epoch from pg_last_xact_replay_timestamp()) * 1000')).trim();
    if (last === '' || Number(last) <= Date.parse(until)) return recovered;
    await recovered.drop();
    throw error;
  }
}

const holeBehindIt = (hole: { readonly first: string; readonly last: string }) =>
  new RunbookError('refused', {
    what: `the log of the database has a hole behind the newest generation: ${namesOf(hole)} is missing, and nothing that comes after can be reached`,
    next: 'nothing in use was touched. --to latest, or --to a moment before the hole',
  });
