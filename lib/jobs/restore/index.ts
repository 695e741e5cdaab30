import { existsSync, rmSync } from 'node:fs';
import type { Config } from '../../config/config.types.ts';
import { counted } from '../../core/counted.ts';
import { RunbookError } from '../../core/errors.ts';
import { idOf, timeOf } from '../../core/generation.ts';
import { lock } from '../../engine/lock.ts';
import { operator } from '../../engine/record.ts';
import type { Host } from '../../host/port.ts';
import { dataPaths } from '../../phases/layout.ts';
import { type Place, resticFor, stateOf } from '../backup/index.ts';
import { openRecord } from '../converge/run-record.ts';
import { bring, type Work } from './bring.ts';
import { databaseNow, early, endOfLog, type Found, findAsked, fits, lostSince, mustBeSound } from './finding/index.ts';
import { finish, finishUndo } from './finish.ts';
import { startTimers, withoutJobs } from './jobs.ts';
import { closeJournal, foldersOf, type Journal, leftBy, note, openJournal } from './journal.ts';

export { type Brought, bring, type Work } from './bring.ts';
export { databaseData } from './database/index.ts';
export { databaseNow, find, findAsked, fits } from './finding/index.ts';
export { type Journal, openJournal } from './journal.ts';
export { type RestoreOptions, type RestoreReport, restore, restorePreview } from './operator.ts';
export {
  type RestoreRepositoryOptions,
  repositoryJob,
  restoreRepository,
  restoreRepositoryPreview,
} from './repository/index.ts';

export interface RestoreRequest {
  /** `latest`, `end-of-log`, the name of a generation, or a moment. */
  readonly to: string;
  readonly from: Place;
  readonly tell: (text: string) => void;
}

/**
 * Bring a generation back onto the host that this runs on. All that can fail happens beside what is in use; then the
 * containers stop, the data change places and the containers start. The data of before are kept. Cut off anywhere, the next
 * call finishes it, or begins anew where nothing was touched yet. Throws `refused`, `locked`, `changeFailed`.
 */
export async function restoreHere(config: Config, machine: Host, request: RestoreRequest): Promise<string> {
  return alone(config, machine, request.tell, async (work) => {
    const cut = await finishCut(work);
    if (cut?.forward) return cut.result;
    if (cut) work.tell(cut.result);
    const open = openJournal(config);
    const found = await findAsked(work.config, work.restic, request.from, request.to);
    const { id } = found.manifest;
    mustBeSound(stateOf(config, 'verify').found, request.from, id);
    for (const text of notesOf(config, found, await databaseNow(work.host))) work.tell(text);
    const journal = begun(config, open, found, request.from);
    note(config, journal);
    const onArrange = () => note(config, { ...journal, phase: 'arranging' });
    await bring(work, {
      found,
      from: request.from,
      folder: foldersOf(config, journal).work,
      who: 'restore',
      onArrange,
    });
    note(config, { ...journal, phase: 'switching' });
    work.tell(`${id} is ready: the containers stop now`);
    return finish(work, { ...journal, phase: 'switching' });
  });
}

/** What was fetched of the same generation need not be fetched again; what was begun of another one goes. */
function begun(config: Config, open: Journal | undefined, found: Found, from: Place): Journal {
  const { id } = found.manifest;
  if (open?.phase === 'fetching' && open.id === id) {
    const { stamp, phase } = open;
    return { stamp, id, from, phase, ...timeIn(found) };
  }
  if (open) rmSync(foldersOf(config, open).work, { recursive: true, force: true });
  // After those of the restores before, also where the clock has gone back: --undo goes by it.
  const before = newest(config);
  const stamp = idOf(new Date(Math.max(Date.now(), before === undefined ? 0 : timeOf(before) + 1000)));
  return { stamp, id, from, phase: 'fetching', ...timeIn(found) };
}

/** What people should know of it before. Throws `refused`. */
const notesOf = (config: Config, { manifest, time }: Found, now: Awaited<ReturnType<typeof databaseNow>>) => [
  ...fits(config, manifest, now),
  ...early(manifest, time),
];

const timeIn = ({ time, log }: Found) => ({
  ...(time === undefined ? {} : { time }),
  ...(log === undefined ? {} : { log: log.until ?? endOfLog }),
});

/** Finishes what was cut off while it changed what is in use, in the direction in which it went. */
async function finishCut(work: Work): Promise<{ readonly forward: boolean; readonly result: string } | undefined> {
  const open = openJournal(work.config);
  if (open?.phase === 'undoing') {
    work.tell('a restore was being undone when that was cut off: finishing it');
    return { forward: false, result: await finishUndo(work, open) };
  }
  if (open?.phase !== 'switching' && open?.phase !== 'starting') return undefined;
  work.tell(`a restore of ${open.id} was cut off while it took the place of what was in use: finishing it`);
  return { forward: true, result: await finish(work, open) };
}

/**
 * What remains to be done when a restore has ended in whatever way, `kill -9` and the power among them: systemd calls it then.
 * What was cut off in the middle of what is in use is finished, the jobs of the backup work again, and nothing is left at
 * work. What was only got ready stays for the next call. Throws as `restoreHere` does.
 */
