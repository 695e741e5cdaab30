import type { S3 } from '@aws-sdk/client-s3';
import { RunbookError } from '../core/errors.ts';
import type { OnEvent } from '../core/event.ts';
import { type Bucket, bucketOf, tagsOf } from './bucket.ts';
import { bucketSettings } from './bucket-settings.ts';
import { call } from './call.ts';
import { s3 } from './clients.ts';
import { cloudError } from './errors.ts';
import { type Aws, placeOf } from './settings.ts';

/** Key of Terraform's state in the state bucket. */
export const stateKey = ({ name }: Aws) => `gitea-runbooks/${name}/terraform.tfstate`;

/**
 * Whether there is a bucket for the state. `absent` is also one that a run was cut off right after making: it is empty.
 * Writes nothing. Throws `refused` for a bucket that is somebody else's or used for something else.
 */
export async function stateBucket(aws: Aws): Promise<'absent' | 'ours'> {
  return (await look(aws, await s3(aws))) === 'marked' ? 'ours' : 'absent';
}

/**
 * Makes the bucket for the state, or puts right what is not as it has to be on the one made earlier: tags, versioning,
 * encryption, no public access, owner, TLS only. Cut off anywhere, the next call goes on; `unchanged` has written nothing.
 */
export async function ensureStateBucket(aws: Aws, onEvent: OnEvent): Promise<'made' | 'taken over' | 'unchanged'> {
  const client = await s3(aws);
  const bucket = aws.stateBucket;
  const found = await look(aws, client);
  if (found === 'absent') {
    await make(aws, client);
    onEvent({ type: 'step', text: `made the state bucket ${bucket}` });
  }
  let put = 0;
  for (const setting of bucketSettings(bucketOf(aws, client, bucket))) {
    if (await setting.isRight()) continue;
    await setting.put();
    put += 1;
    onEvent({ type: 'step', text: `state bucket ${bucket}: ${setting.title}` });
  }
  if (found === 'absent') return 'made';
  return put > 0 ? 'taken over' : 'unchanged';
}

async function make(aws: Aws, client: S3): Promise<void> {
  const { region, stateBucket: Bucket } = aws;
  // The oldest region is the one that must not be named.
  const where =
    region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: region as 'eu-central-1' } };
  await call(
    aws,
    `s3:CreateBucket on ${Bucket}`,
    (limit) => client.createBucket({ Bucket, ObjectOwnership: 'BucketOwnerEnforced', ...where }, limit),
    {
      expected: {
        // Another run of ours was quicker.
        BucketAlreadyOwnedByYou: () => undefined,
        BucketAlreadyExists: () => {
          throw foreign(aws);
        },
      },
    },
  );
}

async function look(aws: Aws, client: S3): Promise<'absent' | 'unmarked' | 'marked'> {
  const bucket = bucketOf(aws, client, aws.stateBucket);
  const asked = { Bucket: aws.stateBucket, ExpectedBucketOwner: aws.accountId };
  const hidden = (error: unknown) => throwWhose(aws, client, error);
  const head = await call(aws, `s3:ListBucket on ${asked.Bucket}`, (limit) => client.headBucket(asked, limit), {
    expected: { NotFound: () => 'absent' as const, 404: () => 'absent' as const, 403: hidden, 301: hidden },
  });
  if (head === 'absent') return head;
  const tags = await tagsOf(bucket);
  if (tags.get('ManagedBy') === 'gitea-runbooks' && tags.get('Instance') === aws.name) return 'marked';
  if (tags.size === 0 && (await isEmpty(bucket))) return 'unmarked';
  throw new RunbookError('refused', {
    where: placeOf(aws),
    what: `the bucket ${bucket.name} is not the state bucket of ${aws.name}: it does not carry the tags ManagedBy=gitea-runbooks and Instance=${aws.name}`,
    next: 'set aws.stateBucket to another name, or put these tags on the bucket if it is meant for this',
  });
}

async function isEmpty({ ask }: Bucket): Promise<boolean> {
  const found = await ask('s3:ListBucketVersions', (s3, own, limit) =>
    s3.listObjectVersions({ ...own, MaxKeys: 1 }, limit),
  );
  return (found?.Versions ?? []).length + (found?.DeleteMarkers ?? []).length === 0;
}

/** S3 answers alike for the bucket of somebody else and for one of ours that the credentials may not see. */
async function throwWhose(aws: Aws, client: S3, error: unknown): Promise<never> {
  const { stateBucket: bucket, region } = aws;
  const ours = await call(aws, 's3:ListAllMyBuckets', (limit) => client.listBuckets({ Prefix: bucket }, limit), {
    expected: { AccessDenied: () => undefined, 403: () => undefined },
  });
  if (ours === undefined) throw cloudError(error, `s3:ListBucket on ${bucket}, or it belongs to another account`, aws);
  const own = ours.Buckets?.find(({ Name }) => Name === bucket);
  if (!own) throw foreign(aws);
  if (own.BucketRegion === undefined || own.BucketRegion === region)
    throw cloudError(error, `s3:ListBucket on ${bucket}`, aws);
  throw new RunbookError('refused', {
    where: placeOf(aws),
    what: `the bucket ${bucket} is in ${own.BucketRegion}, aws.region is ${region}`,
    next: 'correct aws.region, or set aws.stateBucket to another name',
  });
}

function foreign(aws: Aws): RunbookError {
  return new RunbookError('refused', {
    where: placeOf(aws),
    what: `the bucket ${aws.stateBucket} belongs to another AWS account`,
    next: 'set aws.stateBucket to a name that nobody has yet',
  });
}

/** Who holds the lock of Terraform's state, as Terraform wrote it down. */
export interface StateLock {
  readonly id: string;
  /** "user@machine". */
  readonly who: string;
  readonly operation: string;
  /** ISO 8601. */
  readonly created: string;
}

/** The lock of the state, undefined when nobody holds it. */
export async function stateLock(aws: Aws): Promise<StateLock | undefined> {
  const client = await s3(aws);
  const asked = { Bucket: aws.stateBucket, Key: `${stateKey(aws)}.tflock`, ExpectedBucketOwner: aws.accountId };
  const text = await call(
    aws,
    `s3:GetObject on ${asked.Bucket}/${asked.Key}`,
    async (limit) => (await client.getObject(asked, limit)).Body?.transformToString(),
    { expected: { NoSuchKey: () => undefined, NoSuchBucket: () => undefined } },
  );
  return text === undefined ? undefined : parseLock(text);
}

/** The lock file's text; whatever it is, there is a lock. */
function parseLock(text: string): StateLock {
  let found: Record<string, unknown> = {};
  try {
    found = JSON.parse(text);
  } catch {
    // Cut off while it was written: the fields stay unknown.
  }
  const field = (key: string) => (typeof found?.[key] === 'string' && found[key] !== '' ? found[key] : 'unknown');
  return { id: field('ID'), who: field('Who'), operation: field('Operation'), created: field('Created') };
}
