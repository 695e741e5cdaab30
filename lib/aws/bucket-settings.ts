import { type Bucket, tagsOf } from './bucket.ts';
import { tlsOnly } from './bucket-policy.ts';
import { ownTags } from './settings.ts';

/** One thing that has to be so on a bucket. Asked first and put only where it is not right, so each can be repeated. */
export interface BucketSetting {
  readonly title: string;
  isRight(): Promise<boolean>;
  put(): Promise<unknown>;
}

/** What makes a bucket ours and safe, the mark first: by it the next run knows a bucket at which this one was cut off. */
export function bucketSettings(bucket: Bucket): readonly BucketSetting[] {
  return [tags, publicAccess, ownership, versioning, encryption, tlsOnly].map((setting) => setting(bucket));
}

function tags(bucket: Bucket): BucketSetting {
  const wanted = ownTags(bucket.aws);
  return {
    title: 'tags',
    isRight: async () => {
      const found = await tagsOf(bucket);
      return wanted.every(({ Key, Value }) => found.get(Key) === Value);
    },
    // A put takes away what it does not name, and the tags of others are theirs.
    put: async () => {
      const all = new Map([...(await tagsOf(bucket)), ...wanted.map(({ Key, Value }) => [Key, Value] as const)]);
      const Tagging = { TagSet: [...all].map(([Key, Value]) => ({ Key, Value })) };
      return bucket.ask('s3:PutBucketTagging', (s3, own, limit) => s3.putBucketTagging({ ...own, Tagging }, limit));
    },
  };
}

function publicAccess({ ask }: Bucket): BucketSetting {
  const wanted = {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  };
  const keys = Object.keys(wanted) as (keyof typeof wanted)[];
  return {
    title: 'no public access',
    isRight: async () => {
      const found = await ask(
        's3:GetBucketPublicAccessBlock',
        (s3, own, limit) => s3.getPublicAccessBlock(own, limit),
        ['NoSuchPublicAccessBlockConfiguration'],
      );
      return keys.every((key) => found?.PublicAccessBlockConfiguration?.[key] === true);
    },
    put: () =>
      ask('s3:PutBucketPublicAccessBlock', (s3, own, limit) =>
        s3.putPublicAccessBlock({ ...own, PublicAccessBlockConfiguration: wanted }, limit),
      ),
  };
}

function ownership({ ask }: Bucket): BucketSetting {
  const OwnershipControls = { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' as const }] };
  return {
    title: 'all objects belong to the account',
    isRight: async () => {
      const found = await ask(
        's3:GetBucketOwnershipControls',
        (s3, own, limit) => s3.getBucketOwnershipControls(own, limit),
        ['OwnershipControlsNotFoundError'],
      );
      return found?.OwnershipControls?.Rules?.[0]?.ObjectOwnership === 'BucketOwnerEnforced';
    },
    put: () =>
      ask('s3:PutBucketOwnershipControls', (s3, own, limit) =>
        s3.putBucketOwnershipControls({ ...own, OwnershipControls }, limit),
      ),
  };
}

function versioning({ ask }: Bucket): BucketSetting {
  const VersioningConfiguration = { Status: 'Enabled' as const };
  return {
    title: 'versioning',
    isRight: async () => {
      const found = await ask('s3:GetBucketVersioning', (s3, own, limit) => s3.getBucketVersioning(own, limit));
      return found?.Status === 'Enabled';
    },
    put: () =>
      ask('s3:PutBucketVersioning', (s3, own, limit) =>
        s3.putBucketVersioning({ ...own, VersioningConfiguration }, limit),
      ),
  };
}

/** A key of one's own is as good: whatever encryption is there stays. */
function encryption({ ask }: Bucket): BucketSetting {
  const by = { SSEAlgorithm: 'AES256' as const };
  const ServerSideEncryptionConfiguration = {
    Rules: [{ ApplyServerSideEncryptionByDefault: by, BucketKeyEnabled: true }],
  };
  return {
    title: 'encryption',
    isRight: async () => {
      const found = await ask('s3:GetEncryptionConfiguration', (s3, own, limit) => s3.getBucketEncryption(own, limit), [
        'ServerSideEncryptionConfigurationNotFoundError',
      ]);
      const [rule] = found?.ServerSideEncryptionConfiguration?.Rules ?? [];
      return rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm !== undefined;
    },
    put: () =>
      ask('s3:PutEncryptionConfiguration', (s3, own, limit) =>
        s3.putBucketEncryption({ ...own, ServerSideEncryptionConfiguration }, limit),
      ),
  };
}