export async function settleHere(config: Config, machine: Host, tell: (text: string) => void): Promise<string> {
  await machine.run({ script: `docker rm -f ${leftAtWork.join(' ')} >/dev/null 2>&1 || true`, timeout: 120 });
  const { phase } = openJournal(config) ?? {};
  if (phase === undefined || phase === 'fetching' || phase === 'arranging') {
    await machine.run({ script: startTimers(config) });
    return 'nothing was left half done';
  }
  try {
    return await alone(
      config,
      machine,
      tell,
      async (work) => (await finishCut(work))?.result ?? 'it is finished already',
    );
  } catch (error) {
    // Whoever is at work finishes it or is refused until it is finished.
    if (error instanceof RunbookError && error.kind === 'locked') return error.parts.what;
    throw error;
  }
}

/** The containers of a restore that is no more. */
const leftAtWork = ['gitea-backup-restore', 'gitea-restore-database', 'gitea-restore-git'];

/** Puts what was in use before the last restore back in its place. Throws `refused` where there is nothing of it. */
export async function undoHere(config: Config, machine: Host, tell: (text: string) => void): Promise<string> {
  return alone(config, machine, tell, async (work) => {
    const open = openJournal(config);
    const stamp = open?.stamp ?? newest(config);
    if (stamp === undefined) throw nothingToUndo();
    const { before } = foldersOf(config, { stamp });
    if (!open && !existsSync(`${before}/postgres`) && !existsSync(`${before}/data`)) throw nothingToUndo();
    if (open?.phase === 'fetching' || open?.phase === 'arranging') {
      rmSync(foldersOf(config, open).work, { recursive: true, force: true });
      closeJournal(config);
      return 'the restore had touched nothing in use yet; what it had fetched is gone';
    }
    const journal: Journal = { ...{ stamp, id: stamp, from: 'local' as const }, ...open, phase: 'undoing' };
    // On record before anything moves: who goes on after a cut has to go the same way.
    note(config, journal);
    return finishUndo(work, journal);
  });
}

const nothingToUndo = () =>
  new RunbookError('refused', {
    what: 'there is no restore to undo: nothing of before one is kept',
    next: 'npx zx runbooks/restore.mjs --preview tells what can be restored',
  });

const newest = (config: Config) =>
  leftBy(config)
    .flatMap((path) => /\/before-restore-(\w+)$/.exec(path)?.[1] ?? [])
    .sort()
    .at(-1);

/** Takes away what earlier restores have left. */
export async function discardHere(config: Config, machine: Host, tell: (text: string) => void): Promise<string> {
  return alone(config, machine, tell, async () => {
    if (openJournal(config)) {
      throw new RunbookError('refused', {
        what: 'a restore was cut off: what it has set aside may still be needed',
        next: 'run the restore again, which finishes it, or --undo',
      });
    }
    const left = leftBy(config);
    for (const path of left) {
      tell(`deleting ${path}`);
      rmSync(path, { recursive: true, force: true });
    }
    return left.length === 0
      ? 'earlier restores have left nothing'
      : `${counted(left.length, 'folder')} of earlier restores ${left.length === 1 ? 'is' : 'are'} gone`;
  });
}

/** What a restore would do, and what it would take back, as lines. Changes nothing. Throws as `restoreHere` does. */
export async function previewHere(
  config: Config,
  host: Host,
  request: Omit<RestoreRequest, 'tell'>,
): Promise<string[]> {
  const open = openJournal(config);
  const restic = await resticFor(config, host);
  const found = await findAsked(config, restic, request.from, request.to);
  const { id, kind, full, database, files } = found.manifest;
  const at = found.time ?? database.point.at;
  const notes = notesOf(config, found, await databaseNow(host));
  // Where the end of the log is only the log tells; what is in use now has nothing that is newer than what it has received.
  const databaseAt = found.log ? (found.log.until ?? new Date().toISOString()) : at;
  const secondsOf = (time: string) => Math.floor(Date.parse(time) / 1000);
  const lost = await lostSince(host, secondsOf(databaseAt), secondsOf(at));
  return [
    `generation ${id}${kind === 'partial' ? ` over the whole one ${full}` : ''}, ${request.from}: the state of ${at}, ${counted(files.repositories, 'repository', 'repositories')}`,
    ...(found.log
      ? [
          `and the database goes on to ${found.log.until ?? 'the end of its log'}: issues, comments and users up to then are kept, what was pushed or uploaded after ${at} is not`,
        ]
      : []),
    ...notes,
    ...(open ? [`a restore of ${open.id} was cut off (${open.phase}): the next one finishes or replaces it`] : []),
    `${dataPaths(config).postgres} and ${dataPaths(config).giteaData} go aside, and are kept until --discard-old`,
    ...(lost.length > 0
      ? ['newer than that, and so taken back:', ...lost.map((line) => `  ${line}`)]
      : ['nothing newer was found in the database in use']),
  ];
}

/** Alone on the host, without the jobs of the backup, on record. */
const alone: typeof locked = (config, machine, tell, work) =>
  withoutJobs(config, machine, tell, () => locked(config, machine, tell, work));

async function locked(
  config: Config,
  machine: Host,
  tell: (text: string) => void,
  work: (work: Work) => Promise<string>,
): Promise<string> {
  const started = performance.now();
  const held = await lock(machine, { who: operator(), what: 'restore', mode: 'exclusive', tell });
  const { host } = held;
  const record = openRecord(host, 'restore');
  try {
    const result = await work({ config, host, restic: await resticFor(config, host), tell });
    await record.end({ outcome: 'changed', changes: 1, took: performance.now() - started });
    return result;
  } catch (error) {
    await record.fail(error, performance.now() - started);
    throw error;
  } finally {
    await held.release();
  }
}
