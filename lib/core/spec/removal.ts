import type { Mark } from '../mark.ts';
import type { Wanted } from './wanted.ts';

/** Files, or folders with nothing but files in them, that nobody reads any more: of a value that has been replaced, for example. */
export interface LeftoversSpec extends Wanted {
  readonly kind: 'leftovers';
  readonly directory: string;
  /** A file belongs to a stem when it is called like it, or like it with a dot and more. */
  readonly stems: readonly string[];
  /** Names in `directory` that stay. */
  readonly keep: readonly string[];
}

/** A folder of ours with a folder for each version of something: the wanted one and the newest other stay. */
export interface GenerationsSpec extends Wanted {
  readonly kind: 'generations';
  readonly directory: string;
  /** A file that each finished version has, below its own folder. */
  readonly mark: string;
  /** The wanted version. */
  readonly keep: string;
}

/**
 * What a deploy leaves on the host is marked there, and what is marked and wanted no more goes. Behind all other specs:
 * it is judged by them.
 */
export interface OwnedSpec extends Wanted {
  readonly kind: 'owned';
  /** The file of marks. */
  readonly path: string;
  /** Folder for files that were edited by hand, and for those of others that a deploy has replaced. */
  readonly kept: string;
  /** Everything that shall carry a mark, each with the id of the spec that brings it about. */
  readonly wanted: readonly { readonly spec: string; readonly mark: Mark }[];
  /** Paths that stay, marked or not: others look after them, or data depends on them. */
  readonly stays: readonly string[];
  /** First line of every file of ours that has comments, without what begins a comment. */
  readonly header: string;
  /** Where such files were put before there were marks. */
  readonly searched: readonly string[];
}
