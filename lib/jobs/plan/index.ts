import type { Config } from '../../config/config.types.ts';
import type { Change } from '../../core/change.ts';
import type { OnEvent } from '../../core/event.ts';
import { withDiffs } from '../../engine/diffs.ts';
import type { Host } from '../../host/port.ts';
import { readOnly } from '../../host/wrappers.ts';
import { storeOf } from '../../secrets/index.ts';
import { lookWithStore } from '../converge/look-with-store.ts';
import { mustBeQuickEnough } from '../converge/quick-enough.ts';

/** What a deploy would do now. */
export interface PlanReport {
  readonly host: string;
  readonly changes: readonly Change[];
  readonly unchanged: number;
}

/**
 * Compare the host with the config and tell what a deploy would change, with reasons, impact and file diffs. Changes
 * nothing: the host is wrapped so that it cannot, and secrets that do not exist yet are not kept.
 *
 * Throws RunbookError: `hostUnreachable`, `credentialsRefused`, `configInvalid`, `refused`.
 */
export async function plan(config: Config, host: Host, options: { onEvent?: OnEvent } = {}): Promise<PlanReport> {
  const quiet = readOnly(host);
  const looking = lookWithStore(quiet, config, storeOf(config), { onEvent: options.onEvent ?? (() => {}) });
  const [seen] = await Promise.all([looking, mustBeQuickEnough(config, quiet)]);
  const { steps, unchanged } = await withDiffs(quiet, seen.plan);
  return { host: host.label, changes: steps.map(({ change }) => change), unchanged };
}
