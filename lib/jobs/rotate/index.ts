import type { Config } from '../../config/config.types.ts';
import type { Change } from '../../core/change.ts';
import type { CheckResult, OnEvent, Outcome } from '../../core/event.ts';
import { readFacts } from '../../engine/facts.ts';
import { lock } from '../../engine/lock.ts';
import { operator } from '../../engine/record.ts';
import type { Host } from '../../host/port.ts';
import { storeOf } from '../../secrets/index.ts';
import { toRotate } from '../../secrets/rotation.ts';
import { checkOutside } from '../converge/checks.ts';
import type { Look } from '../converge/look.ts';
import { imagesOf, openRecord } from '../converge/run-record.ts';
import { startOf } from './start.ts';
import { bringIn, cleanUp } from './steps.ts';

export interface RotateOptions {
  /** Names of secrets; by default all that can be rotated. */
  readonly names?: readonly string[];
  readonly onEvent?: OnEvent;
  /** Asked once before anything is touched, with the host free for others; throw to stop. Default: go ahead. */
  readonly approve?: (changes: readonly Change[], names: readonly string[]) => Promise<void>;
  /** When aborted the change that is under way is finished, the rest is left for the next call. */
  readonly signal?: AbortSignal;
}

export interface RotateReport {
  readonly outcome: Outcome;
  readonly host: string;
  /** Names of the secrets that have a new value now. */
  readonly rotated: readonly string[];
  /** True when an earlier run had been cut off and this one has brought it to its end. */
  readonly resumed: boolean;
  /** Where the new values are kept: the path of the file, or the service. */
  readonly secretStore: string;
  readonly changes: readonly Change[];
  readonly checks: readonly CheckResult[];
  /** Milliseconds. */
  readonly took: number;
}

/**
 * Give secrets new values without a failed login: stage them in the store, bring the host to them, prove that they work,
 * make them the current ones, and only then close the logins of before. Cut off anywhere, the next call goes on, and a
 * deploy goes back. When the new values do not work, the ones before are put in force again.
 *
 * Throws RunbookError: `refused`, `locked`, `changeFailed`, `checkFailed`, `interrupted`, and those of `connect`.
 */
export async function rotate(
  config: Config,
  machine: Host,
  options: RotateOptions = {},
  outside: typeof checkOutside = checkOutside,
): Promise<RotateReport> {
  const started = performance.now();
  const asked = toRotate(options.names ?? []);
  const onEvent = options.onEvent ?? (() => {});
  const tell = (text: string) => onEvent({ type: 'step', text });
  const held = await lock(machine, { who: operator(), what: 'rotate-secrets', mode: 'exclusive', tell });
  const { host } = held;
  const record = openRecord(host, 'rotate-secrets');
  let seen: Pick<Look, 'specs'> | undefined;
  const saw = (look: Pick<Look, 'specs'>) => {
    seen = look;
  };
  try {
    const store = storeOf(config);
    const facts = await readFacts(host);
    const { approve, signal } = options;
    const run = { config, held, host, facts, store, record, saw, outside, onEvent, asked, approve, signal };
    const start = await startOf(run);
    const brought = start.names.length > 0 ? await bringIn(run, start) : { changes: [], checks: [] };
    const cleaned = await cleanUp(run, start);
    const changes = [...brought.changes, ...cleaned.changes];
    const took = performance.now() - started;
    await record.end({ outcome: 'changed', changes: changes.length, took, images: imagesOf(cleaned) });
    onEvent({ type: 'end', outcome: 'changed', took, changes: changes.length });
    return {
      ...{ outcome: 'changed', host: host.label, rotated: start.names, resumed: start.resumed },
      ...{ secretStore: store.label, changes, checks: brought.checks, took },
    };
  } catch (error) {
    await record.fail(error, performance.now() - started, seen);
    throw error;
  } finally {
    await held.release();
  }
}
