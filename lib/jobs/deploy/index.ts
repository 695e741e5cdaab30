import type { Config } from '../../config/config.types.ts';
import type { Change } from '../../core/change.ts';
import { RunbookError } from '../../core/errors.ts';
import type { CheckResult, OnEvent, Outcome } from '../../core/event.ts';
import { type SecretSet, secretNames } from '../../core/secrets.ts';
import { factsScript, parseFacts } from '../../engine/facts.ts';
import { type Lock, lock } from '../../engine/lock.ts';
import { operator } from '../../engine/record.ts';
import type { Host } from '../../host/port.ts';
import { keepSecrets, missingIn, storeOf } from '../../secrets/index.ts';
import { unfinished } from '../../secrets/rotation.ts';
import type { SecretStore } from '../../secrets/store.ts';
import { approved } from '../converge/approved.ts';
import { type CarriedOut, carryOut, converged, failIfAny, failIfFailed } from '../converge/carry-out.ts';
import { type BegunChecks, beginChecks, checkOutside } from '../converge/checks.ts';
import type { Look } from '../converge/look.ts';
import { lookWithStore } from '../converge/look-with-store.ts';
import { mustBeQuickEnough } from '../converge/quick-enough.ts';
import { imagesOf, openRecord } from '../converge/run-record.ts';
import { settle } from '../converge/settle.ts';
import { mustBeWhole } from '../converge/whole-state.ts';
import { collectPasswords } from './accounts.ts';
import { afterFirstBoot } from './first-boot.ts';

export interface DeployOptions {
  readonly onEvent?: OnEvent;
  /**
   * Asked once when there are changes; throw to stop before anything is touched. Default: go ahead. The host is free for
   * others meanwhile, so afterwards it is looked at again: a plan that has changed is refused.
   */
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
export async function deploy(config: Config, machine: Host, options: DeployOptions = {}): Promise<DeployReport> {
  const started = performance.now();
  const onEvent = options.onEvent ?? (() => {});
  const tell = (text: string) => onEvent({ type: 'step', text });
  const held = await lock(machine, { who: operator(), what: 'deploy', mode: 'exclusive', tell, ask: factsScript });
  const { host } = held;
  const record = openRecord(host, 'deploy');
  let early: BegunChecks | undefined;
  let seen: Look | undefined;
  try {
    const facts = await afterFirstBoot(host, parseFacts(held.answer, host.label), onEvent);
    const store = storeOf(config);
    const looking = lookWithStore(host, config, store, { onEvent, facts });
    // Of the same moment, for the case that there is nothing to do.
    if (options.checks === undefined || options.checks === 'quick') early = beginChecks(config, options.signal);
    const [first] = await Promise.all([looking, mustBeWhole(config, host), mustBeQuickEnough(config, host)]);
    seen = first;
    await tellUnfinished(store, onEvent);
    const go = await approved(held, first, {
      onEvent,
      ask: options.approve,
      // Another store: one of AWS remembers what it has read.
      again: () => lookWithStore(host, config, storeOf(config), { onEvent, facts, drawn: first.secrets }),
    });
    seen = go.seen;
    await keepMade(held, store, go.seen.secrets);
    const planned = go.changes;
    let applied: CarriedOut = { changed: 0, failures: [], skipped: [], changes: [] };
    if (planned.length > 0) {
      early?.drop();
      await record.start(planned.length);
      applied = await carryOut(host, seen, { onEvent, record, signal: options.signal });
    }
    const { changes } = applied;
    // Before any failure is told: a first deploy whose certificate has to wait has made the administrator all the same.
    const delivered = await collectPasswords(held, seen.specs, store);
    failIfAny(applied);
    let { observations } = seen;
    if (changes.length > 0) observations = await converged(host, seen, onEvent);
    else if (await settle(host, seen, onEvent, { changed: false })) early?.drop();
    const level = options.checks ?? (changes.length > 0 ? 'full' : 'quick');
    const checks =
      (await early?.results(onEvent)) ??
      (level === 'none' ? [] : await checkOutside(config, host, seen.specs, level, onEvent, options.signal));
    failIfFailed(checks);
    if (changes.length > 0) await held.confirm();
    const outcome = changes.length > 0 ? 'changed' : 'converged';
    const took = performance.now() - started;
    const images = imagesOf({ specs: seen.specs, observations });
    await record.end({ outcome, changes: applied.changed, took, images });
    onEvent({ type: 'end', outcome, took, changes: applied.changed });
    return { outcome, host: host.label, changes, checks, delivered, secretStore: store.label, took };
  } catch (error) {
    await record.fail(error, performance.now() - started, seen);
    throw error;
  } finally {
    early?.drop();
    await held.release();
  }
}

/**
 * The store has every value before the host gets any: no value is ever in use that is not kept. Only now, when the host
 * was compared with them and nobody objected, so a deploy that is refused leaves the store as it was.
 */
async function keepMade(held: Lock, store: SecretStore, drawn: SecretSet): Promise<void> {
  if ((await missingIn(store)).length === 0) return;
  await held.confirm();
  const kept = await keepSecrets(store, drawn);
  const others = secretNames.filter((name) => kept[name].reveal() !== drawn[name].reveal());
  if (others.length === 0) return;
  throw new RunbookError('refused', {
    what: `somebody else has just made ${others.join(', ')}`,
    where: store.label,
    next: 'nothing was changed on the host; run the same command again, which takes those values',
  });
}

/** A deploy knows the current values alone. Whoever runs it in the middle of a rotation should know where that leads. */
async function tellUnfinished(store: SecretStore, onEvent: OnEvent): Promise<void> {
  const names = Object.keys(await unfinished(store));
  if (names.length === 0) return;
  const text = `a rotation of ${names.join(', ')} has not come to its end: this deploy brings the host to the values before; npx zx runbooks/rotate-secrets.mjs to the new ones`;
  onEvent({ type: 'warning', text });
}
