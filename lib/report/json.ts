import type { RunEvent } from '../core/event.ts';
import { type Clock, systemClock } from './clock.ts';
import { redactAll, type SecretSource } from './redact.ts';
import type { Reporter, Sink } from './reporter.ts';

/** Progress for scripts: one JSON object a line, the event with `time` (ISO 8601, UTC) in front. */
export function jsonReporter(
  stream: Sink,
  options: { readonly secrets?: SecretSource; readonly clock?: Clock } = {},
): Reporter {
  const clock = options.clock ?? systemClock;
  return {
    onEvent(event: RunEvent) {
      const shown = redactAll({ time: new Date(clock.now()).toISOString(), ...event }, options.secrets?.() ?? []);
      stream.write(`${JSON.stringify(shown)}\n`);
    },
    close() {},
  };
}
