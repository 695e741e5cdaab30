import type { S3 } from '@aws-sdk/client-s3';
import { call } from './call.ts';
import type { Aws } from './settings.ts';

type Limit = { abortSignal: AbortSignal };
type Send<T> = (client: S3, bucket: { Bucket: string; ExpectedBucketOwner: string }, limit: Limit) => Promise<T>;

/** One bucket that has to belong to the account: each request says so, and S3 refuses it otherwise. */
export interface Bucket {
  readonly aws: Aws;
  readonly name: string;
  /** One request. `action` is what IAM calls it; errors named in `absent` mean that there is no such thing: undefined. */
  ask<T>(action: string, send: Send<T>, absent?: readonly string[]): Promise<T | undefined>;
}

export function bucketOf(aws: Aws, client: S3, name: string): Bucket {
  const own = { Bucket: name, ExpectedBucketOwner: aws.accountId };
  return {
    aws,
    name,
    ask: (action, send, absent = []) =>
      call(aws, `${action} on ${name}`, (limit) => send(client, own, limit), {
        expected: Object.fromEntries(absent.map((error) => [error, () => undefined])),
      }),
  };
}

/** The tags of a bucket, none where nobody set any. */
export async function tagsOf(bucket: Bucket): Promise<Map<string, string>> {
  const found = await bucket.ask('s3:GetBucketTagging', (s3, own, limit) => s3.getBucketTagging(own, limit), [
    'NoSuchTagSet',
  ]);
  return new Map(found?.TagSet?.map(({ Key = '', Value = '' }) => [Key, Value]));
}
