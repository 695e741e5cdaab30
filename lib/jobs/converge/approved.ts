import { type Change, marker } from '../../core/change.ts';
import { RunbookError } from '../../core/errors.ts';
import type { OnEvent } from '../../core/event.ts';
import { withDiffs } from '../../engine/diffs.ts';
import type { Lock } from '../../engine/lock.ts';
import type { Look } from './look.ts';

export interface Approval<L extends Look> {
  readonly onEvent: OnEvent;
  /** Asks a person, and throws for a no. Without it nobody is asked. */
  readonly ask: ((changes: readonly Change[]) => Promise<void>) | undefined;
  /** Looks once more, at the kept secrets as well: others may have been at work while the person thought. */
  readonly again: () => Promise<L>;
}

/**
 * Show the plan and, when there is something to do, have it approved. The lock is given back while a person thinks about
 * it; then the plan must still be the same. Gives the look to go by and its changes, with the diffs of files.
 */
export async function approved<L extends Look>(
  held: Lock,
  first: L,
  { onEvent, ask, again }: Approval<L>,
): Promise<{ readonly seen: L; readonly changes: readonly Change[] }> {
  const { host } = held;
  const changesOf = async ({ plan }: Look) => (await withDiffs(host, plan)).steps.map(({ change }) => change);
  const changes = await changesOf(first);
  onEvent({ type: 'plan', host: host.label, changes, unchanged: first.plan.unchanged });
  if (changes.length === 0 || !ask) return { seen: first, changes };
  await held.without(() => ask(changes));
  const seen = await again();
  mustBeAsApproved(changes, await changesOf(seen), host.label);
  return { seen, changes };
}

const whole = ({ action, title, impact, why, diff }: Change) =>
  JSON.stringify([action, title, impact, why, diff ?? '']);
const line = (change: Change) => `${marker[change.action]} ${change.title} (${change.why})`;

/** Throws `refused` when what is to be done now is not what was approved, and says what differs. */
export function mustBeAsApproved(before: readonly Change[], now: readonly Change[], label: string): void {
  const [was, is] = [before, now].map((changes) => new Set(changes.map(whole))) as [Set<string>, Set<string>];
  const differences = [
    ...before.filter((change) => !is.has(whole(change))).map((change) => `approved: ${line(change)}`),
    ...now.filter((change) => !was.has(whole(change))).map((change) => `now: ${line(change)}`),
  ];
  if (differences.length === 0) return;
  throw new RunbookError('refused', {
    what: 'the plan has changed since it was approved: somebody else was at work on the host',
    where: label,
    cause: differences.join('\n'),
    next: 'nothing was changed; run the same command again, and read the new plan',
  });
}
