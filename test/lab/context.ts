// What every part of the lab is handed: where to write, whom to tell, when to stop.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** A line of progress. `ms` is set at the end of a phase: how long it took. */
export interface LabEvent {
  phase: string;
  text: string;
  ms?: number;
}

export interface Context {
  /** Folder of the lab's files (keys, config, state). */
  dir: string;
  cache: string;
  signal: AbortSignal | undefined;
  onEvent: (event: LabEvent) => void;
}

/** Labs may stand side by side: one that has a name in the environment shares engine, images and cache with the others, and nothing else. */
export const LAB_NAME = process.env.LAB_NAME ?? '';
if (!/^[a-z0-9]{0,8}$/.test(LAB_NAME)) throw new Error('LAB_NAME is at most 8 small letters and digits');

/** Everything that a lab makes in an engine carries this label. */
export const ANY_LABEL = 'gitea-runbooks.lab';
/** The same with this lab's value; lower() removes what carries it and nothing else. */
export const LABEL = `${ANY_LABEL}=${LAB_NAME || 1}`;

/** Prefix of the names of the images, which all labs share. */
export const PREFIX = 'gitea-runbooks-lab';
/** Prefix of the names of this lab's containers, volumes and networks. */
export const OWN_PREFIX = LAB_NAME ? `${PREFIX}-${LAB_NAME}` : PREFIX;

/** The cache of the lab: images, apt packages, registry content. */
export function cacheDir(): string {
  const base = process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache');
  return path.join(base, 'gitea-runbooks', 'lab');
}

/** The folder test/lab of the source tree, from the sources as well as from the bundle in dist/. */
export function sourceDir(): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  for (const candidate of [here, path.join(here, '../test/lab'), path.join(here, '../../test/lab')]) {
    if (existsSync(path.join(candidate, 'images/host/Dockerfile'))) return path.resolve(candidate);
  }
  throw new Error(`the lab's image sources are not beside ${here}: run it from a checkout of the project`);
}

/** Runs one phase and reports its start, its end and how long it took. */
export async function phase<T>(context: Context, name: string, text: string, work: () => Promise<T>): Promise<T> {
  context.signal?.throwIfAborted();
  const start = Date.now();
  context.onEvent({ phase: name, text });
  const result = await work();
  context.onEvent({ phase: name, text: `${text}: done`, ms: Date.now() - start });
  return result;
}
