import { RunbookError } from '../../core/errors.ts';
import { keepInventory } from './inventory.ts';
import type { InfraConfig, InfraOptions, InfraOutputReport } from './options.ts';
import { begin, withTerraform } from './session.ts';

/**
 * Writes the inventory and the pinned host key anew from Terraform's state, for a machine that has none. Changes nothing
 * on AWS. Throws `refused` where nothing was made yet.
 */
export async function infraOutput(loaded: InfraConfig, options: InfraOptions = {}): Promise<InfraOutputReport> {
  const start = await begin(loaded, options);
  const { place } = start;
  if ((await start.cloud.stateBucket()) === 'absent') throw nothingYet(place);
  return withTerraform(start, { state: 'bucket' }, async (session) => {
    const state = await session.terraform.state();
    // After a destroy that keeps the data, outputs of what is gone may still stand in the state.
    if (!state.some(({ address }) => address === 'aws_instance.host')) throw nothingYet(place);
    return { place, ...(await keepInventory(session)) };
  });
}

function nothingYet(place: string): RunbookError {
  return new RunbookError('refused', {
    where: place,
    what: 'there is no host yet',
    next: 'npx zx runbooks/infra.mjs apply, which makes it',
  });
}
