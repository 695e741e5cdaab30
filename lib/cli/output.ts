import { exitCodeOf } from '../core/errors.ts';
import type { Secret } from '../core/secret.ts';
import { failureDocument, renderFailure } from '../report/failure.ts';
import { jsonReporter } from '../report/json.ts';
import { redact, redactAll } from '../report/redact.ts';
import type { Reporter } from '../report/reporter.ts';
import { textReporter } from '../report/text.ts';
import type { ResultStream } from './streams.ts';

/** The flags that decide how a run is shown. */
export interface Shown {
  readonly json: boolean;
  readonly verbose: boolean;
}

/** Shows how a run failed and sets the exit code; only the first call of a run does anything. */
export type Fail = (error: unknown, secrets: Iterable<Secret>) => Promise<void>;

export function failWith(stdout: ResultStream, shown: Shown): Fail {
  let over = false;
  return async (error, secrets) => {
    if (over) return;
    over = true;
    process.exitCode = exitCodeOf(error);
    const style = { verbose: shown.verbose, secrets, color: colorOn(process.stderr) };
    const text = () => process.stderr.write(`${renderFailure(error, style)}\n`);
    if (!shown.json) text();
    // Where not even the document can be written, standard error is what is left.
    else await stdout.write(`${JSON.stringify(failureDocument(error, style))}\n`).catch(text);
  };
}

export function chooseReporter(shown: Shown, plan: boolean, secrets: () => Iterable<Secret>): Reporter {
  const stream = process.stderr;
  if (shown.json) return jsonReporter(stream, { secrets });
  const tty = stream.isTTY === true && process.env.TERM !== 'dumb';
  return textReporter({ stream, tty, verbose: shown.verbose, color: colorOn(stream), secrets, plan });
}

/** NO_COLOR and FORCE_COLOR are what https://no-color.org and Node itself go by. */
export function colorOn(stream: NodeJS.WriteStream): boolean {
  if (process.env.NO_COLOR) return false;
  if (process.env.FORCE_COLOR) return process.env.FORCE_COLOR !== '0';
  return stream.isTTY === true && process.env.TERM !== 'dumb';
}

/** The result as it goes to standard output. */
export function resultText(
  result: { readonly text: string; readonly json: unknown } | undefined,
  json: boolean,
  secrets: Iterable<Secret>,
): string {
  if (json) return `${JSON.stringify(redactAll(result?.json ?? {}, secrets), null, 2)}\n`;
  return result?.text ? `${redact(result.text, secrets).trimEnd()}\n` : '';
}
