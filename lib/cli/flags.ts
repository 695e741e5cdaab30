import { parseArgs } from 'node:util';
import { RunbookError } from '../core/errors.ts';
import { nearest } from './nearest.ts';

/** A flag as --help shows it. With `value` it takes one ("FILE"), without it is a switch. */
export interface FlagSpec {
  readonly describe: string;
  readonly value?: string;
  /** May be given several times. */
  readonly many?: true;
}

export type FlagSpecs = Readonly<Record<string, FlagSpec>>;

/** The flags that every runbook has. */
export const commonFlags = {
  config: { value: 'FILE', describe: 'configuration to work from (default: gitea.config.yaml)' },
  overlay: { value: 'FILE', many: true, describe: 'lay this file over the configuration; may be given several times' },
  yes: { describe: 'approve what would be asked for' },
  json: { describe: 'print one JSON document on standard output and JSON lines on standard error' },
  verbose: {
    describe: 'show diffs, all output of each change, the causes of a failure, and where an unexpected one happened',
  },
  help: { describe: 'print this help' },
} as const satisfies FlagSpecs;

export const defaultConfig = 'gitea.config.yaml';

/**
 * Switches are true or false, flags with a value are a string or absent, those that may be repeated a list; `config`
 * always has a value.
 */
export type FlagValues<F extends FlagSpecs> = {
  readonly [K in keyof F]: F[K] extends { readonly many: true }
    ? readonly string[]
    : F[K] extends { readonly value: string }
      ? string | undefined
      : boolean;
} & {
  readonly config: string;
  readonly overlay: readonly string[];
  readonly yes: boolean;
  readonly json: boolean;
  readonly verbose: boolean;
  readonly help: boolean;
};

export interface ParsedFlags<F extends FlagSpecs> {
  readonly flags: FlagValues<F>;
  readonly words: readonly string[];
}

/**
 * The words of the command line after the script. Started by zx, process.argv still has zx itself and zx's own flags
 * in front; everything after the script belongs to it (zx stops parsing there). A script is known by its name, or,
 * where it was copied under another one, by being the first word that ends like a module.
 */
export function scriptWords(argv: readonly string[], name: string): readonly string[] {
  const words = argv.slice(1);
  const stem = (word: string) => word.replace(/^.*[/\\]/, '');
  let at = words.findIndex((word) => stem(word) === `${name}.mjs`);
  if (at < 0) at = words.findIndex((word) => /\.(mjs|mts|ts)$/.test(word));
  return words.slice(Math.max(at, 0) + 1);
}

/** Parses strictly: what is not declared is refused, with the nearest name that is. */
export function parseFlags<F extends FlagSpecs>(words: readonly string[], own: F, allowed: WordRule): ParsedFlags<F> {
  const specs: FlagSpecs = { ...own, ...commonFlags };
  const options = Object.fromEntries(
    Object.entries(specs).map(([key, spec]) => [
      key,
      { type: spec.value ? ('string' as const) : ('boolean' as const), multiple: spec.many === true },
    ]),
  );
  const withShort = { ...options, help: { type: 'boolean' as const, short: 'h' } };
  const parsed = parseArgs({
    args: [...words],
    options: withShort,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const given = new Set<string>();
  for (const token of parsed.tokens ?? []) {
    if (token.kind !== 'option') continue;
    checkFlag(token.name, token.rawName, token.value, specs);
    const { value, many } = specs[token.name] ?? {};
    // Of two values one would be passed over without a word.
    if (value && !many && given.has(token.name)) throw usage(`${token.rawName} is given twice, allowed is once`);
    given.add(token.name);
  }
  checkWords(parsed.positionals, allowed);
  const flags: Record<string, unknown> = {};
  for (const [key, spec] of Object.entries(specs))
    flags[key] = parsed.values[key] ?? (spec.many ? [] : spec.value ? undefined : false);
  flags.config ??= defaultConfig;
  return { flags: flags as FlagValues<F>, words: parsed.positionals };
}

/** Which words besides flags a runbook takes: none, one of a list, or up to `most` of any. */
export interface WordRule {
  readonly choices?: readonly string[];
  readonly most: number;
}

function checkFlag(name: string, raw: string, value: string | undefined, specs: FlagSpecs): void {
  const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
  if (!spec && raw !== '-h')
    throw usage(`unknown flag ${short(raw)}`, nearest(raw.replace(/^-+/, ''), Object.keys(specs), '--'));
  if (
    spec?.value &&
    (value === undefined || value === '' || (value.startsWith('--') && Object.hasOwn(specs, value.slice(2))))
  )
    throw usage(`${raw} needs a value: ${raw} ${spec.value}`);
  if (spec && !spec.value && value !== undefined) throw usage(`${raw} takes no value`);
}

function checkWords(words: readonly string[], rule: WordRule): void {
  const extra = words[rule.most];
  if (extra !== undefined) throw usage(`unexpected word '${short(extra)}'`);
  const wrong = rule.choices && words.find((word) => !rule.choices?.includes(word));
  if (wrong !== undefined)
    throw usage(
      `unknown word '${short(wrong)}', expected ${rule.choices?.join(', ')}`,
      nearest(wrong, rule.choices ?? [], ''),
    );
}

/** A word of the command line as a message names it: it may be of any length. */
const short = (word: string) => (word.length > 60 ? `${word.slice(0, 57)}...` : word);

function usage(what: string, near?: string): RunbookError {
  return new RunbookError('unexpected', { what: near ? `${what} - did you mean ${near}?` : what, next: 'see --help' });
}
