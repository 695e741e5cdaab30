import type { Change } from '../core/change.ts';
import { RunbookError } from '../core/errors.ts';
import type { OnEvent } from '../core/event.ts';
import type { Spec } from '../core/spec.ts';
import type { Host } from '../host/port.ts';
import { kinds } from '../kinds/index.ts';
import type { ApplyContext } from '../kinds/kind.ts';
import { must } from '../kinds/text.ts';
import type { Plan } from './plan.ts';

export interface Applied {
  readonly changed: number;
  readonly failures: readonly { readonly change: Change; readonly error: RunbookError }[];
  /** Steps that were left out because something that they need failed. */
  readonly skipped: readonly Change[];
}

export interface ApplyOptions {
  readonly onEvent: OnEvent;
  /** Phase -> the phases that must have succeeded before it. */
  readonly needs: ReadonlyMap<string, readonly string[]>;
  /** Called after each change, before the next: the run record is written here. */
  readonly afterChange?: (change: Change, took: number, error?: RunbookError) => void;
  readonly signal?: AbortSignal | undefined;
  /** Called after a change that brought to light what was hidden: the plan that is carried out from there on. */
  readonly again?: () => Promise<Plan>;
}

type AnyApply = (spec: Spec, change: Change, context: ApplyContext, observed: unknown) => Promise<void>;

/**
 * Carry the plan out, one step after the other. After a failure the phases that do not need the failed one go on, so
 * that, say, an ACME server that is down does not keep the accounts from being made. A lost connection ends it at once.
 */
export async function apply(host: Host, plan: Plan, options: ApplyOptions): Promise<Applied> {
  const failures: { change: Change; error: RunbookError }[] = [];
  const failed = new Set<string>();
  const skipped: Change[] = [];
  let changed = 0;
  let { steps } = plan;
  if (plan.first !== undefined && steps.length > 0 && !options.signal?.aborted) {
    await must(host, plan.first, {
      what: 'what is about to be made could not be marked as ours',
      next: 'nothing was changed: check free space with `df -h /var` on the host, then run the same command again',
    });
  }
  // By number: the steps behind the present one may be replaced.
  for (let index = 0; index < steps.length; index++) {
    const { change, spec, observed } = steps[index]!;
    if (options.signal?.aborted) throw interrupted(change, index, steps.length);
    if (blocked(change.phase, failed, options.needs)) {
      skipped.push(change);
      continue;
    }
    options.onEvent({ type: 'change.start', change, index: index + 1, total: steps.length });
    const progress = (line: string) => options.onEvent({ type: 'change.output', change, line });
    const started = performance.now();
    const error = await (kinds[spec.kind].apply as unknown as AnyApply)(
      spec,
      change,
      { host, progress },
      observed,
    ).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    const took = performance.now() - started;
    const message = error instanceof Error ? error.message : undefined;
    options.onEvent({ type: 'change.end', change, took, ok: !error, ...(message ? { error: message } : {}) });
    if (error && !(error instanceof RunbookError && error.kind === 'changeFailed')) throw error;
    options.afterChange?.(change, took, error as RunbookError | undefined);
    if (error) {
      failures.push({ change, error: error as RunbookError });
      failed.add(change.phase);
      continue;
    }
    changed += 1;
    if (options.again && kinds[spec.kind].reveals?.(observed))
      steps = [...steps.slice(0, index + 1), ...(await options.again()).steps];
  }
  return { changed, failures, skipped };
}

/** True when the phase, or one that it needs directly or further back, has a failed step. */
function blocked(phase: string, failed: ReadonlySet<string>, needs: ApplyOptions['needs']): boolean {
  return failed.has(phase) || (needs.get(phase) ?? []).some((needed) => blocked(needed, failed, needs));
}

function interrupted(next: Change, done: number, total: number): RunbookError {
  return new RunbookError('interrupted', {
    what: `stopped after ${done} of ${total} changes, before ${next.title}; the change that was under way has been finished`,
    next: 'run the same command again: it goes on where this one stopped',
  });
}
