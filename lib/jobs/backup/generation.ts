import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import type { Config } from '../../config/config.types.ts';
import { counted } from '../../core/counted.ts';
import { RunbookError } from '../../core/errors.ts';
import type { Base, Manifest, Moved } from '../../core/generation.ts';
import { sha256 } from '../../core/hash.ts';
import { backupPaths, containers, dataPaths, giteaData } from '../../phases/layout.ts';
import { mend, mended } from './checking/index.ts';
import {
  addBase,
  type Chain,
  chainNow,
  gapBehind,
  gapIn,
  gapText,
  keepChain,
  type Marked,
  mark,
  type Row,
  received,
  rowsNow,
  segmentsIn,
  streamAnew,
  streams,
} from './database/index.ts';
import { newerFiles, type Scan, type Seen, scan } from './files/index.ts';
import { newestOf, nextId } from './id.ts';
import { writeManifest } from './manifest.ts';
import { prepare } from './prepare.ts';
import { settled } from './settled.ts';
import { mustHaveReserve, saysFull } from './space/index.ts';
import {
  partialList,
  readJson,
  type Snapshot,
  stateOf,
  storages,
  tellState,
  type Work,
  writeJson,
  writeWhole,
} from './store/index.ts';

/** What a whole generation leaves for those of the changes since. */
interface SinceFull {
  readonly full: string;
  /** Milliseconds since 1970 at which it began. */
  readonly began: number;
  readonly seen: Seen;
}

/**
 * Make one generation in the local repositories. The order is what it rests on: the restore point of the database first, then
 * all refs, then the files, so that whatever was acknowledged before the restore point is in the files.
 */
export async function generation(work: Work, wantFull: boolean): Promise<Manifest> {
  const { config, host, tell } = work;
  const began = new Date();
  const { id, back } = nextId(began, newestOf(config));
  await prepare(work);
  mustHaveReserve(config);
  if (back)
    tell(
      `the clock of the host has gone back since the newest generation: a whole one is needed, because times of files do not tell what is new`,
    );
  const lost = !(await streams(host));
  if (lost) {
    tell(
      'the log of the database is not received, or has lost its place: beginning anew, with a gap behind the last generation',
    );
    await streamAnew(host, backupPaths(config).wal);
  }
  const mending = await mend(work);
  const since = lost || wantFull || back || mending.whole ? undefined : sinceFull(config);
  if (since) {
    const made = await partial(work, { id, began, since });
    if (made) return made;
  }
  const { system, point } = await mark(host, `${id}_base`);
  const before = chainNow(config);
  const gap = gapBehind(config, { lost, point, before: before?.system === system ? before : undefined });
  if (gap)
    tell(
      `no moment between ${gap.from} and ${gap.to} can be brought back: the log of the database has a gap there${gap.why ? `, ${gap.why}` : ''}`,
    );
  tell('copying the database');
  const chain = await addBase(config, host, { id, system, anew: lost || mending.anew, onLine: tell });
  const made = await whole(work, { id, began, chain, gap });
  keepChain(config, chain);
  mended(config);
  return made;
}

/** What is known since the last whole one, where one of changes can rest on it. */
function sinceFull(config: Config): SinceFull | undefined {
  const { stage, generations } = backupPaths(config);
  const since = readJson<SinceFull>(`${stage}/seen.json`);
  if (!since || !existsSync(`${generations}/${since.full}.json`) || !existsSync(`${stage}/seen-refs.txt`))
    return undefined;
  return chainNow(config) ? since : undefined;
}

interface Point extends Marked {
  readonly rows: readonly Row[];
  readonly scan: Scan;
  readonly queues: boolean;
}

/** The restore point, and what has to be read right behind it. */
async function pointOf({ config, host, tell }: Work, id: string, before?: Parameters<typeof scan>[1]): Promise<Point> {
  const { stage } = backupPaths(config);
  const { giteaData: data } = dataPaths(config);
  const queues = await stageQueues({ config, host });
  const marked = await mark(host, id);
  const rows = await rowsNow(host);
  const seen = await scan(`${data}/${giteaData.repositories}`, before);
  writeWhole(`${stage}/refs.txt`, seen.refs);
  writeJson(`${stage}/rows.json`, { repositories: rows });
  tell(`restore point ${marked.point.at}: ${counted(seen.repositories, 'repository', 'repositories')}`);
  await received(host, marked.point.lsn);
  return { ...marked, rows, scan: seen, queues };
}

/** Seconds that Gitea gets to do what it has acknowledged; what is left then comes along as it is. */
const flushLimit = 10;

/** Gitea's undone work, from right before the restore point: what it does after it would otherwise be lost, or done twice. */
async function stageQueues({ config, host }: Pick<Work, 'config' | 'host'>): Promise<boolean> {
  const { stage } = backupPaths(config);
  const live = `${dataPaths(config).giteaData}/${giteaData.queues}`;
  // As far as it comes in that time: what is left is copied, and a Gitea that is down has nothing to flush.
  const flush = `timeout ${flushLimit + 5} docker exec ${containers.gitea} gitea manager flush-queues --timeout ${flushLimit}s >/dev/null 2>&1 || true`;
  await host.run({ script: flush, timeout: flushLimit + 30 });
  rmSync(`${stage}/queues`, { recursive: true, force: true });
  if (!existsSync(live)) return false;
  mkdirSync(`${stage}/queues`, { mode: 0o700 });
  // Files come and go meanwhile; what is half of one is nothing to Gitea's reader.
  const { stderr } = await host.run({ script: `cp -a -- ${live}/. ${stage}/queues/ || true`, timeout: 300 });
  if (saysFull(stderr)) throw stageFull(stderr);
  return true;
}

