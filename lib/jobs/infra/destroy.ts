import { rm } from 'node:fs/promises';
import { monthlyCost, shapeOf } from '../../aws/cost.ts';
import { holdsData } from '../../aws/protected.ts';
import type { PlanFlags } from '../../aws/terraform/index.ts';
import { summarise } from '../../aws/terraform/plan.ts';
import { attribute, type StateResource } from '../../aws/terraform/state.ts';
import { terraformVariables } from '../../aws/terraform/variables.ts';
import { writeVariables } from '../../aws/terraform/workspace.ts';
import type { InfraSummary } from '../../core/infra.ts';
import { approveLoss, guardedPlan, refuseFullBucket } from './guard.ts';
import { loginKey } from './keys.ts';
import type { InfraConfig, InfraDestroyOptions, InfraDestroyReport } from './options.ts';
import { begin, explain, refuseLocked, type Session, withTerraform } from './session.ts';

/**
 * Takes the infrastructure away, except for what holds data: data volume, backup bucket and secrets stay, and the next
 * apply uses them again. `withData` takes these too; then every one of them has to be named, the bucket has to be empty,
 * and the volume leaves a snapshot. The state bucket always stays.
 *
 * Throws as `infraApply` does.
 */
export async function infraDestroy(
  loaded: InfraConfig,
  options: InfraDestroyOptions = {},
): Promise<InfraDestroyReport> {
  const began = performance.now();
  const start = await begin(loaded, options);
  const { aws, cloud, place } = start;
  const nothing = {
    place,
    summary: summarise({}, aws.region),
    secrets: [],
    kept: [],
    keptCost: monthlyCost(aws.region, shapeOf([])),
  };
  if ((await cloud.stateBucket()) === 'absent')
    return { ...nothing, outcome: 'converged', took: performance.now() - began };
  await refuseLocked(start);
  if (options.withData) await refuseFullBucket(start);
  return withTerraform(start, { state: 'bucket' }, async (session) => {
    const { terraform, workspace, config } = session;
    const state = await terraform.state();
    const going = state.filter(({ address }) => options.withData || !holdsData(address));
    const kept = state.filter((one) => !going.includes(one));
    let summary = nothing.summary;
    if (going.length > 0) {
      // All variables need a value, also of what goes.
      const inState = attribute(state, 'aws_key_pair.operator', 'public_key', 'string');
      const { line } = await loginKey(config, inState, { save: false });
      const zoneId = attribute(state, 'aws_route53_record.address[0]', 'zone_id', 'string');
      await writeVariables(
        workspace,
        terraformVariables(config, { publicKey: line, ...(zoneId === undefined ? {} : { zoneId }) }),
      );
      const targets = options.withData ? [] : [...new Set(going.map(({ target }) => target))].sort();
      summary = await destroy(session, { destroy: true, targets }, state, kept, options);
    }
    const secrets = options.withData ? await destroySecrets(session, summary, options) : [];
    // A host that is gone must not be deployed to, and its address may be somebody else's by tomorrow.
    await rm(aws.inventory, { force: true });
    return {
      outcome: going.length + secrets.length > 0 ? 'destroyed' : 'converged',
      place,
      summary,
      secrets,
      kept: kept.map(({ address }) => address),
      keptCost: monthlyCost(aws.region, shapeOf(kept)),
      took: performance.now() - began,
    };
  });
}

async function destroy(
  session: Session,
  flags: PlanFlags,
  state: readonly StateResource[],
  kept: readonly StateResource[],
  options: InfraDestroyOptions,
) {
  const stays = (address: string) => kept.some((one) => one.address === address);
  const { file, summary } = await guardedPlan(session, flags, options, stays);
  if (summary.applies) await session.terraform.apply(file, explain(session));
  // A plan for a part speaks of that part only.
  const { region } = session.aws;
  return { ...summary, before: monthlyCost(region, shapeOf(state)), after: monthlyCost(region, shapeOf(kept)) };
}

/** What the runbooks made beside Terraform goes as well: nobody would look for a first password once all else is gone. */
async function destroySecrets(
  session: Session,
  { losses }: InfraSummary,
  approval: InfraDestroyOptions,
): Promise<readonly string[]> {
  const { cloud, onEvent } = session;
  const ids = await cloud.ownSecrets();
  if (ids.length === 0) return ids;
  if (!losses.includes('secrets')) await approveLoss(session, ['secrets'], approval);
  await cloud.deleteSecrets(ids);
  onEvent({ type: 'step', text: `deleted as well, kept by AWS for 30 days: ${ids.join(', ')}` });
  return ids;
}
