import type { Config } from '../config.types.ts';
import type { Severity } from '../problem.ts';

/** The configuration with every value left out that is missing or of the wrong type. */
export type Draft = { readonly [K in keyof Config]?: Config[K] extends object ? Partial<Config[K]> : Config[K] };

/** What a rule has to say about a value. */
export interface Finding {
  /** Dotted path of the value at fault. */
  readonly path: string;
  readonly severity: Severity;
  readonly message: string;
  /** The other value that takes part: it is pointed at where the first one is a default and so not in the file. */
  readonly other?: string;
  /** A value whose absence is the fault: nothing is said when it is there, and wrong. */
  readonly needs?: string;
  /** JSON pointer of a key that is at fault itself, or with `part` of its value. */
  readonly pointer?: string;
  readonly part?: 'value';
}

export function error(path: string, message: string, more: Partial<Finding> = {}): Finding {
  return { path, severity: 'error', message, ...more };
}