interface Frame {
  readonly id: string;
  readonly began: Date;
}

async function whole(
  work: Work,
  { id, began, chain, gap: behind }: Frame & { chain: Chain; gap: Manifest['gap'] },
): Promise<Manifest> {
  const { config, tell } = work;
  const { stage } = backupPaths(config);
  const point = await pointOf(work, id);
  const gap = gapIn(segmentsIn(backupPaths(config).wal), chain.bases.at(-1)!, point.point);
  if (gap) throw gapFailed(gap);
  tell('reading all files');
  const { snapshot, changes } = await settled(work, point.rows, { repository: 'archive', tags: [`generation=${id}`] });
  const manifest = await writeManifest(work, {
    ...{ id, kind: 'full', full: id, began, snapshot, point: point.point, marked: point, bases: chain.bases },
    ...(behind ? { gap: behind } : {}),
    files: filesPart(config, point, changes),
    degraded: degradedBy(point, snapshot),
  });
  writeWhole(`${stage}/seen-refs.txt`, point.scan.refs);
  writeJson(`${stage}/seen.json`, { full: id, began: began.getTime(), seen: point.scan.seen } satisfies SinceFull);
  noteGeneration(config, manifest, snapshot);
  return manifest;
}

/** Undefined where it cannot rest on the last whole one any more. */
async function partial(work: Work, { id, began, since }: Frame & { since: SinceFull }): Promise<Manifest | undefined> {
  const { config, tell } = work;
  const { stage, wal } = backupPaths(config);
  const { giteaData: data } = dataPaths(config);
  const { bases, system } = chainNow(config)!;
  const point = await pointOf(work, id, { seen: since.seen, refs: readFileSync(`${stage}/seen-refs.txt`) });
  const why = brokenBy(bases.at(-1)!, system, point, wal);
  if (why) {
    tell(`${why}: a whole generation is needed`);
    return undefined;
  }
  const files = (await newerFiles(storages(data), since.began)).map((path) => path.slice(data.length + 1));
  let listed = '';
  // What is not there any more would make restic tell of an incomplete snapshot. Gives whether it is another list now.
  const list = (also: readonly string[] = []) => {
    const there = (below: string) => (path: string) => existsSync(`${data}/${below}${path}`);
    const repositories = [...point.scan.changed, ...also].filter(there(`${giteaData.repositories}/`));
    const content = partialList(repositories, files.filter(there('')));
    const before = listed;
    listed = sha256(content);
    if (listed !== before) writeWhole(`${stage}/list`, content);
    return listed !== before;
  };
  list();
  tell(`changed since ${since.full}: ${counted(point.scan.changed.length, 'repository', 'repositories')}`);
  const last = stateOf(config, 'backup').generation;
  const { snapshot, changes } = await settled(
    work,
    point.rows,
    {
      ...{ repository: 'recent', tags: [`generation=${id}`], list: 'list' },
      parent: last?.kind === 'partial' ? last.snapshot : undefined,
    },
    list,
  );
  const manifest = await writeManifest(work, {
    ...{ id, kind: 'partial', full: since.full, began, snapshot, point: point.point, marked: point, bases },
    files: { ...filesPart(config, point, changes), changed: point.scan.changed },
    degraded: degradedBy(point, snapshot),
  });
  noteGeneration(config, manifest, snapshot);
  return manifest;
}

/** Why the copies of the database that there are lead no further, or undefined. */
function brokenBy(base: Base, system: string, { point, system: now }: Point, wal: string) {
  if (now !== system) return 'this is another database';
  if (base.timeline !== point.timeline) return 'the database has been restored meanwhile';
  const gap = gapIn(segmentsIn(wal), base, point);
  return gap && `the log of the database has a gap: ${gapText(wal, gap)}. No moment within it can be brought back`;
}

const filesPart = (config: Config, { scan: seen, queues }: Point, { renamed, deleted, made }: Moved) => ({
  repositories: seen.repositories,
  refs: sha256(seen.refs),
  rows: sha256(readFileSync(`${backupPaths(config).stage}/rows.json`)),
  moved: { renamed, deleted, made },
  queues,
});

const degradedBy = ({ scan: seen }: Point, { unread }: Snapshot) => [
  ...seen.degraded.slice(0, 20),
  ...unread.map((what) => `not read: ${what}`),
];

function noteGeneration(config: Config, { id, kind, database, degraded }: Manifest, made: Snapshot): void {
  const generation = { id, kind, at: database.point.at, degraded, snapshot: made.id, bytes: made.bytes };
  tellState(config, 'backup', { generation, ...(kind === 'full' ? { full: generation } : {}) });
}

const stageFull = (cause: string) =>
  new RunbookError('changeFailed', { what: "Gitea's queue of undone work could not be copied", cause, next: 'df -h' });

const gapFailed = ({ first, last }: { first: string; last: string }) =>
  new RunbookError('changeFailed', {
    what: `the log of the database is not whole: ${first} to ${last} is missing`,
    next: `on the host: docker logs --tail 30 ${containers.wal}; the next run begins anew`,
  });
