import { rmSync } from 'node:fs';
import type { Config } from '../../../config/config.types.ts';
import type { Host } from '../../../host/port.ts';
import { backupPaths, dataPaths } from '../../../phases/layout.ts';
import { type Place, type Restic, readJson, writeJson } from '../../backup/index.ts';
import type { Name } from './choice.ts';

/** What every part works with. */
export interface Work {
  readonly config: Config;
  readonly host: Host;
  readonly restic: Restic;
  readonly tell: (text: string) => void;
}

/** What becomes of it: it comes back beside the one in use, or that one's branches and tags go back. */
export type RepositoryWay = 'beside' | 'refs';

/** What is wanted of a repository. */
export interface RepositoryRequest {
  /** `owner/name`, as it is called now or was called then. */
  readonly repo: string;
  /** `latest`, the name of a generation, or a moment. */
  readonly to: string;
  readonly from: Place;
  /** Another name for what comes back, or `owner/name`. */
  readonly as?: string | undefined;
}

/** Where it works; gone when it is done. A preview has one of its own and may run at the same time. */
export const folderOf = (config: Config, what: 'repository' | 'preview') =>
  `${dataPaths(config).root}/restore-one-${what}`;

export const dropFolder = (config: Config, what: 'repository' | 'preview') =>
  rmSync(folderOf(config, what), { recursive: true, force: true });

/** What a call has begun that the next one has to end or take back, if it was cut off. */
export type Begun =
  | { readonly kind: 'placed'; readonly target: Name; readonly generation: string }
  | { readonly kind: 'refs'; readonly repository: number; readonly lines: readonly string[] };

const path = (config: Config) => `${backupPaths(config).root}/restore-one.json`;

export const begun = (config: Config) => readJson<Begun>(path(config));
export const note = (config: Config, what: Begun) => writeJson(path(config), what);
export const done = (config: Config) => rmSync(path(config), { force: true });
