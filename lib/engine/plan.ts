import type { Change } from '../core/change.ts';
import { RunbookError } from '../core/errors.ts';
import type { Spec } from '../core/spec.ts';
import { kinds } from '../kinds/index.ts';
import type { Among } from '../kinds/kind.ts';
import { changeOf } from '../kinds/text.ts';
import type { Observations } from './probe.ts';

/** One step of a plan with what its kind needs to carry it out. */
export interface Step {
  readonly change: Change;
  readonly spec: Spec;
  readonly observed: unknown;
}

/** The steps in the order in which they must happen, and how many things are as wanted already. */
export interface Plan {
  readonly steps: readonly Step[];
  readonly unchanged: number;
  /** Shell to run before the first of them: it marks what they make. */
  readonly first?: string;
}

type AnyDiff = (spec: Spec, observed: unknown) => Change | undefined;

/** Wanted against found: pure. Throws `refused` for a step that would destroy data; there is no way to ask for one. */
export function planOf(specs: readonly Spec[], observations: Observations): Plan {
  const steps: Step[] = [];
  for (const spec of specs) {
    const observed = observations.get(spec.id);
    const change = (kinds[spec.kind].diff as unknown as AnyDiff)(spec, observed);
    if (change) steps.push({ change, spec, observed });
  }
  const taken = withRestarts(specs, steps, observations);
  const destroying = taken.filter(({ change }) => change.impact === 'destroys-data');
  if (destroying.length > 0) {
    throw new RunbookError('refused', {
      what: `the plan would destroy data: ${destroying.map(({ change }) => `${change.title} (${change.why})`).join('; ')}`,
      next: 'nothing was changed. Put the config or the kept secrets back as they were; lost values are in /etc/gitea-runbooks/secrets on the host (docs/runbooks/deploy.md, "Lost secrets file")',
    });
  }
  const { more, first } = judgedByAll(specs, taken, observations);
  const unchanged = specs.length - new Set([...taken, ...more].map(({ spec }) => spec.id)).size;
  return { steps: [...taken, ...more], unchanged, ...(first === undefined ? {} : { first }) };
}

type AnyAmong = (spec: Spec, observed: unknown, unmet: ReadonlySet<string>) => Among;

/** The changes of kinds that are judged by all others. */
function judgedByAll(specs: readonly Spec[], steps: readonly Step[], observations: Observations) {
  const unmet = new Set(steps.map(({ spec }) => spec.id));
  const judged = specs.flatMap((spec) => {
    const among = kinds[spec.kind].among as unknown as AnyAmong | undefined;
    const observed = observations.get(spec.id);
    return among ? [{ spec, observed, ...among(spec, observed, unmet) }] : [];
  });
  return {
    more: judged.flatMap(({ changes, ...step }) => changes.map((change): Step => ({ change, ...step }))),
    first: judged.find(({ first }) => first !== undefined)?.first,
  };
}

/** A unit that watches a file of the plan will have to be restarted: that belongs into the plan, not into the next one. */
function withRestarts(specs: readonly Spec[], steps: readonly Step[], observations: Observations): Step[] {
  const written = new Set(steps.flatMap(({ spec }) => (spec.kind === 'file' ? [spec.path] : [])));
  const planned = new Map(steps.map((step) => [step.spec.id, step]));
  return specs.flatMap((spec): Step[] => {
    const step = planned.get(spec.id);
    if (step) return [step];
    const due = spec.kind === 'unit' ? (spec.watches ?? []).filter((path) => written.has(path)) : [];
    if (spec.kind !== 'unit' || due.length === 0) return [];
    const change = changeOf(spec, 'refresh', spec.name, `${due.join(', ')} will be written`, spec.impact);
    return [{ change, spec, observed: observations.get(spec.id) }];
  });
}
