import { constants } from 'node:os';
import type { Ending } from './process.ts';

/** An end by a signal, as a shell tells it: 128 + its number. */
export function signalled(signal: string): Ending {
  return { code: 128 + (constants.signals[signal as NodeJS.Signals] ?? 0), signal };
}
