import { RunbookError } from '../../../core/errors.ts';
import { type Manifest, timeOf } from '../../../core/generation.ts';
import { quote } from '../../../core/quote.ts';
import { generationRoot, lastWords, type Place, type Restic, resticExit } from '../../backup/index.ts';
import type { Log } from './log.ts';
import { readManifest } from './read-manifest.ts';

/** What is wanted back: the newest generation, all that the log has, a generation by its name, or a moment (ISO 8601). */
export type Wanted =
  | { readonly kind: 'latest' }
  | { readonly kind: 'end' }
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'time'; readonly time: string };

/** A generation in a place, with all that restic has to be told to get it. */
export interface Found {
  readonly manifest: Manifest;
  /** The moment that is wanted, where it is another one than that of the generation. */
  readonly time?: string;
  /** Where the database goes on behind the generation's restore point. */
  readonly log?: Log;
  /** Snapshots to lay over each other, in this order. */
  readonly layers: readonly Layer[];
}

export interface Layer {
  readonly repository: Repository;
  readonly snapshot: string;
  /** Of its files, where restic has written it down. */
  readonly bytes?: number;
}

type Repository = 'archive' | 'recent';

/** A snapshot as restic lists it. */
interface Listed {
  readonly id: string;
  readonly tree: string;
  /** When it was made. */
  readonly time?: string;
  readonly tags?: readonly string[];
  /** Of a restic that writes one, which a copy keeps. */
  readonly summary?: { readonly total_bytes_processed?: number };
}

type Lists = Readonly<Record<Repository, readonly Listed[]>>;

/** The word for all that the log has. */
export const endOfLog = 'end-of-log';

