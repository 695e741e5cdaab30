import { RunbookError } from '../core/errors.ts';
import { call } from './call.ts';
import { sts } from './clients.ts';
import { type Aws, placeOf } from './settings.ts';

/** Who the credentials belong to. */
export interface Identity {
  readonly account: string;
  readonly arn: string;
}

/**
 * Whose credentials these are. Comes before anything is touched: keys of another account are `credentialsRefused`, or
 * else everything would be made a second time in the wrong place.
 */
export async function checkAccount(aws: Aws): Promise<Identity> {
  const client = await sts(aws);
  const { Account: account = '', Arn: arn = '' } = await call(aws, 'sts:GetCallerIdentity', (limit) =>
    client.getCallerIdentity({}, limit),
  );
  if (account === aws.accountId) return { account, arn };
  throw new RunbookError('credentialsRefused', {
    where: placeOf(aws),
    what: `these are credentials of account ${account} (${arn}), aws.accountId is ${aws.accountId}`,
    next: `use credentials of ${aws.accountId} (AWS_PROFILE, or aws.profile), or correct aws.accountId`,
  });
}
