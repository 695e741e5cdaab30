import type { Secret } from '../secret.ts';
import type { Impact, Wanted } from './wanted.ts';

/** A container image that must be present before anything that runs is stopped for it. */
export interface ImagesSpec extends Wanted {
  readonly kind: 'images';
  readonly refs: readonly string[];
}

/** One Compose project. `text` is the whole compose file, `path` where it lies on the host. */
export interface ComposeSpec extends Wanted {
  readonly kind: 'compose';
  readonly project: string;
  readonly path: string;
  readonly text: string;
  /** All containers that count. Others of the project (one-shot ones, or what somebody started) are not looked at. */
  readonly services: readonly ComposeService[];
  /** Seconds that all containers together may take to become healthy. */
  readonly timeout: number;
  /** Folder of the data that the containers must be on. Containers that run on another one are left alone. */
  readonly data: string;
  readonly hold?: HoldSpec;
}

/** How requests and SSH connections are kept waiting while what serves them is restarted. */
export interface HoldSpec {
  /** The proxy keeps requests while this file's time lies in the future. */
  readonly flag: string;
  /** The proxy's service, and its container. */
  readonly service: string;
  readonly proxy: string;
  /** Services whose restart is noticed by them. */
  readonly of: readonly string[];
  /** Where the proxy sends requests to. */
  readonly address: string;
  readonly ports: readonly number[];
  /** Unix socket, inside the proxy, of the way for connections that never end by themselves. */
  readonly endless: string;
  /** Answers 200 once requests can be served. */
  readonly health: string;
  /** Seconds that a restart is put off for what takes long. Nobody is kept waiting meanwhile. */
  readonly patience: number;
}

export interface ComposeService {
  readonly name: string;
  readonly image: string;
  /** What recreating this container costs the users. */
  readonly impact: Impact;
  /** Ports of the host that it publishes. */
  readonly ports?: readonly number[];
  /** Folder below that of all data which holds its own. A container that has it elsewhere is left alone. */
  readonly data?: string;
  /** Files that it reads once, when it starts: what it runs with is what they said then. */
  readonly reads?: readonly { readonly path: string; readonly content: Secret }[];
}

/** Nginx must run with the configuration that lies on the disk. */
export interface ReloadSpec extends Wanted {
  readonly kind: 'reload';
  readonly container: string;
  /** URL, reachable from the host only, that answers with the hash of the loaded configuration. */
  readonly url: string;
  readonly hash: string;
  readonly test: readonly string[];
  readonly reload: readonly string[];
}
