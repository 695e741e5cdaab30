import { resolve } from 'node:path';
import { RunbookError } from '../core/errors.ts';
import type { Config } from './config.types.ts';
import type { Parsed, Plain } from './document.ts';
import type { Draft } from './finding.ts';
import { type Inventory, type ReachableConfig, withInventory } from './inventory.ts';
import { isMap, layered } from './overlay.ts';
import { formatProblem, inFileOrder, type Problem } from './problem.ts';
import { readBytes } from './read-file.ts';
import { resolvePaths } from './resolve.ts';
import { checkRules } from './rules.ts';
import { readSource, type Source } from './source.ts';
import { checkStructure, type StructureProblem } from './structure.ts';

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
  return { ...withInventory(config), warnings: problems, file: path };
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
  const config = structuredClone(whole.value) as unknown as Config;
  return { config: resolvePaths(config, fileOf, options.home), problems };
}

/** Fills in the defaults. Where a file could not be read, only what it cannot have mended is told. */
function check(whole: Parsed, complete: boolean, options: ParseOptions): Problem[] {
  const value = whole.value ?? null;
  const structure = checkStructure(value, whole.locate);
  if (!complete) return structure.filter(({ missing }) => !missing).map(bare);
  const found = rules(value, whole, structure, options);
  const explained = new Set(found.filter((problem) => problem.severity === 'error').map((problem) => problem.path));
  return [...structure.filter((problem) => !(problem.form && explained.has(problem.path))).map(bare), ...found];
}

function rules(value: Plain, text: Parsed, structure: readonly StructureProblem[], options: ParseOptions): Problem[] {
  const draft = without(
    value,
    structure.filter((problem) => !problem.form),
  );
  if (draft === undefined) return [];
  const pointer = (path: string) => `/${path.replaceAll('.', '/')}`;
  return checkRules(draft, options.placeholders !== 'allow').map(({ path, severity, message, other }) => {
    const written = other !== undefined && !text.has(pointer(path)) ? other : path;
    return { severity, ...text.locate(pointer(written), 'value'), path, message };
  });
}

/** A copy without the values that the schema refuses, so that a rule never meets a wrong type. */
function without(value: Plain, problems: readonly StructureProblem[]): Draft | undefined {
  if (!isMap(value)) return undefined;
  const copy: Record<string, Plain> = structuredClone({ ...value });
  for (const { pointer } of problems) {
    const [section = '', key] = pointer.split('/').slice(1);
    const inner = copy[section];
    if (key === undefined) delete copy[section];
    else if (isMap(inner)) delete inner[key];
  }
  return copy as unknown as Draft;
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
