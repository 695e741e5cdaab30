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
    /** Only with --verbose. */
    readonly stack?: string;
  };
}

const unexpectedNext =
  'run the same command with --verbose to see where it happened; if it happens again, report it with that output';

/** Anything that was thrown, as the four parts: what and where, the cause indented, the next step. No line end. */
export function renderFailure(error: unknown, style: FailureStyle = {}): string {
  const paint = pc.createColors(style.color ?? false);
  const { error: parts } = failureDocument(error, style);
  const where = parts.where === null ? '' : `${escapeLine(parts.where)}: `;
  const lines = [`${paint.red(paint.bold('Error:'))} ${where}${escapeText(parts.what)}`];
  for (const block of [parts.cause, parts.stack]) {
    if (block)
      lines.push(
        ...escapeText(block.trimEnd())
          .split('\n')
          .map((line) => `    ${line}`),
      );
  }
  lines.push(`${paint.bold('Next:')} ${escapeText(parts.next)}`);
  return lines.join('\n');
}

/** The same for scripts. */
export function failureDocument(error: unknown, style: FailureStyle = {}): FailureDocument {
  const secrets = [...(style.secrets ?? [])];
  const hide = (text: string | undefined): string | null => (text === undefined ? null : redact(text, secrets));
  const expected = error instanceof RunbookError ? error : undefined;
  const stack = style.verbose ? hide(stackOf(error)) : null;
  return {
    error: {
      kind: expected?.kind ?? 'unexpected',
      exitCode: exitCodeOf(error),
      what: hide(expected?.parts.what ?? messageOf(error)) ?? '',
      where: hide(expected?.parts.where),
      cause: hide(expected?.parts.cause),
      next: hide(expected?.parts.next) ?? unexpectedNext,
      ...(stack === null ? {} : { stack }),
    },
  };
}

function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message || error.name;
  return typeof error === 'string' ? error : `something that is not an error was thrown: ${String(error)}`;
}

/** Stacks from the outermost error to the first cause; bounded, since a cause may be its own cause. */
function stackOf(error: unknown): string | undefined {
  const stacks: string[] = [];
  for (let at = error; at instanceof Error && stacks.length < 5; at = at.cause) stacks.push(at.stack ?? String(at));
  return stacks.length === 0 ? undefined : stacks.join('\ncaused by ');
}
