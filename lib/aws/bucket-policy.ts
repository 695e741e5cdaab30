import type { Bucket } from './bucket.ts';

type Statement = Readonly<Record<string, unknown>>;

/** Nobody may come without TLS. Statements that the operator added stay. */
export function tlsOnly({ aws, name, ask }: Bucket) {
  const arn = `arn:${partitionOf(aws.region)}:s3:::${name}`;
  const wanted: Statement = {
    Sid: 'TlsOnly',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [arn, `${arn}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
  const read = async (): Promise<readonly Statement[]> => {
    const found = await ask('s3:GetBucketPolicy', (s3, own, limit) => s3.getBucketPolicy(own, limit), [
      'NoSuchBucketPolicy',
    ]);
    const { Statement = [] } = JSON.parse(found?.Policy ?? '{}') as { Statement?: Statement | Statement[] };
    return [Statement].flat();
  };
  return {
    title: 'TLS only',
    isRight: async () => (await read()).some((each) => canonical(each) === canonical(wanted)),
    put: async () => {
      const others = (await read()).filter(({ Sid }) => Sid !== wanted.Sid);
      const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [...others, wanted] });
      return ask('s3:PutBucketPolicy', (s3, own, limit) => s3.putBucketPolicy({ ...own, Policy }, limit));
    },
  };
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** As text in which neither the order of keys nor a list around a single value counts: IAM reads both alike. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return value.length === 1 ? canonical(value[0]) : `[${value.map(canonical).sort().join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`);
  return `{${entries.sort().join()}}`;
}
