import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { RunbookError } from '../../../core/errors.ts';
import { timeOf } from '../../../core/generation.ts';
import { sha256 } from '../../../core/hash.ts';
import type { Host } from '../../../host/port.ts';
import { giteaData } from '../../../phases/layout.ts';
import {
  generationRoot,
  lastWords,
  manifestsIn,
  type Place,
  parseRefs,
  type RepositoryRefs,
  type RepositoryRow,
  type Restic,
  type Rows,
} from '../../backup/index.ts';
import { type Found, find, mustFit, type Wanted } from '../finding/index.ts';
import { wikiOf } from './choice.ts';

/** What reads of the backups here: containers of two with another word may run at once. */
export interface Reader {
  readonly host: Host;
  readonly restic: Restic;
  readonly from: Place;
  readonly what: 'repository' | 'preview';
  /** On the disk of the data: `generation` and `below` come to lie in it, as in a whole restore. */
  readonly folder: string;
}

/** Seconds: one repository, however large, through a line. */
const limit = 12 * 3600;

/**
 * The generation that is meant. For a moment the newest that is not after it: without the log of the database nothing tells what
 * of a later one had been there by then. Throws `refused`, `changeFailed`.
 */
export async function generationFor({ restic, from }: Reader, wanted: Wanted): Promise<Found> {
  if (wanted.kind !== 'time') return find(restic, from, wanted);
  const moment = Date.parse(wanted.time);
  const ids = (await manifestsIn(restic, from)).map(({ id }) => id).sort();
  for (const id of ids.filter((one) => timeOf(one) <= moment).reverse()) {
    const found = await find(restic, from, { kind: 'id', id });
    if (Date.parse(found.manifest.database.point.at) <= moment) return found;
  }
  throw new RunbookError('refused', {
    what: `there is no generation of ${wanted.time} or earlier in the ${from} repository`,
    cause: ids.length > 0 ? `there are ${ids.length}, from ${ids[0]} to ${ids.at(-1)}` : 'it has none at all',
    next: '--to one of them: npx zx runbooks/backup.mjs --list',
  });
}

/** The lists of a generation: which repositories it has, and their refs. Those of the whole one below it come along. */
export async function fetchLists(reader: Reader, found: Found): Promise<readonly RepositoryRow[]> {
  const list = [`${generationRoot}/stage/refs.txt`, `${generationRoot}/stage/rows.json`];
  await fetchPaths(
    reader,
    found,
    found.layers.map(() => list),
    0,
    'rm -rf /target/below\nmv /target/generation/stage /target/below',
  );
  const stage = `${reader.folder}/generation/stage`;
  const { refs, rows } = found.manifest.files;
  for (const [name, hash] of [
    ['refs.txt', refs],
    ['rows.json', rows],
  ] as const) {
    if (existsSync(`${stage}/${name}`) && sha256(readFileSync(`${stage}/${name}`)) === hash) continue;
    throw new RunbookError('changeFailed', {
      what: `${name} of the generation ${found.manifest.id} is not what its manifest says`,
      next: 'nothing in use was touched. Take an older generation: npx zx runbooks/backup.mjs --list',
    });
  }
  return (JSON.parse(readFileSync(`${stage}/rows.json`, 'utf8')) as Pick<Rows, 'repositories'>).repositories;
}

/** The refs of a repository and of its wiki, as far as the list has them. */
export function refsIn(folder: string, path: string, below: boolean): { code?: RepositoryRefs; wiki?: RepositoryRefs } {
  const lists = [`${folder}/below/refs.txt`, `${folder}/generation/stage/refs.txt`];
  const text = readFileSync(lists[below && existsSync(lists[0]!) ? 0 : 1]!);
  const found: { code?: RepositoryRefs; wiki?: RepositoryRefs } = {};
  for (const repository of parseRefs(text)) {
    if (repository.path === path) found.code = repository;
    if (repository.path === wikiOf(path)) found.wiki = repository;
  }
  return found;
}

/** Full paths in a generation of what lies below the folder of repositories. */
export const inRepositories = (paths: readonly string[]) =>
  paths.map((path) => `${generationRoot}/data/${giteaData.repositories}/${path}`);

/** Bytes of some directories in a generation, as restic lists them; 0 where it does not say. `wanted` as in `fetchPaths`. */
export async function sizeOf(
  { restic, from, what }: Reader,
  { layers }: Found,
  wanted: readonly (readonly string[])[],
): Promise<number> {
  const script = layers.flatMap(({ repository, snapshot }, at) => {
    const paths = wanted[at] ?? [];
    return paths.length === 0 ? [] : [`${repository} ls --no-lock --json --recursive ${snapshot} ${paths.join(' ')}`];
  });
  const sum = `{ ${script.join('; ')}; } 2>/dev/null | grep -o '"size":[0-9]*' | awk -F: '{ sum += $2 } END { printf "%.0f\\n", sum }'`;
  const output = await restic({ what, place: from, script: sum, timeout: 900 });
  return output.code === 0 ? Number(output.stdout.trim()) || 0 : 0;
}

/**
 * Gets some paths out of restic, the newer layer over the older one. `wanted`: full paths for each layer; none: it is not asked.
 * `bytes`: what they take, at most.
 * What a layer does not have is no failure. Throws `changeFailed`, and `refused` where there is too little room.
 */
export async function fetchPaths(
  reader: Reader,
  { layers, manifest }: Found,
  wanted: readonly (readonly string[])[],
  bytes: number,
  between = 'true',
): Promise<void> {
  const { host, restic, from, what, folder } = reader;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const script = layers.flatMap(({ repository, snapshot }, at) => {
    const paths = wanted[at] ?? [];
    if (paths.length === 0) return [];
    writeFileSync(`${folder}/list-${at}`, paths.map((path) => `${path}\n`).join(''));
    return [`${repository} restore --no-lock ${snapshot} --target /target --include-file /target/list-${at} || exit`];
  });
  if (script.length === 0) return;
  await mustFit(host, folder, bytes, 'what is fetched');
  const mounts = [{ source: folder, target: '/target', writable: true }];
  const output = await restic({
    what,
    place: from,
    script: script.join(`\n${between}\n`),
    mounts,
    restores: true,
    timeout: limit,
  });
  if (output.code === 0) return;
  throw new RunbookError('changeFailed', {
    what: `the files of the generation ${manifest.id} could not all be restored`,
    where: host.label,
    cause: lastWords(output),
    next: `nothing in use was touched; --from ${from === 'local' ? 'remote' : 'local'} takes the other copy, an older generation may be sound`,
  });
}
