import { readdirSync } from 'node:fs';
import type { Config } from '../../config/config.types.ts';
import { idOf, type Manifest, timeOf } from '../../core/generation.ts';
import { backupPaths } from '../../phases/layout.ts';
import { readJson } from './store/index.ts';

/**
 * What the next generation is called; pure. Names are in the order in which generations were made, whatever the clock of the host
 * does: the newest is what `latest` gives, and what retention keeps. `back`: the clock is behind that of the newest one, so that
 * times of files do not tell what came since.
 */
export function nextId(
  now: Date,
  newest: { readonly id: string; readonly began: string } | undefined,
): { readonly id: string; readonly back: boolean } {
  if (!newest) return { id: idOf(now), back: false };
  const id = idOf(new Date(Math.max(now.getTime(), timeOf(newest.id) + 1000)));
  return { id, back: now.getTime() < Date.parse(newest.began) };
}

/** The newest generation that the host has a manifest of at hand. */
export function newestOf(config: Config): Manifest | undefined {
  const { generations } = backupPaths(config);
  const names = readdirSync(generations).filter((name) => name.endsWith('.json'));
  return names
    .sort()
    .reverse()
    .map((name) => readJson<Manifest>(`${generations}/${name}`))
    .find((manifest) => manifest !== undefined);
}
