import { createHash } from 'node:crypto';
import { call, type Expected } from '../aws/call.ts';
import { secretsManager } from '../aws/clients.ts';
import { cloudError } from '../aws/errors.ts';
import { type Aws, ownTags, placeOf } from '../aws/settings.ts';
import { RunbookError } from '../core/errors.ts';

/** A staging label: what a version of a secret is at the moment. */
export type Stage = 'AWSCURRENT' | 'AWSPENDING';

/** One version of a secret. */
export interface Version {
  readonly value: string;
  readonly stages: readonly string[];
}

/** The requests about single secrets that the store is made of. An id is "gitea/inputs_key". */
export type SecretRequests = ReturnType<typeof secretRequests>;

export function secretRequests(aws: Aws) {
  let loaded: ReturnType<typeof secretsManager> | undefined;
  const client = () => {
    loaded ??= secretsManager(aws);
    return loaded;
  };

  /** A secret on its way to be deleted refuses everything; so do secrets that another service manages. */
  const refusing = (action: string, id: string) => async (error: unknown) => {
    const found = await describe(id).catch(() => undefined);
    if (!found?.deleted) throw cloudError(error, `${action} on ${id}`, aws);
    throw new RunbookError('credentialsRefused', {
      where: placeOf(aws),
      what: `the secret ${id} is scheduled for deletion`,
      next: `bring it back: aws secretsmanager restore-secret --secret-id ${id} --region ${aws.region}; then run the same command again`,
    });
  };

  async function describe(id: string): Promise<{ deleted: boolean; versions: Record<string, readonly string[]> }> {
    const sm = await client();
    const { DeletedDate, VersionIdsToStages = {} } = await call(
      aws,
      `secretsmanager:DescribeSecret on ${id}`,
      (limit) => sm.describeSecret({ SecretId: id }, limit),
      { expected: { ResourceNotFoundException: () => throwMissing(aws, id) } },
    );
    return { deleted: DeletedDate !== undefined, versions: VersionIdsToStages };
  }

  /** A request that carries a value: nothing that is said about it may repeat the value. */
  const write = <E extends string>(action: string, id: string, value: string, send: Send, expected: Expected<E>) =>
    call<'kept', E>(
      aws,
      `${action} on ${id}`,
      async (limit) => {
        await send(await client(), limit);
        return 'kept';
      },
      { hide: [value], expected: { InvalidRequestException: refusing(action, id), ...expected } },
    );

  return {
    describe,
    /** The version that carries a label; undefined when there is no such secret, or no such version of it. */
    async read(id: string, stage: Stage): Promise<Version | undefined> {
      const action = 'secretsmanager:GetSecretValue';
      const sm = await client();
      const asked = { SecretId: id, VersionStage: stage };
      const found = await call(aws, `${action} on ${id}`, (limit) => sm.getSecretValue(asked, limit), {
        expected: { ResourceNotFoundException: () => undefined, InvalidRequestException: refusing(action, id) },
      });
      if (found === undefined) return undefined;
      if (found.SecretString !== undefined) return { value: found.SecretString, stages: found.VersionStages ?? [] };
      throw new RunbookError('credentialsRefused', {
        where: placeOf(aws),
        what: `the secret ${id} holds bytes where a text is wanted`,
        next: `put the text back: aws secretsmanager put-secret-value --secret-id ${id} --region ${aws.region} --secret-string file://FILE`,
      });
    },
    /** A first value for a secret that has none; `noSecret` where there is not even an empty one. */
    putFirst(id: string, value: string): Promise<'kept' | 'taken' | 'noSecret'> {
      const put = { SecretId: id, SecretString: value, ClientRequestToken: firstToken(id) };
      return write<'taken' | 'noSecret'>(
        'secretsmanager:PutSecretValue',
        id,
        value,
        (sm, limit) => sm.putSecretValue(put, limit),
        { ResourceExistsException: () => 'taken', ResourceNotFoundException: () => 'noSecret' },
      );
    },
    /** The secret with its first value; `taken` when somebody else made it meanwhile. */
    create(id: string, value: string): Promise<'kept' | 'taken'> {
      const Description = `Gitea ${aws.name}, made by gitea-runbooks`;
      const secret = { Name: id, SecretString: value, ClientRequestToken: firstToken(id) };
      return write<'taken'>(
        'secretsmanager:CreateSecret',
        id,
        value,
        (sm, limit) => sm.createSecret({ ...secret, Description, Tags: ownTags(aws) }, limit),
        { ResourceExistsException: () => 'taken' },
      );
    },
    /** A new version that carries the label, which leaves the version that had it. */
    async put(id: string, value: string, stage: Stage): Promise<void> {
      const put = { SecretId: id, SecretString: value, VersionStages: [stage] };
      await write('secretsmanager:PutSecretValue', id, value, (sm, limit) => sm.putSecretValue(put, limit), {
        ResourceNotFoundException: () => throwMissing(aws, id),
      });
    },
    /** Takes a label off one version and gives it to another, or to none. AWS refuses when `from` does not have it any more. */
    async move(id: string, stage: Stage, from: string | undefined, to?: string): Promise<void> {
      const action = 'secretsmanager:UpdateSecretVersionStage';
      const sm = await client();
      const asked = { SecretId: id, VersionStage: stage, RemoveFromVersionId: from, MoveToVersionId: to };
      await call(aws, `${action} on ${id}`, (limit) => sm.updateSecretVersionStage(asked, limit), {
        expected: { InvalidRequestException: refusing(action, id) },
      });
    },
  };
}

type Client = Awaited<ReturnType<typeof secretsManager>>;
type Send = (client: Client, limit: { abortSignal: AbortSignal }) => Promise<unknown>;

/**
 * The version id that every first value has. AWS keeps a version as it is: of two operators who deploy for the first time
 * at once, the second is refused, and takes over the value of the first.
 */
const firstToken = (id: string) => createHash('sha256').update(`first value of ${id}`).digest('hex');

function throwMissing(aws: Aws, id: string): never {
  throw new RunbookError('credentialsRefused', {
    where: placeOf(aws),
    what: `there is no secret ${id}`,
    next: 'npx zx runbooks/deploy.mjs makes those that a new instance needs; one that was deleted comes from a backup',
  });
}
