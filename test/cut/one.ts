import type { Change } from '../../lib/core/change.ts';
import type { Spec } from '../../lib/core/spec.ts';
import { planOf } from '../../lib/engine/plan.ts';
import { probe } from '../../lib/engine/probe.ts';
import type { Host } from '../../lib/host/port.ts';
import { kinds } from '../../lib/kinds/index.ts';
import type { Cut } from './cutting.ts';

type AnyApply = (spec: Spec, change: Change, context: object, observed: unknown) => Promise<void>;

/** A deploy of one thing: look, and change it when it needs that. Gives whether it did. */
export async function bringAbout(host: Host, spec: Spec): Promise<boolean> {
  const { steps, first } = planOf([spec], await probe(host, [spec]));
  const [step] = steps;
  if (!step) return false;
  if (first) await host.run({ script: first });
  const change = kinds[spec.kind].apply as unknown as AnyApply;
  await change(spec, step.change, { host, progress: () => {} }, step.observed);
  return true;
}

/**
 * Each script is cut one command further each time that it is asked about. It is known by its text: the rest of what a cut
 * has left half done is another one, and is cut from its first command on.
 */
export function byTurns(): Cut {
  const turns = new Map<string, number>();
  return (script) => {
    const turn = (turns.get(script) ?? 0) + 1;
    turns.set(script, turn);
    return turn;
  };
}
