import type { Impact, Wanted } from './wanted.ts';

/** Distribution packages, installed together by one run of the package manager. */
export interface PackagesSpec extends Wanted {
  readonly kind: 'packages';
  readonly names: readonly string[];
  /** Least version of a package, by its name, in the order of dpkg: an older one counts as missing. */
  readonly minimum?: Readonly<Record<string, string>>;
  /** By the name of a package: others of which any one installed does as well, and then it is not installed. */
  readonly alternatives?: Readonly<Record<string, readonly string[]>>;
}

/**
 * A systemd unit that must be enabled and active. It is restarted when a watched file is newer than its start:
 * that is seen on the host, so a crash between "file written" and "unit restarted" loses nothing.
 */
export interface UnitSpec extends Wanted {
  readonly kind: 'unit';
  readonly name: string;
  readonly watches?: readonly string[];
  /** Units of which any one that is active does as well. */
  readonly alternatives?: readonly string[];
  /** How a restart feels to users. */
  readonly impact: Impact;
}

/** A swap file of this size in MiB, made when the host has no swap at all. */
export interface SwapSpec extends Wanted {
  readonly kind: 'swap';
  readonly path: string;
  readonly sizeMiB: number;
}

/** The Node runtime that the release on the host runs with. */
export interface RuntimeSpec extends Wanted {
  readonly kind: 'runtime';
  readonly path: string;
  readonly packageName: string;
  readonly version: string;
  /** Subresource-integrity string of the npm tarball. */
  readonly integrity: string;
}
