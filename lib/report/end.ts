import type { RunEvent } from '../core/event.ts';
import { duration } from './clock.ts';

/** The last line of a run: how it ended, what was changed, how long it took. */
export function renderEnd(event: Extract<RunEvent, { type: 'end' }>): string {
  const changes = event.changes === 1 ? '1 change' : `${event.changes} changes`;
  const took = duration(event.took);
  switch (event.outcome) {
    case 'converged':
      return `Converged: nothing to do (${took})`;
    case 'changed':
      return `Done: ${changes} in ${took}`;
    case 'planned':
      return event.changes === 0
        ? `Planned: nothing to do (${took})`
        : `Planned: ${changes}, nothing done yet (${took})`;
    case 'failed':
      return `Failed after ${changes} (${took})`;
    case 'interrupted':
      return `Interrupted after ${changes} (${took})`;
  }
}
