import type { Config } from '../../../config/config.types.ts';
import type { Host } from '../../../host/port.ts';
import type { Restic } from './restic.ts';

/** What every part of a backup works with. */
export interface Work {
  readonly config: Config;
  readonly host: Host;
  readonly restic: Restic;
  readonly tell: (text: string) => void;
}
