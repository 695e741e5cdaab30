import { randomBytes } from 'node:crypto';
import type { Change } from '../../core/change.ts';
import { RunbookError } from '../../core/errors.ts';
import type { RecordLine, RunningImage } from '../../core/status.ts';
import { probe } from '../../engine/probe.ts';
import { appendRecord, operator } from '../../engine/record.ts';
import type { Host } from '../../host/port.ts';
import { imagesInUse } from '../../kinds/containers/index.ts';
import type { Look } from './look.ts';

/** Writes what a run does into the host's record as it happens, so that a run that was cut off shows as well. */
export interface RunRecord {
  start(changes: number): Promise<void>;
  /** Does not wait for the host; `end` and `fail` do. */
  readonly change: (change: Change, took: number, error?: RunbookError) => void;
  end(line: { outcome: string; changes: number; took: number } & Pick<RecordLine, 'images'>): Promise<void>;
  /** `seen` is what was looked at before, if it came to that: what runs after a failure matters most. */
  fail(error: unknown, took: number, seen?: Pick<Look, 'specs'>): Promise<void>;
}

/** The images that were found to be in use. */
export function imagesOf({ specs, observations }: Pick<Look, 'specs' | 'observations'>) {
  const found = specs.filter(({ kind }) => kind === 'compose').map(({ id }) => imagesInUse(observations.get(id)));
  return Object.assign({}, ...found) as Readonly<Record<string, RunningImage>>;
}

async function imagesNow(host: Host, seen: Pick<Look, 'specs'>) {
  const specs = seen.specs.filter(({ kind }) => kind === 'compose');
  return imagesOf({ specs, observations: await probe(host, specs) });
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
    end: ({ took, ...line }) => write({ event: 'end', ...line, took: Math.round(took) }),
    fail: async (error, took, seen) => {
      // A lost host cannot be written to, and a run that never had the lock is not a run.
      const kind = error instanceof RunbookError ? error.kind : 'unexpected';
      if (kind === 'hostUnreachable' || kind === 'refused') return;
      const what = error instanceof RunbookError ? error.parts.what : 'unexpected failure';
      const images = seen && (await imagesNow(host, seen).catch(() => undefined));
      await write({ event: 'end', outcome: kind, took: Math.round(took), error: what, ...(images ? { images } : {}) });
    },
  };
}
