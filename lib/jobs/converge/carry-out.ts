import type { Change } from '../../core/change.ts';
import { RunbookError } from '../../core/errors.ts';
import type { CheckResult, OnEvent } from '../../core/event.ts';
import { type Applied, apply } from '../../engine/apply.ts';
import { withDiffs } from '../../engine/diffs.ts';
import { type Plan, planOf } from '../../engine/plan.ts';
import { type Observations, probe } from '../../engine/probe.ts';
import type { Host } from '../../host/port.ts';
import { phaseNeeds } from '../../phases/index.ts';
import type { Look } from './look.ts';
import type { RunRecord } from './run-record.ts';
import { settle } from './settle.ts';

export interface CarryOutOptions {
  readonly onEvent: OnEvent;
  readonly record: RunRecord;
  /** When aborted the change that is under way is finished, the rest is left. */
  readonly signal?: AbortSignal | undefined;
  /** Phase -> those that must have succeeded before it. Default: those of a host. */
  readonly needs?: ReadonlyMap<string, readonly string[]>;
}

export interface CarriedOut extends Applied {
  /** What was to do, with what only showed on the way: behind a volume that was not mounted, for example. */
  readonly changes: readonly Change[];
}

/** Carry out the steps that a look has found, each into the record of the run. */
export async function carryOut(host: Host, seen: Look, options: CarryOutOptions): Promise<CarriedOut> {
  const { onEvent, record, signal, needs = phaseNeeds } = options;
  const made: Change[] = [];
  let changes = seen.plan.steps.map(({ change }) => change);
  const applied = await apply(host, seen.plan, {
    onEvent,
    needs,
    afterChange(change, took, error) {
      made.push(change);
      record.change(change, took, error);
    },
    signal,
    async again() {
      const plan = await lookAgain(host, seen, onEvent);
      changes = [...made, ...plan.steps.map(({ change }) => change)];
      return plan;
    },
  });
  return { ...applied, changes };
}

/** What is on a volume shows once it is mounted: of what looked missing, the rest of the run makes only what is. */
async function lookAgain(host: Host, seen: Look, onEvent: OnEvent): Promise<Plan> {
  const plan = await withDiffs(host, planOf(seen.specs, await probe(host, seen.specs)));
  onEvent({ type: 'step', text: `looked again, now that more can be seen: ${plan.steps.length} changes are left` });
  return plan;
}

/** Throws `changeFailed` with the first failure in full, and what else was not done by its title. */
export function failIfAny({ failures, skipped }: Applied): void {
  const [first, ...others] = failures;
  if (!first) return;
  const also = others.map(({ change }) => change.title).concat(skipped.map((change) => `${change.title} (not tried)`));
  const { parts } = first.error;
  throw new RunbookError(
    'changeFailed',
    {
      ...parts,
      where: parts.where ?? first.change.title,
      what: also.length > 0 ? `${parts.what}. Also not done: ${also.join(', ')}` : parts.what,
    },
    { cause: first.error },
  );
}

/**
 * The proof that the work is done: the same question again must find nothing to do. Then waits for containers that the
 * work has not started itself, and that are not healthy yet. Gives what was found.
 */
export async function converged(host: Host, { specs }: Look, onEvent: OnEvent): Promise<Observations> {
  const observations = await probe(host, specs);
  const { steps } = planOf(specs, observations);
  if (steps.length === 0) {
    await settle(host, { specs, observations }, onEvent, { changed: true });
    return observations;
  }
  throw new RunbookError('checkFailed', {
    what: 'after all changes something is still not as wanted',
    where: host.label,
    cause: steps.map(({ change }) => `${change.title}: ${change.why}`).join('\n'),
    next: 'run the deploy again; if the same lines stay, somebody or something else changes them on the host',
  });
}

/** Throws `checkFailed` with every failed check. */
export function failIfFailed(checks: readonly CheckResult[]): void {
  const failed = checks.filter(({ status }) => status === 'fail');
  if (failed.length === 0) return;
  throw new RunbookError('checkFailed', {
    what: `${failed.length} of ${checks.length} checks from outside failed`,
    cause: failed.map(({ title, detail }) => `${title}: ${detail}`).join('\n'),
    next: failed[0]!.next ?? 'npx zx runbooks/doctor.mjs',
  });
}
