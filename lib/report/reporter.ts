import type { OnEvent } from '../core/event.ts';

/** Where a reporter writes: standard error, or a test's memory. */
export interface Sink {
  write(text: string): unknown;
  /** Width of the terminal in characters. */
  readonly columns?: number;
}

/** What turns events into something to read. `close` stops its timers and takes a live line away; it may be called twice. */
export interface Reporter {
  readonly onEvent: OnEvent;
  close(): void;
}
