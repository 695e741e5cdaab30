import { RunbookError } from '../core/errors.ts';

/** Standard output as the place of the result, and of nothing else. */
export interface ResultStream {
  /**
   * Writes, and waits until it is out of the process. A reader that has gone away is not an error; a result that cannot be
   * written is `unexpected`: whoever reads the exit code must not take it for a result.
   */
  write(text: string): Promise<void>;
  restore(): void;
}

/**
 * A reader that closes early (`| head -1`) must not turn a finished deploy into a failure, nor must progress that nobody
 * can be shown (a log on a full disk): errors of both streams are quiet, and `write` alone tells of one. With `only`,
 * whatever else writes to standard output (a stray console.log, a tool's banner) goes to standard error, so that standard
 * output is the one document.
 */
export function resultStream(only: boolean): ResultStream {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  const original = process.stdout.write;
  const write = original.bind(process.stdout);
  if (only) process.stdout.write = process.stderr.write.bind(process.stderr);
  return {
    write: (text) =>
      new Promise((resolve, reject) =>
        write(text, (error?: NodeJS.ErrnoException | null) => {
          if (!error || error.code === 'EPIPE') resolve();
          else reject(unwritable(error));
        }),
      ),
    restore() {
      process.stdout.write = original;
    },
  };
}

function unwritable(error: NodeJS.ErrnoException): RunbookError {
  return new RunbookError(
    'unexpected',
    {
      what: 'the result cannot be written to standard output',
      cause: error.message,
      next: 'the work itself has come to its end. Make room where the output goes, and run npx zx runbooks/status.mjs to see how things are',
    },
    { cause: error },
  );
}
