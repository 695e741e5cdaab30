import type { Change } from '../../core/change.ts';
import { describeFailure, RunbookError } from '../../core/errors.ts';
import type { CheckResult } from '../../core/event.ts';
import { storeOf } from '../../secrets/index.ts';
import { approved } from '../converge/approved.ts';
import { carryOut, converged, failIfAny } from '../converge/carry-out.ts';
import { type Look, look } from '../converge/look.ts';
import { settle } from '../converge/settle.ts';
import { prove } from './proof.ts';
import { mustStandAsBefore, type RotationRun, type Start } from './start.ts';

interface Brought {
  readonly changes: readonly Change[];
  readonly checks: readonly CheckResult[];
}

/** What was taken away, and what was found on the host after that. */
interface CleanedUp extends Pick<Look, 'specs' | 'observations'> {
  readonly changes: readonly Change[];
}

/** Stage the new values, bring the host to them, prove that they work, make them the current ones. */
export async function bringIn(run: RotationRun, start: Start): Promise<Brought> {
  const { held, host, config, facts, store, onEvent, signal, approve } = run;
  const lookAt = () => look(host, config, start.after, onEvent, facts, true);
  const { seen, changes } = await approved(held, await lookAt(), {
    onEvent,
    ask: approve && ((all) => approve(all, start.names)),
    async again() {
      await mustStandAsBefore({ ...run, store: storeOf(config), onEvent: () => {} }, start);
      return lookAt();
    },
  });
  run.saw(seen);
  // What failed before is not the new values' fault.
  const known = await run.outside(config, host, seen.specs, 'quick', () => {}, signal);
  signal?.throwIfAborted();
  await run.record.start(changes.length);
  // The store is changed under the lock as well, and nothing that the host refuses would tell that it is lost.
  await held.confirm();
  await store.stage(start.fresh);
  const checks = await tried(run, start, seen, known).catch(async (error: unknown) => {
    throw isVerdict(error) ? await wentBack(run, start, error) : error;
  });
  await held.confirm();
  await store.promote(start.names);
  onEvent({ type: 'step', text: `the new values are the current ones in ${store.label}` });
  return { changes, checks };
}

/** Close the logins of before and remove their files. They are found on the host, so the last run need not have been this one. */
export async function cleanUp(run: RotationRun, { after }: Start): Promise<CleanedUp> {
  const seen = await look(run.host, run.config, after, () => {}, run.facts);
  failIfAny(await carryOut(run.host, seen, { onEvent: run.onEvent, record: run.record }));
  const observations = await converged(run.host, seen, run.onEvent);
  return { changes: seen.plan.steps.map(({ change }) => change), specs: seen.specs, observations };
}

async function tried(
  { host, config, record, outside, onEvent, signal }: RotationRun,
  { names, before, after }: Start,
  seen: Look,
  known: readonly CheckResult[],
): Promise<readonly CheckResult[]> {
  failIfAny(await carryOut(host, seen, { onEvent, record, signal }));
  if (seen.plan.steps.length > 0) await converged(host, seen, onEvent);
  else await settle(host, seen, onEvent, { changed: true });
  const proof = await prove(host, config, { names, before, after });
  for (const result of proof) onEvent({ type: 'check', result });
  const fromOutside = await outside(config, host, seen.specs, 'full', onEvent, signal);
  const checks = [...proof, ...fromOutside];
  const failedBefore = new Set(known.filter(({ status }) => status === 'fail').map(({ id }) => id));
  const failed = checks.filter(({ id, status }) => status === 'fail' && !failedBefore.has(id));
  if (failed.length === 0) return checks;
  throw new RunbookError('checkFailed', {
    what: `with the new values ${failed.length} of ${checks.length} checks failed`,
    where: host.label,
    cause: failed.map(({ title, detail }) => `${title}: ${detail}`).join('\n'),
    next: failed[0]!.next ?? 'npx zx runbooks/doctor.mjs',
  });
}

/** Whether the new values were tried and did not work. After a lost connection nobody knows that. */
const isVerdict = (error: unknown): error is RunbookError =>
  error instanceof RunbookError && (error.kind === 'changeFailed' || error.kind === 'checkFailed');

/** Put the values of before in force again and forget the new ones. Gives the failure to end with. */
async function wentBack(run: RotationRun, start: Start, failure: RunbookError): Promise<RunbookError> {
  const { held, host, config, facts, store, record, onEvent } = run;
  onEvent({ type: 'warning', text: 'the new values do not work: going back to the ones before' });
  try {
    const seen = await look(host, config, start.before, onEvent, facts);
    failIfAny(await carryOut(host, seen, { onEvent, record }));
    await converged(host, seen, onEvent);
    await held.confirm();
    await store.discard(start.names);
  } catch (error) {
    const second = error instanceof RunbookError ? describeFailure(error.parts) : String(error);
    return new RunbookError(
      failure.kind,
      {
        ...failure.parts,
        what: `${failure.parts.what}; and going back to the values before did not succeed either`,
        cause: [failure.parts.cause, second].filter(Boolean).join('\n'),
        next: 'npx zx runbooks/deploy.mjs, which brings the host to the values before. The database takes the old login and the new one',
      },
      { cause: failure },
    );
  }
  const what = `${failure.parts.what}; the values before are in force again`;
  return new RunbookError(failure.kind, { ...failure.parts, what }, { cause: failure });
}
