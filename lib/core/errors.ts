/**
 * The exit codes of every runbook. They are a contract with scripts: never derive one from message text,
 * and treat a code that is not in this table as a failure.
 */
export const exitCodes = {
  done: 0,
  unexpected: 1,
  planHasChanges: 2,
  configInvalid: 10,
  locked: 11,
  hostUnreachable: 12,
  hostKeyMismatch: 13,
  credentialsRefused: 14,
  changeFailed: 20,
  checkFailed: 21,
  refused: 22,
  interrupted: 130,
} as const;

export type ExitName = keyof typeof exitCodes;

/** The parts of a message that someone on call needs: what failed, where, the cause in the failing thing's own words, what to type next. */
export interface FailureParts {
  readonly what: string;
  readonly where?: string;
  /** Last lines of the failing component, already free of secrets. */
  readonly cause?: string;
  /** The next command to run, or the edit to make. */
  readonly next: string;
}

/** An expected failure: shown without a stack trace, with the exit code of its kind. */
export class RunbookError extends Error {
  readonly kind: ExitName;
  readonly parts: FailureParts;

  constructor(kind: ExitName, parts: FailureParts, options?: { cause?: unknown }) {
    super(describeFailure(parts), options);
    this.name = 'RunbookError';
    this.kind = kind;
    this.parts = parts;
  }

  get exitCode(): number {
    return exitCodes[this.kind];
  }
}

/** The four parts as text: the first line says what and where, then the cause indented, then the next step. */
export function describeFailure(parts: FailureParts): string {
  const lines = [parts.where ? `${parts.where}: ${parts.what}` : parts.what];
  if (parts.cause)
    lines.push(
      ...parts.cause
        .trimEnd()
        .split('\n')
        .map((line) => `    ${line}`),
    );
  lines.push(`Next: ${parts.next}`);
  return lines.join('\n');
}

/** The exit code for anything that was thrown. */
export function exitCodeOf(error: unknown): number {
  return error instanceof RunbookError ? error.exitCode : exitCodes.unexpected;
}
