import { RunbookError } from '../core/errors.ts';

/** The failure of a connection that was given up by whoever waits for it. */
export function interrupted(): RunbookError {
  return new RunbookError('interrupted', {
    what: 'interrupted while connecting',
    next: 'nothing was changed; run the same command again',
  });
}

/** The work, or `interrupted` as soon as the signal is aborted: what cannot be ended is left behind. */
export async function unlessAborted<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  if (!signal) return work();
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(interrupted());
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  aborted.catch(() => {});
  try {
    return await Promise.race([aborted, signal.aborted ? aborted : work()]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
