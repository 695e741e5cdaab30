import { readFileSync } from 'node:fs';
import type { Config } from '../../config/config.types.ts';
import { drillRecord, type Proven, provenIn } from '../../phases/proven.ts';

/** What the newest drill of this host came to; undefined where there was none. */
export function lastDrill(config: Pick<Config, 'backup'>): Proven | undefined {
  try {
    return provenIn(readFileSync(drillRecord(config), 'utf8'));
  } catch {
    return undefined;
  }
}
