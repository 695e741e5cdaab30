import { protectedThing } from '../../aws/protected.ts';
import { attribute, type StateResource } from '../../aws/terraform/state.ts';
import { terraformVariables } from '../../aws/terraform/variables.ts';
import { keepLockFile, writeVariables } from '../../aws/terraform/workspace.ts';
import { guardedPlan, refuseShrinking } from './guard.ts';
import { keepInventory } from './inventory.ts';
import { loginKey, newHostKey } from './keys.ts';
import type { InfraApplyOptions, InfraApplyReport, InfraConfig } from './options.ts';
import { zoneOf } from './plan.ts';
import { begin, explain, refuseLocked, type Session, withTerraform } from './session.ts';

/**
 * Makes the infrastructure what the configuration says: state bucket, plan, approval, apply, then the inventory and the
 * pinned host key. With nothing to do it writes nothing on AWS. Cut off anywhere, the next call goes on.
 *
 * Throws RunbookError: `credentialsRefused`, `locked`, `refused`, `changeFailed`, `interrupted`.
 */
export async function infraApply(loaded: InfraConfig, options: InfraApplyOptions = {}): Promise<InfraApplyReport> {
  const began = performance.now();
  const start = await begin(loaded, options);
  const { cloud, onEvent, place } = start;
  const zoneId = await zoneOf(start);
  await cloud.ensureStateBucket(onEvent);
  await refuseLocked(start);
  // What is there already goes to Terraform as well: an earlier run may have been cut off before it was recorded.
  const hostKey = (await cloud.hostKey()) ?? newHostKey();
  options.hide?.(hostKey);
  return withTerraform(start, { state: 'bucket', hostKey }, async (session) => {
    const { terraform, workspace } = session;
    const written = (await keepLockFile(workspace)) ? [workspace.lockFile] : [];
    const state = await terraform.state();
    refuseShrinking(session, state);
    await takeUp(session, state);
    const inState = attribute(state, 'aws_key_pair.operator', 'public_key', 'string');
    const key = await loginKey(session.config, inState, { save: true });
    if (key.made !== undefined) written.push(key.made);
    await writeVariables(workspace, terraformVariables(session.config, { ...zoneId, publicKey: key.line }));
    const replace = options.replaceHost && has(state, 'aws_instance.host') ? ['aws_instance.host'] : [];
    const { file, summary } = await guardedPlan(session, { replace }, options);
    if (summary.applies) await terraform.apply(file, explain(session));
    const kept = await keepInventory(session);
    if (summary.applies) await terraform.refresh();
    return {
      outcome: summary.applies ? 'changed' : 'converged',
      place,
      summary,
      inventory: kept.inventory,
      written: [...written, ...kept.written],
      took: performance.now() - began,
    };
  });
}

const has = (state: readonly StateResource[], address: string) => state.some((one) => one.address === address);

/**
 * What Terraform was making when it was interrupted counts as damaged for it, and it would make it anew. Of what is
 * protected the thing itself is there and whole: only the wait for it was cut short.
 */
async function takeUp(session: Session, state: readonly StateResource[]): Promise<void> {
  for (const { address, tainted } of state) {
    if (!tainted || protectedThing(address) === undefined) continue;
    await session.terraform.untaint(address).catch(async (error) => {
      throw await explain(session)(error);
    });
    session.onEvent({ type: 'step', text: `${address}: taken up again where an earlier run was cut off` });
  }
}
