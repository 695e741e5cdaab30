import { call } from './call.ts';
import { secretsManager } from './clients.ts';
import { type Aws, ownTags } from './settings.ts';

/** Days for which AWS keeps a secret that was deleted: the most that it does. */
const RecoveryWindowInDays = 30;

/**
 * Ids of the secrets that the runbooks made for the instance, such as first passwords: those that carry all its tags.
 * What Terraform made is not among them, nor what somebody keeps under the same prefix, nor what is being deleted.
 */
export async function ownSecrets(aws: Aws): Promise<string[]> {
  const client = await secretsManager(aws);
  const Filters = [{ Key: 'name' as const, Values: [`${aws.name}/`] }];
  const marks = ownTags({ ...aws, tags: {} });
  const found: string[] = [];
  for (let NextToken: string | undefined, more = true; more; more = NextToken !== undefined) {
    const asked = { Filters, NextToken, MaxResults: 100 };
    const page = await call(aws, `secretsmanager:ListSecrets`, (limit) => client.listSecrets(asked, limit));
    for (const { Name = '', Tags = [], DeletedDate } of page.SecretList ?? []) {
      const ours = marks.every((mark) => Tags.some(({ Key, Value }) => Key === mark.Key && Value === mark.Value));
      if (ours && DeletedDate === undefined && Name.startsWith(`${aws.name}/`)) found.push(Name);
    }
    NextToken = page.NextToken;
  }
  return found.sort();
}

/** Deletes secrets; AWS keeps them for 30 days. One that is gone already is no failure. */
export async function deleteSecrets(aws: Aws, ids: readonly string[]): Promise<void> {
  const client = await secretsManager(aws);
  for (const SecretId of ids) {
    const action = `secretsmanager:DeleteSecret on ${SecretId}`;
    await call<unknown, unknown>(
      aws,
      action,
      (limit) => client.deleteSecret({ SecretId, RecoveryWindowInDays }, limit),
      { expected: { ResourceNotFoundException: () => undefined } },
    );
  }
}
