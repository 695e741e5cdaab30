import { OverTime } from './explain.ts';

/** Seconds that each kind of wait may take. */
export const limits = {
  dns: 5,
  connect: 10,
  request: 15,
  upload: 120,
  git: 120,
  /** Per 10 MiB of the large push, on top of `git`: 1 MiB every 6 seconds is still a usable line. */
  gitPer10MiB: 60,
} as const;

/** Runs with a time limit (seconds) and the caller's signal; the work gets a signal that knows both. */
export async function within<T>(
  what: string,
  seconds: number,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const own = new AbortController();
  const stop = () => own.abort(outer?.reason);
  if (outer?.aborted) throw outer.reason;
  outer?.addEventListener('abort', stop, { once: true });
  const timer = setTimeout(() => own.abort(new OverTime(`${what}: no end within ${seconds} s`)), seconds * 1000);
  const over = new Promise<never>((_, reject) =>
    own.signal.addEventListener('abort', () => reject(own.signal.reason), { once: true }),
  );
  over.catch(() => {});
  try {
    return await Promise.race([work(own.signal), over]);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', stop);
  }
}
