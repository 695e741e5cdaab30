import { distance } from '../core/distance.ts';

/** The known name that a mistyped one most likely means, or nothing when none is near. */
export function nearest(typed: string, known: readonly string[], prefix: string): string | undefined {
  const [best] = known
    .map((name) => ({ name, steps: name.startsWith(typed) && typed.length > 1 ? 1 : distance(typed, name) }))
    .sort((a, b) => a.steps - b.steps);
  return best && best.steps <= Math.max(1, Math.floor(best.name.length / 3)) ? `${prefix}${best.name}` : undefined;
}
