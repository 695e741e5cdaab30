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

/** Everything the lab makes in an engine carries this label; lower() removes what carries it and nothing else. */
export const LABEL = 'gitea-runbooks.lab=1';

/** Prefix of the names of the lab's containers, volumes and networks. */
export const PREFIX = 'gitea-runbooks-lab';

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
