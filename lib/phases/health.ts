import { distributionOf } from './distributions.ts';
import type { DesiredInput } from './phase.ts';

/**
 * How often a container is asked for its health. While it starts, every 2 s where the engine knows that phase apart, so
 * that a deploy does not wait longer than the service needs; otherwise 5 s at all times.
 */
export function healthOf({ facts }: DesiredInput) {
  return distributionOf(facts).startInterval
    ? { interval: '30s', startInterval: '2s' }
    : { interval: '5s', startInterval: '' };
}
