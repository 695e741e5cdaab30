import { lossesOf, nameOf, protectedThings, wordsFor } from '../../aws/protected.ts';
import type { PlanFlags } from '../../aws/terraform/index.ts';
import { shrinks, summarise, summariseEvents } from '../../aws/terraform/plan.ts';
import { attribute, type StateResource } from '../../aws/terraform/state.ts';
import { liftProtection } from '../../aws/terraform/workspace.ts';
import { RunbookError } from '../../core/errors.ts';
import type { InfraSummary, ProtectedThing } from '../../core/infra.ts';
import type { Approval } from './options.ts';
import type { Session } from './session.ts';

/** A plan that may be carried out: what it takes away was named by whoever runs it. */
export interface Guarded {
  readonly file: string;
  readonly summary: InfraSummary;
}

/**
 * Plans, shows the plan and asks. Where something protected would go, the words that name it have to be typed; a plain
 * yes is not enough. Terraform's own protection stays in force until then. `stays` tells what may not be in the plan
 * whatever is typed. Throws `refused`.
 */
export async function guardedPlan(
  session: Session,
  flags: PlanFlags,
  approval: Approval,
  stays: (address: string) => boolean = () => false,
): Promise<Guarded> {
  const { terraform, aws, onEvent, place } = session;
  let planned = await terraform.plan(flags);
  let named: readonly ProtectedThing[] = [];
  if ('failed' in planned) {
    // Terraform plans to the end before it refuses to destroy what is protected: its events tell what that would be.
    const losses = lossesOf(planned.told.planned);
    if (losses.every((thing) => thing === 'host')) throw planned.failed;
    refuseTaking(session, planned.told.planned, stays);
    onEvent({ type: 'infra', place, summary: summariseEvents(planned.told.planned, aws.region) });
    await approveLoss(session, losses, approval);
    named = losses;
    await liftProtection(session.workspace);
    planned = await terraform.plan(flags);
    if ('failed' in planned) throw planned.failed;
  }
  const summary = summarise(planned.plan, aws.region);
  const smaller = shrinks(planned.plan);
  if (smaller) throw shrinking(smaller.from, smaller.to);
  refuseTaking(session, summary.changes, stays);
  // Where only outputs are new, nothing is made: there is nothing to show or to ask.
  if (summary.changes.length === 0) return { file: planned.file, summary };
  onEvent({ type: 'infra', place, summary });
  if (summary.losses.some((thing) => !named.includes(thing))) await approveLoss(session, summary.losses, approval);
  else if (named.length === 0) await approval.approve?.(summary);
  return { file: planned.file, summary };
}

/** Throws `refused` unless the loss was approved by its words. */
export async function approveLoss(
  session: Session,
  losses: readonly ProtectedThing[],
  { approveLoss }: Approval,
): Promise<void> {
  if (losses.includes('backup-bucket')) await refuseFullBucket(session);
  const what = losses.map((thing) => protectedThings[thing]).join(', ');
  const words = wordsFor(losses);
  if (approveLoss) return approveLoss(`This replaces or destroys ${what}.`, words);
  throw new RunbookError('refused', {
    where: session.place,
    what: `the plan replaces or destroys ${what}, and nobody was asked`,
    next: `approve it by its words: ${words}`,
  });
}

/** Terraform also takes what depends on a target: nothing that is to stay may. Throws `refused`. */
function refuseTaking(
  { place }: Session,
  changes: readonly { readonly address: string }[],
  stays: (address: string) => boolean,
): void {
  const lost = changes.find(({ address }) => stays(address));
  if (!lost) return;
  throw new RunbookError('refused', {
    where: place,
    what: `the plan takes ${lost.address} (${nameOf(lost.address)}) as well, which is to stay; nothing was changed`,
    next: 'this is a fault in the package, report it. Until then: infra destroy --with-data, which names all that goes',
  });
}

/** A bucket with anything in it is not destroyed, whoever asks. Throws `refused`. */
export async function refuseFullBucket({ cloud, aws, place }: Pick<Session, 'cloud' | 'aws' | 'place'>): Promise<void> {
  const { objects, older, atLeast } = await cloud.backups();
  if (objects + older === 0) return;
  throw new RunbookError('refused', {
    where: place,
    what: `the backup bucket ${aws.backupBucket} is not empty: ${atLeast ? 'at least ' : ''}${objects} objects and ${older} older versions and delete markers`,
    next: 'leave it (without --with-data it stays, and costs only what is stored); or copy the backups elsewhere, wait until their lock is over, empty the bucket by hand, and run the same command again',
  });
}

/** EBS cannot make a volume smaller; Terraform would replace it. Throws `refused`. */
export function refuseShrinking({ aws }: Session, state: readonly StateResource[]): void {
  const size = attribute(state, 'aws_ebs_volume.data', 'size', 'number');
  if (size !== undefined && aws.dataVolumeGiB < size) throw shrinking(size, aws.dataVolumeGiB);
}

function shrinking(from: number, to: number): RunbookError {
  return new RunbookError('refused', {
    what: `aws.dataVolumeGiB is ${to}, and the data volume has ${from} GiB: a volume cannot become smaller, it would have to be made anew, empty`,
    where: 'aws.dataVolumeGiB',
    next: `set aws.dataVolumeGiB to ${from} or more`,
  });
}
