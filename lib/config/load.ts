import { resolve } from 'node:path';
import { RunbookError } from '../core/errors.ts';
import { checkOwnFiles, type Inventory, type ReachableConfig, withInventory } from './beside/index.ts';
import type { Config } from './config.types.ts';
import { rememberPlaces, samePlaces } from './places.ts';
import { formatProblem, inFileOrder, type Problem } from './problem.ts';
import {
  isMap,
  keyOf,
  layered,
  namesOf,
  type Parsed,
  type Plain,
  readBytes,
  readSource,
  type Source,
} from './reading/index.ts';
import { resolvePaths } from './resolve.ts';
import { checkTogether, checkValues, type Draft } from './rules/index.ts';
import { checkStructure, type StructureProblem } from './shape/index.ts';

export interface ParseOptions {
  /** Texts to lay over the first one, the last on top; docs/concepts/overlays.md has the rules. */
  readonly overlays?: readonly Source[];
  /** Example names and addresses are for documentation: only a reader of documentation lets them through. */
  readonly placeholders?: 'refuse' | 'allow';
  /** What `~` stands for; the home directory of this process if not given. */
  readonly home?: string;
}

export interface ParseResult {
  /** There when no problem is an error. */
  readonly config?: Config;
  /** In the order of the files, errors and warnings. */
  readonly problems: readonly Problem[];
}

export interface LoadedConfig {
  readonly config: ReachableConfig;
  /** Worth showing, each as `formatProblem(warning)`. */
  readonly warnings: readonly Problem[];
  /** The path as it was given. */
  readonly file: string;
  /** What `infra apply` made, for `host.provider: aws` once there is something. */
  readonly inventory?: Inventory;
}

/**
 * Reads and checks the configuration, with the files of `overlays` laid over it, the last on top. Relative paths start
 * at the folder of the file that they are written in. Of a host on AWS the address comes from the inventory; without one
 * `host.address` is empty, and `connect` says so. Touches nothing but these files.
 * Throws RunbookError `configInvalid` that lists every error of every file with line and column.
 */
export function loadConfig(path: string, overlays: readonly string[] = []): LoadedConfig {
  const text = readBytes(path, '--config');
  const over = overlays.map((file) => ({ file, text: readBytes(file, '--overlay') }));
  const { config, problems } = parseConfig(text, path, { overlays: over });
  if (!config)
    throw invalid(
      path,
      problems.filter((problem) => problem.severity === 'error'),
    );
  checkOwnFiles(config, path, overlays);
  const found = withInventory(config);
  samePlaces(config, found.config);
  return { ...found, warnings: problems, file: path };
}

/**
 * Checks the text of a configuration file. Never throws, whatever the bytes are; `file` is only where relative paths
 * start, and the name that problems bear.
 */
export function parseConfig(text: string | Uint8Array, file: string, options: ParseOptions = {}): ParseResult {
  const files = [file, ...(options.overlays ?? []).map((overlay) => overlay.file)];
  const read = [{ file, text }, ...(options.overlays ?? [])].map((source, index) => readSource(source, index === 0));
  const [base, ...overlays] = read.flatMap(({ parsed }) => parsed ?? []);
  const whole = base && layered([base, ...overlays]);
  const found = whole ? check(whole, overlays.length + 1 === files.length, options) : [];
  const problems = inFileOrder([...read.flatMap((source) => source.problems), ...found], files);
  if (!whole || problems.some((problem) => problem.severity === 'error')) return { problems };
  const fileOf = (pointer: string) => resolve(whole.has(pointer) ? whole.locate(pointer, 'value').file : file);
  const config = resolvePaths(structuredClone(whole.value) as unknown as Config, fileOf, options.home);
  rememberPlaces(config, (key) => {
    const pointer = `/${key.replaceAll('.', '/')}`;
    return whole.has(pointer) ? whole.locate(pointer, 'value') : undefined;
  });
  return { config, problems };
}

