import { type ExitName, exitCodes } from '../core/errors.ts';
import { commonFlags, type FlagSpecs } from './flags.ts';

/** What each exit code means, in the words of --help. */
const meanings: Record<ExitName, string> = {
  done: 'done, or there was nothing to do',
  unexpected: 'an unexpected failure, or a wrong command line',
  planHasChanges: 'the plan has changes (--exit-code)',
  configInvalid: 'the configuration is not valid',
  locked: 'another run holds the lock',
  hostUnreachable: 'the host cannot be reached',
  hostKeyMismatch: 'the host key is unknown or has changed',
  credentialsRefused: 'the host or the cloud refused the credentials',
  changeFailed: 'a change failed',
  checkFailed: 'a check failed',
  refused: 'refused: would destroy data, or was not approved',
  interrupted: 'interrupted',
};

export interface HelpParts {
  readonly name: string;
  readonly purpose: string;
  /** For example "[up|down|status]". */
  readonly words?: string;
  readonly flags: FlagSpecs;
  readonly examples: readonly string[];
  readonly exitCodes: readonly ExitName[];
}

/** The text of --help: purpose, usage, flags, examples, exit codes. Ends with a line end. */
export function helpText(parts: HelpParts): string {
  const { help, ...common } = commonFlags;
  const flags = Object.entries<FlagSpecs[string]>({ ...parts.flags, ...common, help }).map(
    ([key, spec]) => [`--${key}${spec.value ? ` ${spec.value}` : ''}`, spec.describe] as const,
  );
  const codes = [...new Set<ExitName>(['done', 'unexpected', ...parts.exitCodes, 'interrupted'])]
    .sort((a, b) => exitCodes[a] - exitCodes[b])
    .map((name) => [String(exitCodes[name]).padStart(3), meanings[name]] as const);
  const words = parts.words ? ` ${parts.words}` : '';
  return [
    parts.purpose,
    '',
    `Usage: npx zx runbooks/${parts.name}.mjs${words} [flags]`,
    '',
    'Flags:',
    ...table(flags),
    '',
    parts.examples.length === 1 ? 'Example:' : 'Examples:',
    ...parts.examples.map((line) => `  ${line}`),
    '',
    'Exit codes:',
    ...table(codes),
    '',
  ].join('\n');
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
