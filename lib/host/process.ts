import type { Writable } from 'node:stream';

/** How a process ended. */
export interface Ending {
  readonly code: number;
  readonly signal?: string;
  /** Words that belong to standard error, from the adapter itself. */
  readonly note?: string;
}

/** What a process prints, as it comes. */
export interface Printed {
  on(event: 'data', listener: (chunk: Buffer) => void): unknown;
}

/** A process on the machine, the same for every adapter. */
export interface Running {
  readonly stdin: Writable;
  readonly stdout: Printed;
  readonly stderr: Printed;
  /** When it has ended and its output was read. Fails with a RunbookError when the connection is lost. */
  readonly ended: Promise<Ending>;
  /** Ends it, with what it has started as far as the machine allows, without waiting. */
  kill(): void;
}

/**
 * Starts a program as root. `limit` (seconds) lets the machine itself end it when nobody else can any more; `name` stands
 * in the message when the connection is lost.
 */
export type Start = (words: readonly string[], limit?: number, name?: string) => Promise<Running>;