/** Fills in the defaults. Where a file could not be read, only what it cannot have mended is told. */
function check(whole: Parsed, complete: boolean, options: ParseOptions): Problem[] {
  const value = whole.value ?? null;
  const explained = (path: string) => whole.refused.some((refused) => isWithin(path, refused));
  const structure = checkStructure(value, whole, accepted(options)).filter(
    ({ path, missing }) => !explained(path) && !(missing && mayBe(path, whole.unsure)),
  );
  if (!complete) return structure.filter(({ missing }) => !missing).map(bare);
  const found = rules(value, whole, structure, options).filter(({ path }) => !explained(path));
  const better = new Set(found.filter((problem) => problem.severity === 'error').map((problem) => problem.path));
  return [...structure.filter((problem) => !(problem.form && better.has(problem.path))).map(bare), ...found];
}

/** Whether the rules let a text through, looked at as if nothing else were in the file. */
const accepted = (options: ParseOptions) => (pointer: string, text: string) => {
  const draft = namesOf(pointer).reduceRight<Plain>(
    (inner, name) => (/^\d+$/.test(name) ? [inner] : { [name]: inner }),
    text,
  );
  return checkValues(draft as unknown as Draft, options.placeholders !== 'allow').every(
    ({ severity }) => severity !== 'error',
  );
};

/** The rules look at well-formed values alone: those between values not even at one that a rule about itself refuses. */
function rules(value: Plain, text: Parsed, structure: readonly StructureProblem[], options: ParseOptions): Problem[] {
  const wrong = [...structure.filter(({ form }) => !form).map(({ path }) => path), ...text.refused];
  const draft = without(value, new Set(wrong));
  if (draft === undefined) return [];
  const own = checkValues(draft, options.placeholders !== 'allow', text.written);
  const errors = own.filter(({ severity }) => severity === 'error').map(({ path }) => path);
  const ill = new Set([...wrong, ...structure.map(({ path }) => path), ...errors]);
  // Of what was taken out nobody knows what it would have changed.
  const between = text.unsure.length > 0 ? [] : checkTogether(without(value, ill) ?? {});
  // One that is left out because it is wrong looks as if it were missing.
  const real = between.filter(
    ({ path, other, needs }) => ![path, other, needs].some((each) => each !== undefined && ill.has(each)),
  );
  const pointerOf = (path: string) => `/${path.replaceAll('.', '/')}`;
  return [...own, ...real].map(({ path, severity, message, other, pointer: key, part }) => {
    if (key !== undefined) return { severity, ...text.locate(key, part ?? 'key'), path, message };
    const pointer = pointerOf(path);
    const written = other !== undefined && !text.has(pointer) ? pointerOf(other) : pointer;
    return { severity, ...text.locate(written, 'value'), path, message };
  });
}

const isWithin = (path: string, outer: string) => path === outer || (outer !== '' && path.startsWith(`${outer}.`));

/** Whether something may have been written where something else was taken out. */
const mayBe = (path: string, unsure: readonly string[]) =>
  unsure.some((section) => section === '*' || (section === '' ? !path.includes('.') : isWithin(path, section)));

/** A copy without the values at these paths. A key stays, and an item that is taken out of a list leaves its place empty. */
function without(value: Plain, paths: ReadonlySet<string>): Draft | undefined {
  if (!isMap(value)) return undefined;
  const left = (below: Plain, path: string): Plain | undefined => {
    if (paths.has(path)) return undefined;
    const at = (name: string) => (path === '' ? name : `${path}.${name}`);
    if (Array.isArray(below)) return below.map((item, index) => left(item, at(String(index)))) as Plain[];
    if (!isMap(below)) return below;
    const kept = Object.entries(below).map(([name, item]) => [name, left(item, at(keyOf(name)))]);
    return Object.fromEntries(kept) as { [key: string]: Plain };
  };
  return left(value, '') as unknown as Draft;
}

function bare({ severity, file, line, column, path, message }: StructureProblem): Problem {
  return { severity, file, line, column, path, message };
}

const shown = 100;

function invalid(path: string, errors: readonly Problem[]): RunbookError {
  const lines = errors.slice(0, shown).map(formatProblem);
  const files = [...new Set(errors.map(({ file }) => file))].join(' and ');
  if (errors.length > shown) lines.push(`... and ${errors.length - shown} more`);
  const what = errors.length === 1 ? 'the configuration has an error' : `the configuration has ${errors.length} errors`;
  return new RunbookError('configInvalid', {
    what,
    where: path,
    cause: lines.join('\n'),
    next: `edit ${files} and run the same command again; docs/reference/config.md lists every key`,
  });
}
