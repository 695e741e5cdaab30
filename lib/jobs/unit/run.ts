import { RunbookError } from '../../core/errors.ts';
import { quote } from '../../core/quote.ts';
import type { Host } from '../../host/port.ts';
import { lastLines } from '../../kinds/text.ts';
import { layout } from '../../phases/layout.ts';
import { nodeVersion } from '../../phases/runtime.ts';
import {
  followScript,
  parseSlice,
  parseState,
  type Slice,
  startScript,
  stateScript,
  type UnitState,
} from './script.ts';

export interface UnitRun {
  /** Without `.service`. */
  readonly name: string;
  /** What our program on the host is told, for a unit of this run alone; without them it is one that the host has. */
  readonly words?: readonly string[];
  /** For a unit of this run alone: settings of systemd, `NAME=VALUE`. */
  readonly settings?: readonly string[];
  /** Each line that it prints. */
  readonly onLine?: (line: string) => void;
  /** Told when it ran already, with the words that it was started with: what is followed is that run. */
  readonly onAttached?: (command: string) => void;
  /** When aborted it is asked whether to end the run as well. */
  readonly signal?: AbortSignal | undefined;
  /** Default: leave it running. */
  readonly endToo?: () => Promise<boolean>;
}

/** Seconds that one look at the journal waits for something to happen. */
const slice = 5;

/** A unit as systemd sees it. Changes nothing. */
export async function unitState(host: Host, name: string): Promise<UnitState> {
  const output = await host.query({ script: stateScript(`${name}.service`) });
  if (output.code !== 0) throw failed(host, name, 'cannot be asked about', output);
  return parseState(output.stdout);
}

/**
 * Starts a job as a unit of the host's systemd and follows what it prints until it has ended: it does not need us, and the
 * same call again follows it further. One that runs already is followed instead. Gives its exit code, as a shell tells it.
 * Throws `changeFailed` when it cannot be started, `interrupted` when the signal was aborted, and what the host throws.
 */
export async function runUnit(host: Host, run: UnitRun): Promise<{ readonly code: number }> {
  const unit = `${run.name}.service`;
  const program = [`${layout.node}/${nodeVersion}/bin/node`, layout.program];
  const command = run.words && [...program, ...run.words];
  const output = await host.run({
    script: startScript(unit, command, `gitea-runbooks: ${run.words?.[0] ?? ''}`, run.settings),
  });
  if (output.code !== 0) throw failed(host, run.name, 'cannot be started', output);
  const { invocation, command: words } = parseState(output.stdout);
  if (output.stdout.startsWith('attached')) run.onAttached?.(words.replace(`${program.join(' ')} `, ''));
  for (let cursor: string | undefined; ; ) {
    const seen = await look(host, unit, invocation, cursor);
    for (const line of seen.lines) run.onLine?.(line);
    cursor = seen.cursor ?? cursor;
    if (!seen.state.running) return { code: seen.state.code };
    if (run.signal?.aborted) throw await left(host, run);
  }
}

async function look(host: Host, unit: string, invocation: string, cursor: string | undefined): Promise<Slice> {
  const { stdout } = await host.query({ script: followScript(unit, invocation, cursor, slice), timeout: 60 });
  return parseSlice(stdout, invocation);
}

async function left(host: Host, { name, endToo }: UnitRun): Promise<RunbookError> {
  const end = (await endToo?.()) ?? false;
  if (end) await host.run({ script: `systemctl stop --no-block ${quote(`${name}.service`)}` });
  return new RunbookError('interrupted', {
    where: host.label,
    what: end ? `${name} was told to end` : `${name} goes on on the host; only the looking on has ended`,
    next: end
      ? 'the same command again begins anew'
      : `the same command again follows it; \`systemctl stop ${name}\` on the host ends it`,
  });
}

function failed(host: Host, name: string, what: string, output: Parameters<typeof lastLines>[0]): RunbookError {
  return new RunbookError('changeFailed', {
    where: host.label,
    what: `the unit ${name} ${what}`,
    cause: lastLines(output),
    next: 'npx zx runbooks/deploy.mjs puts the units in place; `systemctl status` on the host tells more',
  });
}
