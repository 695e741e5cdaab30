import type { Config } from '../../../config/config.types.ts';
import type { Manifest, RestorePoint } from '../../../core/generation.ts';
import { backupPaths } from '../../../phases/layout.ts';
import { stateOf } from '../store/index.ts';
import type { Chain } from './bases.ts';
import { gapIn, gapText, segmentsIn } from './wal.ts';

/**
 * The time of which no moment can be had back, where the log of the database did not arrive as a whole since the last generation:
 * up to `from` it had, and from `to` on there is a new copy. `before`: the copies from which it should have led here.
 */
export function gapBehind(
  config: Config,
  { lost, point, before }: { readonly lost: boolean; readonly point: RestorePoint; readonly before: Chain | undefined },
): Manifest['gap'] {
  const base = before?.bases.at(-1);
  const { wal } = backupPaths(config);
  const missing = base?.timeline === point.timeline ? gapIn(segmentsIn(wal), base, point) : undefined;
  if (!lost && !missing) return undefined;
  const reached = [
    stateOf(config, 'backup').generation?.at,
    ...(config.backup.remote ? [stateOf(config, 'wal').at] : []),
  ];
  const from = reached
    .filter((at) => at !== undefined)
    .sort()
    .at(-1);
  if (from === undefined) return undefined;
  return { from, to: point.at, ...(missing ? { why: gapText(wal, missing) } : {}) };
}
