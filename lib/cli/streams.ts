/** Standard output as the place of the result, and of nothing else. */
export interface ResultStream {
  /** Writes, and waits until it is out of the process. A reader that has gone away is not an error. */
  write(text: string): Promise<void>;
  restore(): void;
}

/**
 * A reader that closes early (`| head -1`) must not turn a finished deploy into a failure: EPIPE is quiet on both
 * streams. With `only`, whatever else writes to standard output (a stray console.log, a tool's banner) goes to
 * standard error, so that standard output is the one document.
 */
export function resultStream(only: boolean): ResultStream {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', quietEpipe);
  const original = process.stdout.write;
  const write = original.bind(process.stdout);
  if (only) process.stdout.write = process.stderr.write.bind(process.stderr);
  return {
    write: (text) => new Promise((resolve) => write(text, () => resolve())),
    restore() {
      process.stdout.write = original;
    },
  };
}

function quietEpipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
