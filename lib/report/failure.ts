import pc from 'picocolors';
import { exitCodeOf, RunbookError } from '../core/errors.ts';
import type { Secret } from '../core/secret.ts';
import { escapeLine, escapeText } from './escape.ts';
import { redact } from './redact.ts';

export interface FailureStyle {
  readonly color?: boolean;
  /** Add the stack of an unexpected error and the chain of causes. */
  readonly verbose?: boolean;
  readonly secrets?: Iterable<Secret>;
}

/** What --json prints when a run fails. Parts that are not known are null. */
export interface FailureDocument {
  readonly error: {
    readonly kind: string;
    readonly exitCode: number;
    readonly what: string;
    readonly where: string | null;
    readonly cause: string | null;
    readonly next: string;
    /** Only with --verbose: the causes of an expected failure, nearest first; no stack belongs to them. */
    readonly causes?: readonly string[];
    /** Only with --verbose, where something failed that nobody expected. */
    readonly stack?: string;
  };
}

const unexpectedNext =
  'run the same command with --verbose to see where it happened; if it happens again, report it with that output';

/** A line that somebody reads: longer than any of ours, which hold a piece of a value at most. A path may have four thousand characters. */
const longestLine = 800;
const longestPlace = 240;

const cut = (text: string, most: number) =>
  text
    .split('\n')
    .map((line) => (line.length > most ? `${line.slice(0, most - 3)}...` : line))
    .join('\n');

/** Anything that was thrown, as the four parts: what and where, the cause indented, the next step. No line end. */
export function renderFailure(error: unknown, style: FailureStyle = {}): string {
  const paint = pc.createColors(style.color ?? false);
  const { error: parts } = failureDocument(error, style);
  const where = parts.where === null ? '' : `${cut(escapeLine(parts.where), longestPlace)}: `;
  const lines = [`${paint.red(paint.bold('Error:'))} ${where}${cut(escapeText(parts.what), longestLine)}`];
  const causes = parts.causes?.map((cause) => `caused by ${cause}`).join('\n');
  for (const block of [parts.cause, causes, parts.stack]) {
    if (block)
      lines.push(
        ...cut(escapeText(block.trimEnd()), longestLine)
          .split('\n')
          .map((line) => `    ${line}`),
      );
  }
  lines.push(`${paint.bold('Next:')} ${cut(escapeText(parts.next), longestLine)}`);
  return lines.join('\n');
}

/** The same for scripts. */
export function failureDocument(error: unknown, style: FailureStyle = {}): FailureDocument {
  const secrets = [...(style.secrets ?? [])];
  const hide = (text: string | undefined): string | null => (text === undefined ? null : redact(text, secrets));
  const expected = error instanceof RunbookError ? error : undefined;
  const chain = style.verbose ? chainOf(error) : [];
  // A fault of the program may hide behind a failure that is expected of the work around it.
  const faults = expected ? chain.filter(isFault) : chain;
  const stack = faults.length > 0 ? hide(faults.map((each) => each.stack ?? String(each)).join('\ncaused by ')) : null;
  const said = [expected?.parts.what, expected?.parts.cause].join('\n');
  const causes = expected
    ? chain
        .slice(1)
        .map(firstWords)
        .filter((text) => !said.includes(text))
    : [];
  return {
    error: {
      kind: expected?.kind ?? 'unexpected',
      exitCode: exitCodeOf(error),
      what: hide(expected?.parts.what ?? messageOf(error)) ?? '',
      where: hide(expected?.parts.where),
      cause: hide(expected?.parts.cause),
      next: hide(expected?.parts.next) ?? unexpectedNext,
      ...(causes.length > 0 ? { causes: causes.map((text) => redact(text, secrets)) } : {}),
      ...(stack === null ? {} : { stack }),
    },
  };
}

function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message || error.name;
  return typeof error === 'string' ? error : `something that is not an error was thrown: ${String(error)}`;
}

/** From the outermost error to the first cause; bounded, since a cause may be its own cause. */
function chainOf(error: unknown): Error[] {
  const chain: Error[] = [];
  for (let at = error; at instanceof Error && chain.length < 5; at = at.cause) chain.push(at);
  return chain;
}

/** Errors of the language come from a mistake in a program. A failed `fetch` is one of its own kind: it has a cause. */
function isFault(error: Error): boolean {
  const kinds = [TypeError, ReferenceError, RangeError, SyntaxError, EvalError];
  return kinds.some((kind) => error instanceof kind) && error.cause === undefined;
}

/** What an error says, without the parts that are shown for the failure itself. */
function firstWords(error: Error): string {
  if (error instanceof RunbookError) return [error.parts.where, error.parts.what].filter(Boolean).join(': ');
  return error.message || error.name;
}
