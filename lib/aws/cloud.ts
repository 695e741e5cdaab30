import { RunbookError } from '../core/errors.ts';
import type { OnEvent } from '../core/event.ts';
import { Secret } from '../core/secret.ts';
import { bucketOf } from './bucket.ts';
import { call } from './call.ts';
import { s3, secretsManager } from './clients.ts';
import { checkAccount } from './identity.ts';
import { deleteSecrets, ownSecrets } from './own-secrets.ts';
import { type Aws, placeOf } from './settings.ts';
import { ensureStateBucket, type StateLock, stateBucket, stateLock } from './state-bucket.ts';
import { findZone } from './zones.ts';

/** What `infra` asks of AWS itself, beside what Terraform does. Tests bring their own. */
export interface Cloud {
  /** Throws when the credentials are of another account. */
  checkAccount(): Promise<unknown>;
  stateBucket(): Promise<'absent' | 'ours'>;
  ensureStateBucket(onEvent: OnEvent): Promise<unknown>;
  /** Who holds the lock of the state, undefined when nobody does. */
  stateLock(): Promise<StateLock | undefined>;
  /** Id of the hosted zone that the domain's record belongs to. */
  zoneId(domain: string): Promise<string>;
  /** The host's private key; undefined when none was ever made. */
  hostKey(): Promise<Secret | undefined>;
  /** How much is in the backup bucket, every version and delete marker counted. Zero where there is no bucket. */
  backups(): Promise<BackupCount>;
  /** Ids of the secrets that the runbooks made beside Terraform's, such as first passwords. */
  ownSecrets(): Promise<readonly string[]>;
  /** Deletes secrets; AWS keeps them for 30 days. */
  deleteSecrets(ids: readonly string[]): Promise<void>;
}

export interface BackupCount {
  readonly objects: number;
  /** Older versions and delete markers. */
  readonly older: number;
  /** There are more than were counted. */
  readonly atLeast: boolean;
}

/** Id of the secret with the host's private key. */
export const hostKeySecret = ({ name }: Aws) => `${name}/ssh_host_ed25519_key`;

/** AWS itself. */
export function cloudOf(aws: Aws): Cloud {
  return {
    checkAccount: () => checkAccount(aws),
    stateBucket: () => stateBucket(aws),
    ensureStateBucket: (onEvent) => ensureStateBucket(aws, onEvent),
    stateLock: () => stateLock(aws),
    zoneId: async (domain) => (await findZone(aws, domain)).id,
    hostKey: () => hostKey(aws),
    backups: () => backups(aws),
    ownSecrets: () => ownSecrets(aws),
    deleteSecrets: (ids) => deleteSecrets(aws, ids),
  };
}

async function hostKey(aws: Aws): Promise<Secret | undefined> {
  const client = await secretsManager(aws);
  const SecretId = hostKeySecret(aws);
  const found = await call(
    aws,
    `secretsmanager:GetSecretValue on ${SecretId}`,
    (limit) => client.getSecretValue({ SecretId }, limit),
    {
      expected: {
        // No such secret, or one that has no value yet.
        ResourceNotFoundException: () => undefined,
        InvalidRequestException: () => {
          throw beingDeleted(aws);
        },
      },
    },
  );
  return found?.SecretString ? new Secret('ssh_host_ed25519_key', found.SecretString) : undefined;
}

function beingDeleted(aws: Aws): RunbookError {
  return new RunbookError('refused', {
    where: placeOf(aws),
    what: `the secrets of an earlier instance called ${aws.name} are still waiting for their deletion, and their names are taken until then`,
    next: `set another aws.name; or, when nothing of that instance is needed any more, delete each of its secrets for good: aws secretsmanager delete-secret --force-delete-without-recovery --secret-id ${hostKeySecret(aws)}`,
  });
}

/** Requests of 1000 each: enough to tell how much it is about. */
const mostPages = 10;

async function backups(aws: Aws): Promise<BackupCount> {
  const bucket = bucketOf(aws, await s3(aws), aws.backupBucket);
  let next: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
  let objects = 0;
  let older = 0;
  for (let page = 0; page < mostPages; page++) {
    const found = await bucket.ask(
      's3:ListBucketVersions',
      (client, own, limit) => client.listObjectVersions({ ...own, ...next }, limit),
      ['NoSuchBucket'],
    );
    const versions = found?.Versions ?? [];
    objects += versions.filter(({ IsLatest }) => IsLatest).length;
    older += versions.filter(({ IsLatest }) => !IsLatest).length + (found?.DeleteMarkers?.length ?? 0);
    if (!found?.IsTruncated) return { objects, older, atLeast: false };
    next = { KeyMarker: found.NextKeyMarker, VersionIdMarker: found.NextVersionIdMarker };
  }
  return { objects, older, atLeast: true };
}
