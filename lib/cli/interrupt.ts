import { exitCodes, RunbookError } from '../core/errors.ts';
import type { RunEvent } from '../core/event.ts';

/** Keeps track of what is half-done, from the events alone, to be able to say it when a run is interrupted. */
export interface Progress {
  readonly see: (event: RunEvent) => void;
  /** The failure that stands for the interruption. */
  readonly interrupted: (command: string) => RunbookError;
}

export function progress(): Progress {
  const running = new Map<string, string>();
  let done = 0;
  let total = 0;
  return {
    see(event) {
      if (event.type === 'change.start') {
        running.set(event.change.id, event.change.title);
        total = event.total;
      } else if (event.type === 'change.end') {
        running.delete(event.change.id);
        if (event.ok) done += 1;
      }
    },
    interrupted(command) {
      const half = [...running.values()];
      const state =
        total === 0
          ? 'no change had been started'
          : `${done} of ${total} changes are done${half.length ? `; in the middle of: ${half.join(', ')}` : '; none was in the middle'}`;
      return new RunbookError('interrupted', {
        what: `interrupted: ${state}`,
        next: `run ${command} again: what is done stays, and it finishes the rest`,
      });
    },
  };
}

/**
 * The first SIGINT or SIGTERM aborts, so that the work can end where nothing is torn; the second ends the process at
 * once. Returns what takes the handlers away.
 */
export function onInterrupt(controller: AbortController, first: () => void, second: () => void): () => void {
  const handle = () => {
    if (controller.signal.aborted) {
      second();
      process.exit(exitCodes.interrupted);
    }
    controller.abort(new Error('interrupted'));
    first();
  };
  process.on('SIGINT', handle).on('SIGTERM', handle);
  return () => process.off('SIGINT', handle).off('SIGTERM', handle);
}
