import { randomBytes } from 'node:crypto';
import type { Change } from '../../core/change.ts';
import { RunbookError } from '../../core/errors.ts';
import type { RecordLine } from '../../core/status.ts';
import { appendRecord, operator } from '../../engine/record.ts';
import type { Host } from '../../host/port.ts';

/** Writes what a run does into the host's record as it happens, so that a run that was cut off shows as well. */
export interface RunRecord {
  start(changes: number): Promise<void>;
  /** Does not wait for the host; `end` and `fail` do. */
  readonly change: (change: Change, took: number, error?: RunbookError) => void;
  end(line: { outcome: string; changes: number; took: number }): Promise<void>;
  fail(error: unknown, took: number): Promise<void>;
}

export function openRecord(host: Host, runbook: string): RunRecord {
  const base = { run: randomBytes(4).toString('hex'), who: operator(), runbook };
  let last: Promise<unknown> = Promise.resolve();
  const write = (line: Pick<RecordLine, 'event'> & Partial<RecordLine>) => {
    const whole = { ...base, at: new Date().toISOString(), ...line };
    // A record that cannot be written (disk full, connection lost) must not hide why the run itself failed.
    last = last.then(() => appendRecord(host, [whole])).catch(() => {});
    return last as Promise<void>;
  };
  return {
    start: (changes) => write({ event: 'start', changes }),
    change: (change, took, error) => {
      void write({
        event: 'change',
        change: change.title,
        why: change.why,
        took: Math.round(took),
        ...(error ? { error: error.parts.what } : {}),
      });
    },
    end: ({ outcome, changes, took }) => write({ event: 'end', outcome, changes, took: Math.round(took) }),
    fail: async (error, took) => {
      // A lost host cannot be written to, and a run that never had the lock is not a run.
      const kind = error instanceof RunbookError ? error.kind : 'unexpected';
      if (kind === 'hostUnreachable' || kind === 'refused') return;
      const what = error instanceof RunbookError ? error.parts.what : 'unexpected failure';
      await write({ event: 'end', outcome: kind, took: Math.round(took), error: what });
    },
  };
}
