/** Command-line flags as the library under Gitea reads them: -f, --f, value after "=" or in the next word. */

export interface FlagSpec {
  names: string[];
  kind: 'string' | 'bool' | 'int';
  required?: boolean;
  fallback?: string;
}

export interface Flags {
  get(name: string): string;
  isSet(name: string): boolean;
  on(name: string): boolean;
  rest: string[];
}

/** A mistake of the caller's: printed, exit code 1. */
export class UsageError extends Error {}

const primary = (spec: FlagSpec): string => spec.names[0] as string;

/** Throws UsageError for unknown flags, missing values and missing mandatory flags. */
export function parseFlags(specs: FlagSpec[], args: string[]): Flags {
  const values = new Map<string, string>();
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string;
    if (arg === '--') {
      rest.push(...args.slice(i + 1));
      break;
    }
    const match = /^--?([^=-][^=]*)(?:=(.*))?$/s.exec(arg);
    if (!match) {
      rest.push(arg);
      continue;
    }
    const [, name = '', inline] = match;
    const spec = specs.find((one) => one.names.includes(name));
    if (!spec) throw new UsageError(`flag provided but not defined: -${name}`);
    const value = inline ?? (spec.kind === 'bool' ? 'true' : args[++i]);
    if (value === undefined) throw new UsageError(`flag needs an argument: -${name}`);
    if (spec.kind === 'bool' && !/^(1|t|true|0|f|false)$/i.test(value)) {
      throw new UsageError(`invalid value "${value}" for flag -${name}: parse error`);
    }
    if (spec.kind === 'int' && !/^[+-]?\d+$/.test(value)) {
      throw new UsageError(
        `invalid value "${value}" for flag -${name}: strconv.ParseInt: parsing "${value}": invalid syntax`,
      );
    }
    values.set(primary(spec), value);
  }
  const missing = specs.filter((spec) => spec.required && !values.has(primary(spec))).map(primary);
  if (missing.length === 1) throw new UsageError(`Required flag "${missing[0]}" not set`);
  if (missing.length > 1) throw new UsageError(`Required flags "${missing.join(', ')}" not set`);
  const fallback = (name: string): string => specs.find((spec) => primary(spec) === name)?.fallback ?? '';
  return {
    get: (name) => values.get(name) ?? fallback(name),
    isSet: (name) => values.has(name),
    on: (name) => /^(1|t|true)$/i.test(values.get(name) ?? fallback(name)),
    rest,
  };
}
