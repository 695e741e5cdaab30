import type { Secret } from '../secret.ts';
import type { Impact, Wanted } from './wanted.ts';

/** One file, written as a whole. `content` as a Secret keeps it out of every diff. */
export interface FileSpec extends Wanted {
  readonly kind: 'file';
  readonly path: string;
  readonly content: string | Uint8Array | Secret;
  /** Octal as chmod takes it, for example "0644". */
  readonly mode: string;
  /** Numeric owner and group. */
  readonly uid: number;
  readonly gid: number;
  /** What a change of this file costs by itself. */
  readonly impact?: Impact;
  /** POSIX shell run on the host before the file takes its place; `$1` is the candidate. Failing keeps the old file. */
  readonly validate?: string;
  /** What would be lost with another value: such a change is refused, whoever asks for it. */
  readonly protect?: string;
  /** Written once: a file that is there keeps its content. */
  readonly keep?: boolean;
  /** For settings with secrets among them: how a diff is shown all the same. */
  readonly settings?: SettingsFile;
}

/** An ini file of which a diff shows everything but the secrets. */
export interface SettingsFile {
  /** Values that are secret, as "section.KEY". */
  readonly hidden: readonly string[];
  /** The container that runs with it, and where its folder is mounted there: the version in use may lie in another one. */
  readonly inUse: { readonly container: string; readonly target: string };
}

export interface DirectorySpec extends Wanted {
  readonly kind: 'directory';
  readonly path: string;
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
}

/** A directory that holds data, marked as ours. One that is neither empty nor marked is refused before anything is touched. */
export interface ClaimSpec extends Wanted {
  readonly kind: 'claim';
  readonly path: string;
  /** Name of the mark in it, and what it says. */
  readonly mark: string;
  readonly text: string;
  /** How the data of a version without marks is known, where there was one. */
  readonly before?: { readonly file: string; readonly firstLine: string };
  /** Key of the config that names the directory. */
  readonly key: string;
}

export interface SymlinkSpec extends Wanted {
  readonly kind: 'symlink';
  readonly path: string;
  readonly target: string;
}
