import type { Config } from '../../../config/config.types.ts';
import { RunbookError } from '../../../core/errors.ts';
import type { ListedGeneration, Manifest } from '../../../core/generation.ts';
import { readFacts } from '../../../engine/facts.ts';
import type { Host } from '../../../host/port.ts';
import { limitOf } from '../../../phases/contributions.ts';
import { contributions } from '../../../phases/index.ts';
import { backupPaths } from '../../../phases/layout.ts';
import { type Place, type Restic, resticExit, resticOn } from './restic.ts';
import { readJson, stateOf } from './state.ts';
import { lastWords } from './words.ts';

/** restic for work on the host, with the memory that the plan gives it. */
export async function resticFor(config: Config, host: Host, tell?: (text: string) => void): Promise<Restic> {
  const { memoryMiB } = await readFacts(host);
  return resticOn(host, config, limitOf(contributions(config), 'backup', memoryMiB), tell);
}

interface SnapshotRow {
  readonly tags?: readonly string[];
  /** Of a restic that writes one, which a copy keeps. */
  readonly summary?: { readonly total_bytes_processed?: number; readonly data_added_packed?: number };
}

/** The generations that are there, as the repositories themselves say, newest first. On the host. Throws `changeFailed`. */
export async function listGenerations(config: Config, host: Host): Promise<readonly ListedGeneration[]> {
  const restic = await resticFor(config, host);
  const places: readonly Place[] = config.backup.remote ? ['local', 'remote'] : ['local'];
  const asked = await Promise.allSettled(
    places.map(async (place) => ({ place, rows: await manifestsIn(restic, place) })),
  );
  const found = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = asked.find((one) => one.status === 'rejected');
  if (failed) throw withOther(failed.reason, found);
  const { generations } = backupPaths(config);
  const { at, newest, failed: unsound } = stateOf(config, 'verify');
  const soundAt = (id: string, places: readonly Place[]) =>
    at !== undefined && !unsound && places.every((place) => (newest?.[place] ?? '') >= id) ? { verified: at } : {};
  const byId = new Map<string, ListedGeneration>();
  for (const { place, rows } of found) {
    for (const { system: _, ...row } of rows) {
      const before = byId.get(row.id);
      const manifest = before?.manifest ?? summaryOf(readJson<Manifest>(`${generations}/${row.id}.json`));
      byId.set(row.id, {
        ...before,
        ...row,
        places: [...(before?.places ?? []), place],
        ...(manifest ? { manifest } : {}),
      });
    }
  }
  return [...byId.values()]
    .map((one) => ({ ...one, ...soundAt(one.id, one.places) }))
    .sort((a, b) => b.id.localeCompare(a.id));
}

/** On the day on which one place cannot be read it matters what the other one has. */
function withOther(
  error: unknown,
  found: readonly { readonly place: Place; readonly rows: readonly Row[] }[],
): unknown {
  const other = found.find(({ rows }) => rows.length > 0);
  if (!(error instanceof RunbookError) || !other) return error;
  const newest = other.rows
    .map(({ id }) => id)
    .sort()
    .at(-1);
  const where = other.place === 'local' ? 'on the host' : 'off the host';
  return new RunbookError(error.kind, {
    ...error.parts,
    next: `${where} there are ${other.rows.length}, the newest is ${newest}: npx zx runbooks/restore.mjs --from ${other.place} --preview. Why the other place is not read: npx zx runbooks/doctor.mjs`,
  });
}

function summaryOf(manifest: Manifest | undefined): ListedGeneration['manifest'] {
  if (!manifest) return undefined;
  const { began, ended, added, degraded, gap, database, files } = manifest;
  const { repositories, changed } = files;
  return {
    ...{ began, ended, added, degraded, at: database.point.at, repositories },
    ...(changed ? { changed: changed.length } : {}),
    ...(gap ? { gap } : {}),
  };
}

type Row = Omit<ListedGeneration, 'places' | 'manifest' | 'verified'> & { readonly system: string | undefined };

/** Without its manifest it is no generation. */
export async function manifestsIn(restic: Restic, place: Place): Promise<readonly Row[]> {
  // One that is not there yet holds nothing.
  const ask = (name: string) =>
    `snapshots ${name} 2>/tmp/said; code=$?; echo; [ $code = 0 ] || [ $code = ${resticExit.noRepository} ] || { cat /tmp/said >&2; exit $code; }`;
  const output = await restic({
    what: `list-${place}`,
    looks: true,
    place,
    script: ['reached', ask('archive'), ask('recent')].join('\n'),
    timeout: 300,
  });
  if (output.code !== 0) {
    throw new RunbookError('changeFailed', {
      what: `the ${place} repositories cannot be read`,
      cause: lastWords(output),
      next: 'npx zx runbooks/doctor.mjs',
    });
  }
  const snapshots = output.stdout
    .split('\n')
    .filter((line) => line.startsWith('['))
    .flatMap((line) => JSON.parse(line) as SnapshotRow[]);
  return snapshots
    .flatMap(({ tags = [] }) => rowOf(tags))
    .map((row) => {
      // The last one counts: it is repeated where something could not be read at once.
      const { summary } = snapshots.findLast(({ tags }) => tags?.includes(`generation=${row.id}`)) ?? {};
      const { total_bytes_processed: holds, data_added_packed: added } = summary ?? {};
      return holds === undefined ? row : { ...row, size: { holds, added: added ?? 0 } };
    });
}

/** What the tags of a manifest's snapshot say; none for any other. */
export function rowOf(tags: readonly string[]): readonly Row[] {
  const value = (name: string) => tags.find((tag) => tag.startsWith(`${name}=`))?.slice(name.length + 1);
  const [id, kind, full] = [value('manifest'), value('kind'), value('full')];
  if (id === undefined || full === undefined || (kind !== 'full' && kind !== 'partial')) return [];
  return [{ id, kind, full, system: value('system') }];
}
