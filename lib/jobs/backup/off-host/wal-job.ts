import { readdirSync, statSync } from 'node:fs';
import type { Config } from '../../../config/config.types.ts';
import { RunbookError } from '../../../core/errors.ts';
import type { Host } from '../../../host/port.ts';
import { backupPaths } from '../../../phases/layout.ts';
import { receives } from '../database/index.ts';
import { generationRoot, lastWords, resticFor, shippedFull, stateOf, tellState } from '../store/index.ts';

/**
 * Bring the database's log off the host, as far as it is written. No lock: it only reads what only grows, and a deploy that
 * takes minutes must not make it older. Nothing is sent while nothing was written.
 */
export async function shipWal(
  config: Config,
  host: Host,
): Promise<'sent' | 'nothing new' | 'waits for a first generation'> {
  if (!shippedFull(config)) return 'waits for a first generation';
  // Before it is read: what is written from here on may be in it or not.
  const now = Date.now();
  const { wal } = backupPaths(config);
  const before = stateOf(config, 'wal');
  // A moment that is yet to come is of a clock that has gone back since, and says nothing.
  const last = before.at === undefined ? Number.NaN : Date.parse(before.at);
  const known = before.failed || !(last <= now) ? Number.NaN : last;
  const written = newest(wal);
  // Where nobody receives the log, that nothing comes does not tell that nothing was written.
  const receiving = await receives(host);
  const at = new Date(receiving ? now : Math.max(written, last <= now ? last : 0)).toISOString();
  if (written < known - margin || (!receiving && written <= known)) {
    tellState(config, 'wal', { at });
    return 'nothing new';
  }
  const restic = await resticFor(config, host);
  const began = performance.now();
  const output = await restic({
    ...{ what: 'wal', place: 'remote', timeout: limit + 60 },
    // Inside, so that nothing of it goes on where nobody sees it.
    script: `answers recent
limit=${limit}
recent backup --quiet --no-scan --host gitea --tag wal ${generationRoot}/wal`,
    mounts: [{ source: wal, target: `${generationRoot}/wal` }],
  });
  if (output.code === 0) {
    tellState(config, 'wal', { at });
    return 'sent';
  }
  const what = 'the log of the database could not be brought off the host';
  tellState(config, 'wal', { failed: { at: new Date(now).toISOString(), what } });
  throw new RunbookError('changeFailed', {
    what,
    cause: `${performance.now() - began > limit * 1000 ? `it had not ended after ${limit} s: the line is too slow, or the place hangs\n` : ''}${lastWords(output)}`,
    next: 'the next run tries again by itself. npx zx runbooks/doctor.mjs; journalctl -u gitea-runbooks-wal on the host',
  });
}

/** Seconds: what is behind by then is too much for this line, and has to be told. The next run begins where this one stopped. */
const limit = 220;

/** Clocks of files are a few milliseconds behind, and what the database wrote is written here a moment later. */
const margin = 2000;

/** When anything in the folder was last written, in milliseconds since 1970. */
function newest(directory: string): number {
  return Math.max(
    0,
    ...readdirSync(directory).map((name) => statSync(`${directory}/${name}`, { throwIfNoEntry: false })?.mtimeMs ?? 0),
  );
}
