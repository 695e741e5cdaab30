import type { Config } from '../../config/config.types.ts';
import { namesGiven } from '../../config/rules/index.ts';
import type { Change } from '../../core/change.ts';
import { RunbookError } from '../../core/errors.ts';
import type { OnEvent } from '../../core/event.ts';
import type { HostFacts } from '../../core/facts.ts';
import type { Secret } from '../../core/secret.ts';
import { type SecretSet, secretNames } from '../../core/secrets.ts';
import type { Lock } from '../../engine/lock.ts';
import type { Step } from '../../engine/plan.ts';
import type { Host } from '../../host/port.ts';
import { layout } from '../../phases/layout.ts';
import { loadSecrets } from '../../secrets/index.ts';
import {
  type NewValues,
  newValues,
  type Rotatable,
  rotatable,
  unfinished,
  withValues,
} from '../../secrets/rotation.ts';
import type { SecretStore } from '../../secrets/store.ts';
import type { checkOutside } from '../converge/checks.ts';
import { type Look, look } from '../converge/look.ts';
import type { RunRecord } from '../converge/run-record.ts';
import { mustBeWhole } from '../converge/whole-state.ts';

/** What every step of a rotation works with. */
export interface RotationRun {
  readonly config: Config;
  readonly held: Lock;
  /** The host under that lock. */
  readonly host: Host;
  readonly facts: HostFacts;
  readonly store: SecretStore;
  readonly record: RunRecord;
  /** Told what was looked at, for the record of a run that fails. */
  readonly saw: (seen: Pick<Look, 'specs'>) => void;
  /** Looks at the service as its users do. */
  readonly outside: typeof checkOutside;
  readonly onEvent: OnEvent;
  /** What is to be rotated. */
  readonly asked: readonly Rotatable[];
  readonly approve: ((changes: readonly Change[], names: readonly string[]) => Promise<void>) | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Where a rotation stands. */
export interface Start {
  /** The values in use, and the same with the new ones in their place. */
  readonly before: SecretSet;
  readonly after: SecretSet;
  /** Secrets with a new value. None when an earlier run had made them current, and only had to clean up. */
  readonly names: readonly Rotatable[];
  /** New values that the store does not know yet. */
  readonly fresh: NewValues;
  /** This is the rest of an earlier run. */
  readonly resumed: boolean;
}

/**
 * Find out whether this is a new rotation or the rest of an earlier one. A new one begins only on a host that is as the
 * config wants it, so that it changes the secrets and nothing else. Touches nothing. Throws `refused`.
 */
export async function startOf(run: RotationRun): Promise<Start> {
  const { host, config, store, facts, onEvent, asked } = run;
  await mustBeWhole(config, host);
  const before = await secretsInUse(store, namesGiven(config));
  const staged = await unfinished(store);
  if (Object.keys(staged).length > 0) {
    onEvent({ type: 'step', text: `going on with an earlier rotation of ${Object.keys(staged).join(', ')}` });
    const { plan } = await look(host, config, withValues(before, staged), () => {}, facts, true);
    return goingOn(before, staged, asked, plan.steps);
  }
  const { plan } = await look(host, config, before, onEvent, facts);
  const start = anew(before, asked, plan.steps, host.label);
  if (start.resumed)
    onEvent({ type: 'step', text: 'going on with an earlier rotation, of which the clean-up is left' });
  return start;
}

/**
 * Nobody held the lock while the plan was read. Throws `refused` when the rotation would begin otherwise now: other values
 * in use, others staged, or a host that is not as the config wants it any more.
 */
export async function mustStandAsBefore(run: RotationRun, first: Start): Promise<void> {
  if (standsAs(first, await startOf(run))) return;
  throw new RunbookError('refused', {
    where: run.store.label,
    what: 'the secrets have changed since the plan was approved: somebody else rotated them',
    next: 'nothing was changed; run the same command again',
  });
}

/** Whether both start from the same values in use and the same staged ones; pure. New values are new each time. */
export function standsAs(first: Start, now: Start): boolean {
  const same = (a: Secret, b: Secret) => a.reveal() === b.reveal();
  const staged = first.names.filter((name) => first.fresh[name] === undefined);
  return (
    first.resumed === now.resumed &&
    String(first.names) === String(now.names) &&
    String(Object.keys(first.fresh)) === String(Object.keys(now.fresh)) &&
    secretNames.every((name) => same(first.before[name], now.before[name])) &&
    staged.every((name) => same(first.after[name], now.after[name]))
  );
}

/** The rest of an earlier run, by what it has staged and what the host lacks of that; pure. */
export function goingOn(
  before: SecretSet,
  staged: NewValues,
  asked: readonly Rotatable[],
  steps: readonly Step[],
): Start {
  // All in place already: the earlier run was cut off while it made the values current. That is no reason for others.
  const missing = steps.length === 0 ? [] : asked.filter((name) => staged[name] === undefined);
  return started(before, newValues(missing, before), staged);
}

/** A new rotation, or the clean-up of one, by what the host lacks of the values in use; pure. */
export function anew(before: SecretSet, asked: readonly Rotatable[], steps: readonly Step[], label: string): Start {
  if (steps.length === 0) return started(before, newValues(asked, before), {});
  if (steps.every(isCleanUp)) return { before, after: before, names: [], fresh: {}, resumed: true };
  throw new RunbookError('refused', {
    where: label,
    what: `the host is not as the config wants it (${steps.length} changes pending), and a rotation changes nothing but secrets`,
    cause: steps.map(({ change }) => `${change.title}: ${change.why}`).join('\n'),
    next: 'npx zx runbooks/deploy.mjs, then rotate',
  });
}

function started(before: SecretSet, fresh: NewValues, staged: NewValues): Start {
  const values = { ...fresh, ...staged };
  const names = rotatable.filter((name) => values[name] !== undefined);
  return { before, after: withValues(before, values), names, fresh, resumed: Object.keys(staged).length > 0 };
}

/** A step that only takes away what a rotation has replaced. */
const isCleanUp = ({ spec }: Step) =>
  (spec.kind === 'leftovers' && (spec.directory === layout.secrets || spec.stems.includes('app.ini'))) ||
  (spec.kind === 'login' && spec.password === undefined);

async function secretsInUse(store: SecretStore, given: readonly string[]): Promise<SecretSet> {
  const kept = await store.load();
  const missing = secretNames.filter((name) => !kept[name]);
  if (missing.length === 0) return loadSecrets(store, { given });
  throw new RunbookError('refused', {
    where: store.label,
    what: `there is no value of ${missing.join(', ')} yet, so there is nothing to rotate`,
    next: 'npx zx runbooks/deploy.mjs',
  });
}
