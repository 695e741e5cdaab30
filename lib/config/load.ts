import { dirname, resolve } from 'node:path';
import { RunbookError } from '../core/errors.ts';
import type { Config } from './config.types.ts';
import { type Parsed, type Plain, parseText } from './document.ts';
import type { Draft } from './finding.ts';
import { checkInventory, type Inventory, readInventory } from './inventory.ts';
import { formatProblem, inFileOrder, type Problem } from './problem.ts';
import { readBytes } from './read-file.ts';
import { resolvePaths } from './resolve.ts';
import { checkRules } from './rules.ts';
import { checkStructure, type StructureProblem } from './structure.ts';
import { decode } from './text.ts';

export interface ParseOptions {
  /** Example names and addresses are for documentation: only a reader of documentation lets them through. */
  readonly placeholders?: 'refuse' | 'allow';
  /** What `~` stands for; the home directory of this process if not given. */
  readonly home?: string;
}

export interface ParseResult {
  /** There when no problem is an error. */
  readonly config?: Config;
  /** In the order of the file, errors and warnings. */
  readonly problems: readonly Problem[];
}

export interface LoadedConfig {
  readonly config: Config;
  /** Worth showing, each as `formatProblem(warning, file)`. */
  readonly warnings: readonly Problem[];
  /** The path as it was given. */
  readonly file: string;
  /** What `infra apply` made, for `host.provider: aws` once there is something. */
  readonly inventory?: Inventory;
}

/**
 * Reads and checks the configuration. Relative paths in it start at its folder. Of a host on AWS the address comes from
 * the inventory; without one `host.address` is empty, and `connect` says so. Touches nothing but these files.
 * Throws RunbookError `configInvalid` that lists every error with file, line and column.
 */
export function loadConfig(path: string): LoadedConfig {
  const { config, problems } = parseConfig(readBytes(path), path);
  if (!config)
    throw invalid(
      path,
      problems.filter((problem) => problem.severity === 'error'),
    );
  return { ...withInventory(config), warnings: problems, file: path };
}

function withInventory(config: Config): Pick<LoadedConfig, 'config' | 'inventory'> {
  if (config.host.provider !== 'aws' || !config.aws) return { config };
  const inventory = readInventory(config.aws.inventory);
  if (!inventory) return { config };
  checkInventory(config, inventory);
  const { address, user, dataDevice } = inventory;
  const { identityFile = inventory.identityFile && resolve(dirname(config.aws.inventory), inventory.identityFile) } =
    config.host;
  const host = { ...config.host, address, user, dataDevice, ...(identityFile ? { identityFile } : {}) };
  return { config: { ...config, host }, inventory };
}

/** Checks the text of a configuration file. Never throws, whatever the bytes are; `file` is only where relative paths start. */
export function parseConfig(text: string | Uint8Array, file: string, options: ParseOptions = {}): ParseResult {
  const decoded = decode(text);
  if ('problem' in decoded) return { problems: [decoded.problem] };
  const parsed = parseText(decoded.text);
  const { value } = parsed;
  if (value === undefined) return { problems: inFileOrder(parsed.problems) };
  if (value === null) return { problems: [emptyFile()] };
  const structure = checkStructure(value, parsed.locate);
  const found = rules(value, parsed, structure, options);
  const explained = new Set(found.filter((problem) => problem.severity === 'error').map((problem) => problem.path));
  const problems = [
    ...parsed.problems,
    ...structure.filter((problem) => !(problem.form && explained.has(problem.path))).map(bare),
    ...found,
  ];
  if (problems.some((problem) => problem.severity === 'error')) return { problems: inFileOrder(problems) };
  return {
    config: resolvePaths(structuredClone(value) as unknown as Config, file, options.home),
    problems: inFileOrder(problems),
  };
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
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
  const copy = structuredClone({ ...value }) as Record<string, Plain>;
  for (const { pointer } of problems) {
    const [section = '', key] = pointer.split('/').slice(1);
    const inner = copy[section];
    if (key === undefined) delete copy[section];
    else if (inner !== null && typeof inner === 'object' && !Array.isArray(inner)) delete inner[key];
  }
  return copy as unknown as Draft;
}

function bare({ severity, line, column, path, message }: StructureProblem): Problem {
  return { severity, line, column, path, message };
}

function emptyFile(): Problem {
  const message =
    'the file is empty, allowed are at least host, domain, admin and tls - start from the gitea.config.yaml that comes with the project';
  return { severity: 'error', line: 1, column: 1, path: '', message };
}

const shown = 100;

function invalid(path: string, errors: readonly Problem[]): RunbookError {
  const lines = errors.slice(0, shown).map((problem) => formatProblem(problem, path));
  if (errors.length > shown) lines.push(`... and ${errors.length - shown} more`);
  const what = errors.length === 1 ? 'the configuration has an error' : `the configuration has ${errors.length} errors`;
  return new RunbookError('configInvalid', {
    what,
    where: path,
    cause: lines.join('\n'),
    next: `edit ${path} and run the same command again; docs/reference/config.md lists every key`,
  });
}