/** What `--to` says; pure. Throws `refused`. A moment without a zone is UTC. */
export function wantedOf(word: string): Wanted {
  if (word === 'latest') return { kind: 'latest' };
  if (word === endOfLog) return { kind: 'end' };
  if (/^\d{8}T\d{6}Z$/.test(word)) return { kind: 'id', id: word };
  const text = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(word) ? word.replace(' ', 'T') : '';
  const at = new Date(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
  if (text !== '' && !Number.isNaN(at.getTime())) return { kind: 'time', time: at.toISOString() };
  throw new RunbookError('refused', {
    what: `--to ${word}: that is neither "latest" nor "${endOfLog}", nor the name of a generation, nor a moment`,
    next: 'for example --to latest, --to 20261129T221503Z, --to "2026-11-29 22:15" (UTC)',
  });
}

const tagged = (lists: Lists, tag: string) =>
  (['archive', 'recent'] as const).flatMap((repository) =>
    lists[repository].filter(({ tags }) => tags?.includes(tag)).map((listed) => ({ ...listed, repository })),
  );

/** Names of all generations that are whole, oldest first; pure. One of changes needs the whole one that it rests on. */
export function idsIn(lists: Lists): string[] {
  const full = new Set(lists.archive.flatMap(({ tags }) => valuesOf(tags, 'manifest')));
  const partial = lists.recent
    .filter(({ tags }) => valuesOf(tags, 'full').some((id) => full.has(id)))
    .flatMap(({ tags }) => valuesOf(tags, 'manifest'));
  return [...new Set([...full, ...partial])].sort();
}

const valuesOf = (tags: readonly string[] | undefined, name: string) =>
  (tags ?? []).filter((tag) => tag.startsWith(`${name}=`)).map((tag) => tag.slice(name.length + 1));

/** The restore point comes this long after the moment that names a generation, at most: the time of a copy of the database. */
const pointAfter = 12 * 3600_000;

/**
 * Find what is wanted in a place. `received`: when the log on the host was last written, in milliseconds since 1970. Throws
 * `refused` where there is no such generation, `changeFailed` where the place cannot be read.
 */
export async function find(restic: Restic, place: Place, wanted: Wanted, received?: number): Promise<Found> {
  const lists = await listsOf(restic, place);
  const ids = idsIn(lists);
  const candidates = candidatesOf(ids, wanted);
  for (const id of candidates) {
    const manifest = await manifestOf(restic, place, lists, id);
    if (wanted.kind === 'time') {
      if (Date.parse(manifest.database.point.at) < Date.parse(wanted.time)) continue;
      mustNotBeLost(manifest, wanted.time);
      return { manifest, time: wanted.time, layers: await layersOf(restic, place, lists, manifest) };
    }
    const log = wanted.kind === 'end' ? { log: logBehind(place, lists, received, undefined) } : {};
    return { manifest, layers: await layersOf(restic, place, lists, manifest), ...log };
  }
  const newest = ids.at(-1);
  if (wanted.kind !== 'time' || newest === undefined) throw notThere(place, ids, wanted);
  const log = logBehind(place, lists, received, wanted.time);
  const manifest = await manifestOf(restic, place, lists, newest);
  return { manifest, log, layers: await layersOf(restic, place, lists, manifest) };
}

/** A gap is known before anything is fetched. */
function mustNotBeLost({ gap }: Manifest, time: string): void {
  if (!gap || Date.parse(time) <= Date.parse(gap.from) || Date.parse(time) >= Date.parse(gap.to)) return;
  throw new RunbookError('refused', {
    what: `${time} cannot be reached: between ${gap.from} and ${gap.to} the log of the database has a gap`,
    ...(gap.why ? { cause: gap.why } : {}),
    next: 'nothing was touched. Take a moment before or behind the gap, or a generation: npx zx runbooks/backup.mjs --list',
  });
}

/** The log behind the newest generation; pure. Throws `refused` where it does not reach so far. */
function logBehind(place: Place, lists: Lists, received: number | undefined, until: string | undefined): Log {
  const [sent] = lists.recent
    .filter(({ tags, time }) => tags?.includes('wal') && time !== undefined)
    .sort((a, b) => Date.parse(b.time!) - Date.parse(a.time!));
  const end = place === 'local' ? received : sent && Date.parse(sent.time!);
  if (end === undefined) throw noLog(`there is none of it ${place === 'local' ? 'on the host' : 'off the host'}`);
  if (until !== undefined && Date.parse(until) > end)
    throw noLog(`${until} is asked for, and the log was last written at ${new Date(end).toISOString()}`);
  return { ...(until === undefined ? {} : { until }), ...(place === 'local' ? {} : { snapshot: sent!.id }) };
}

const noLog = (cause: string) =>
  new RunbookError('refused', {
    what: 'the log of the database does not go on so far behind the newest generation',
    cause,
    next: `nothing was touched. --to latest takes the newest generation, --to ${endOfLog} all that the log has`,
  });

/** The generations to look at, in the order in which the first fit is the right one; pure. */
export function candidatesOf(ids: readonly string[], wanted: Wanted): readonly string[] {
  if (wanted.kind === 'latest' || wanted.kind === 'end') return ids.slice(-1);
  if (wanted.kind === 'id') return ids.filter((id) => id === wanted.id);
  return ids.filter((id) => timeOf(id) >= Date.parse(wanted.time) - pointAfter);
}

async function listsOf(restic: Restic, place: Place): Promise<Lists> {
  const list = (name: string) =>
    `printf '${name} '; snapshots ${name}; code=$?; echo; [ $code = 0 ] || [ $code = ${resticExit.noRepository} ] || exit $code`;
  const script = ['reached', list('archive'), list('recent')].join('\n');
  const output = await restic({ what: 'look', looks: true, place, script, timeout: 900 });
  if (output.code !== 0) throw unreadable(place, lastWords(output));
  // One that is not there prints nothing behind its name.
  const listed = (name: Repository) => {
    const line = output.stdout.split('\n').find((text) => text.startsWith(`${name} [`));
    return line === undefined ? [] : (JSON.parse(line.slice(name.length + 1)) as Listed[]);
  };
  return { archive: listed('archive'), recent: listed('recent') };
}

async function manifestOf(restic: Restic, place: Place, lists: Lists, id: string): Promise<Manifest> {
  const listed = tagged(lists, `manifest=${id}`).at(-1);
  if (!listed)
    throw broken(
      id,
      `the snapshot with its manifest is not in ${place === 'local' ? 'the local repository' : 'the remote one'}`,
    );
  const script = `${listed.repository} dump --no-lock ${quote(listed.id)} ${generationRoot}/stage/manifest.json`;
  const output = await restic({ what: 'look', looks: true, place, script, timeout: 900 });
  if (output.code !== 0) throw broken(id, lastWords(output));
  const manifest = readManifest(output.stdout);
  if (typeof manifest === 'string') throw broken(id, manifest);
  if (manifest.id !== id) throw broken(id, `its manifest is that of ${manifest.id}`);
  return manifest;
}

/** The whole generation below, and what changed since. */
async function layersOf(restic: Restic, place: Place, lists: Lists, manifest: Manifest): Promise<Found['layers']> {
  const whole = manifest.kind === 'full' ? manifest : await manifestOf(restic, place, lists, manifest.full);
  return [...new Set([whole, manifest])].map((one) => {
    const repository = one.kind === 'full' ? 'archive' : 'recent';
    const listed = lists[repository].find(
      ({ tree, tags }) => tree === one.tree && tags?.includes(`generation=${one.id}`),
    );
    if (!listed) throw broken(one.id, `the snapshot ${one.tree.slice(0, 10)} that its manifest names is not there`);
    const bytes = listed.summary?.total_bytes_processed;
    return { repository, snapshot: listed.id, ...(bytes === undefined ? {} : { bytes }) };
  });
}

function notThere(place: Place, ids: readonly string[], wanted: Wanted): RunbookError {
  const newest = ids.at(-1);
  const asked = {
    latest: 'generation',
    end: 'generation',
    id: `generation ${wanted.kind === 'id' ? wanted.id : ''}`,
    time: `generation of ${wanted.kind === 'time' ? wanted.time : ''} or later`,
  };
  return new RunbookError('refused', {
    what: `there is no ${asked[wanted.kind].trim()} in the ${place} repository`,
    cause: newest ? `there are ${ids.length}, from ${ids[0]} to ${newest}` : 'it has none at all',
    next: newest
      ? `--to latest, or --to one of them: npx zx runbooks/backup.mjs --list`
      : `--from ${place === 'local' ? 'remote' : 'local'}`,
  });
}

const unreadable = (place: Place, cause: string) =>
  new RunbookError('changeFailed', {
    what: `the ${place} repository of the backups cannot be read`,
    cause,
    next: `nothing was touched. --from ${place === 'local' ? 'remote' : 'local'} takes the other copy`,
  });

const broken = (id: string, cause: string) =>
  new RunbookError('changeFailed', {
    what: `the generation ${id} is not whole`,
    cause,
    next: 'nothing was touched. Take an older one: npx zx runbooks/backup.mjs --list',
  });
