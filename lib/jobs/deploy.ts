import type { Config } from '../config/config.types.ts';
import type { Change } from '../core/change.ts';
import { RunbookError } from '../core/errors.ts';
import type { CheckResult, OnEvent, Outcome } from '../core/event.ts';
import { type Applied, apply } from '../engine/apply.ts';
import { withDiffs } from '../engine/diffs.ts';
import { readFacts } from '../engine/facts.ts';
import { lock } from '../engine/lock.ts';
import { planOf } from '../engine/plan.ts';
import { probe } from '../engine/probe.ts';
import { operator } from '../engine/record.ts';
import type { Host } from '../host/port.ts';
import { phaseNeeds } from '../phases/index.ts';
import { loadSecrets, storeOf } from '../secrets/index.ts';
import { collectPasswords } from './accounts.ts';
import { checkOutside } from './checks.ts';
import { type Look, look } from './look.ts';
import { openRecord } from './run-record.ts';
import { settle } from './settle.ts';

export interface DeployOptions {
  readonly onEvent?: OnEvent;
  /** Asked once when there are changes; throw to stop before anything is touched. Default: go ahead. */
  readonly approve?: (changes: readonly Change[]) => Promise<void>;
  /** When aborted the change that is under way is finished, the rest is left. */
  readonly signal?: AbortSignal;
  /**
   * How closely to look from outside afterwards: `full` also clones, pushes and moves files. By default `full` after
   * changes and `quick` when there was nothing to do.
   */
  readonly checks?: 'none' | 'quick' | 'full';
}

export interface DeployReport {
  readonly outcome: Outcome;
  readonly host: string;
  readonly changes: readonly Change[];
  readonly checks: readonly CheckResult[];
  /** Names of secrets that were newly put into the secret store, for example the administrator's first password. */
  readonly delivered: readonly string[];
  /** Where the secrets are kept: the path of the file, or the service. */
  readonly secretStore: string;
  /** Milliseconds. */
  readonly took: number;
}

/**
 * Bring the host to what the config says: lock, look, apply in order, look again (nothing may be left to do), check from
 * outside. Idempotent; cut off anywhere, the next call goes on.
 *
 * Throws RunbookError: `locked`, `refused`, `changeFailed`, `checkFailed`, `interrupted`, and those of `connect`.
 */
export async function deploy(config: Config, host: Host, options: DeployOptions = {}): Promise<DeployReport> {
  const started = performance.now();
  const onEvent = options.onEvent ?? (() => {});
  const held = await lock(host, { who: operator(), what: 'deploy' });
  const record = openRecord(host, 'deploy');
  try {
    const facts = await readFacts(host);
    const store = storeOf(config);
    const secrets = await loadSecrets(store, { save: true });
    const seen = await look(host, config, secrets, onEvent, facts);
    const changes = await approved(host, seen, options, onEvent);
    let applied: Applied = { changed: 0, failures: [], skipped: [] };
    if (changes.length > 0) {
      await record.start(changes.length);
      applied = await apply(host, seen.plan, {
        onEvent,
        needs: phaseNeeds,
        afterChange: record.change,
        signal: options.signal,
      });
    }
    // Before any failure is told: a first deploy whose certificate has to wait has made the administrator all the same.
    const delivered = await collectPasswords(host, seen.specs, store);
    failIfAny(applied);
    if (changes.length > 0) await converged(host, seen);
    else await settle(host, seen, onEvent);
    const level = options.checks ?? (changes.length > 0 ? 'full' : 'quick');
    const checks = level === 'none' ? [] : await checkOutside(config, host, seen.specs, level, onEvent, options.signal);
    failIfFailed(checks);
    const outcome = changes.length > 0 ? 'changed' : 'converged';
    const took = performance.now() - started;
    await record.end({ outcome, changes: applied.changed, took });
    onEvent({ type: 'end', outcome, took, changes: applied.changed });
    return { outcome, host: host.label, changes, checks, delivered, secretStore: store.label, took };
  } catch (error) {
    await record.fail(error, performance.now() - started);
    throw error;
  } finally {
    await held.release().catch(() => {});
  }
}

async function approved(host: Host, seen: Look, options: DeployOptions, onEvent: OnEvent): Promise<readonly Change[]> {
  const { steps, unchanged } = await withDiffs(host, seen.plan);
  const changes = steps.map(({ change }) => change);
  onEvent({ type: 'plan', host: host.label, changes, unchanged });
  if (changes.length > 0) await options.approve?.(changes);
  return changes;
}

function failIfAny({ failures, skipped }: Applied): void {
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

/** The proof that the work is done: the same question again must find nothing to do. */
async function converged(host: Host, seen: Look): Promise<void> {
  const { steps } = planOf(seen.specs, await probe(host, seen.specs));
  if (steps.length === 0) return;
  throw new RunbookError('checkFailed', {
    what: 'after all changes something is still not as wanted',
    where: host.label,
    cause: steps.map(({ change }) => `${change.title}: ${change.why}`).join('\n'),
    next: 'run the deploy again; if the same lines stay, somebody or something else changes them on the host',
  });
}

function failIfFailed(checks: readonly CheckResult[]): void {
  const failed = checks.filter(({ status }) => status === 'fail');
  if (failed.length === 0) return;
  throw new RunbookError('checkFailed', {
    what: `${failed.length} of ${checks.length} checks from outside failed`,
    cause: failed.map(({ title, detail }) => `${title}: ${detail}`).join('\n'),
    next: failed[0]!.next ?? 'npx zx runbooks/doctor.mjs',
  });
}
