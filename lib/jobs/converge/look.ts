import type { Config } from '../../config/config.types.ts';
import type { OnEvent } from '../../core/event.ts';
import type { HostFacts } from '../../core/facts.ts';
import type { SecretSet } from '../../core/secrets.ts';
import type { Spec } from '../../core/spec.ts';
import { readFacts } from '../../engine/facts.ts';
import { type Plan, planOf } from '../../engine/plan.ts';
import { type Observations, probe } from '../../engine/probe.ts';
import type { Host } from '../../host/port.ts';
import { wantedOn } from './desired.ts';

/** What a look at the host gives: what it is, what is wanted, what was found, and the steps between the two. */
export interface Look {
  readonly facts: HostFacts;
  readonly specs: readonly Spec[];
  readonly observations: Observations;
  readonly plan: Plan;
}

/** Look, without touching anything. */
export async function look(
  host: Host,
  config: Config,
  secrets: SecretSet,
  onEvent: OnEvent,
  known?: HostFacts,
  /** As in the input of the phases. */
  replacing = false,
): Promise<Look> {
  const started = performance.now();
  const facts = known ?? (await readFacts(host));
  const specs = wantedOn(config, facts, secrets, replacing);
  const observations = await probe(host, specs);
  const plan = planOf(specs, observations);
  onEvent({
    type: 'step',
    text: `looked at ${specs.length} things on ${host.label}`,
    took: performance.now() - started,
  });
  return { facts, specs, observations, plan };
}
