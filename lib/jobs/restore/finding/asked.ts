import type { Config } from '../../../config/config.types.ts';
import { backupPaths } from '../../../phases/layout.ts';
import type { Place, Restic } from '../../backup/index.ts';
import { type Found, find, wantedOf } from './catalog.ts';
import { writtenAt } from './log.ts';

/** What somebody asks for by a word, on the host that has the log. Throws as `wantedOf` and `find` do. */
export const findAsked = (config: Config, restic: Restic, place: Place, to: string): Promise<Found> =>
  find(restic, place, wantedOf(to), writtenAt(backupPaths(config).wal));
