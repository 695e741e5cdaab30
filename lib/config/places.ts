import type { Config } from './config.types.ts';
import type { Place } from './problem.ts';

type Find = (path: string) => Place | undefined;

/** Where the values of a config that was read from files are written; a config that was made otherwise has none. */
const known = new WeakMap<Config, Find>();

export function rememberPlaces(config: Config, find: Find | undefined): void {
  if (find) known.set(config, find);
}

/** Of a config that was made of another one. */
export const samePlaces = (from: Config, to: Config) => rememberPlaces(to, known.get(from));

/** Where the value at a dotted path is written; undefined where it is a default, or the config came from nowhere. */
export const placeOf = (config: Config, path: string): Place | undefined => known.get(config)?.(path);
