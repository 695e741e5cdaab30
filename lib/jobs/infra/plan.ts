import { holdsData, nameOf, protectedThing } from '../../aws/protected.ts';
import { summarise } from '../../aws/terraform/plan.ts';
import { attribute, type StateResource } from '../../aws/terraform/state.ts';
import { terraformVariables } from '../../aws/terraform/variables.ts';
import { liftProtection, writeVariables } from '../../aws/terraform/workspace.ts';
import { RunbookError } from '../../core/errors.ts';
import { refuseShrinking } from './guard.ts';
import { loginKey } from './keys.ts';
import type { InfraConfig, InfraOptions, InfraPlanReport } from './options.ts';
import { begin, lockedBy, type Session, withTerraform } from './session.ts';

/**
 * What `infra apply` would do now. Writes nothing on AWS, not even a lock: where there is no state bucket yet, it plans
 * against nothing. Throws `credentialsRefused`, `refused` for what can never be applied, `locked` only for a run of this
 * machine.
 */
export async function infraPlan(loaded: InfraConfig, options: InfraOptions = {}): Promise<InfraPlanReport> {
  const start = await begin(loaded, options);
  const bucket = await start.cloud.stateBucket();
  const zoneId = await zoneOf(start);
  return withTerraform(start, { state: bucket === 'ours' ? 'bucket' : 'empty' }, async (session) => {
    const { terraform, aws, cloud, workspace, onEvent, place } = session;
    const lock = bucket === 'ours' ? await cloud.stateLock() : undefined;
    if (lock)
      onEvent({ type: 'warning', text: `the plan is of a moment: ${lockedBy(aws, lock, workspace).parts.what}` });
    const state = bucket === 'ours' ? await terraform.state() : [];
    refuseShrinking(session, state);
    tellHalfMade(session, state);
    const { line } = await loginKey(session.config, attribute(state, 'aws_key_pair.operator', 'public_key', 'string'), {
      save: false,
    });
    await writeVariables(workspace, terraformVariables(session.config, { ...zoneId, publicKey: line }));
    let planned = await terraform.plan();
    if (
      'failed' in planned &&
      planned.told.planned.some(({ address, action }) => action !== 'create' && holdsData(address))
    ) {
      // Only to show it: what is protected is in the plan, and an apply would want its words.
      await liftProtection(workspace);
      planned = await terraform.plan();
    }
    if ('failed' in planned) throw planned.failed;
    return { place, summary: summarise(planned.plan, aws.region) };
  });
}

/** Id of the zone for the domain's record, unless the DNS is elsewhere. */
export async function zoneOf({
  aws,
  cloud,
  config,
}: Pick<Session, 'aws' | 'cloud' | 'config'>): Promise<{ zoneId?: string }> {
  return aws.dns === 'route53' ? { zoneId: await cloud.zoneId(config.domain) } : {};
}

/** Terraform would want to make anew what an apply was cut off in the middle of; an apply takes it as it is. */
function tellHalfMade({ onEvent }: Session, state: readonly StateResource[]): void {
  const half = state.filter(({ tainted, address }) => tainted && protectedThing(address) !== undefined);
  const names = half.map(({ address }) => `${address} (${nameOf(address)})`).join(', ');
  if (half.some(({ address }) => holdsData(address))) {
    throw new RunbookError('refused', {
      what: `an apply was cut off while it made ${names}; there is no plan before it is taken up again`,
      next: 'npx zx runbooks/infra.mjs apply, which goes on from there',
    });
  }
  if (half.length > 0)
    onEvent({
      type: 'warning',
      text: `an apply was cut off while it made ${names}: the next one takes it up, it replaces nothing`,
    });
}
