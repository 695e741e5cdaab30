/** Makes what other code needs to find: in the endpoint's services (DOUBLE_MAKE=moto), or secrets as files where there is no endpoint. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

type Values = Readonly<Record<string, unknown>>;

const endpoint = process.env.AWS_ENDPOINT_URL;
const region = process.env.AWS_REGION ?? 'us-east-1';

async function s3() {
  const { S3 } = await import('@aws-sdk/client-s3');
  return new S3({ endpoint: endpoint!, region, forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED' });
}

async function secrets() {
  const { SecretsManager } = await import('@aws-sdk/client-secrets-manager');
  return new SecretsManager({ endpoint: endpoint!, region });
}

async function record(action: 'UPSERT' | 'DELETE', values: Values, address: string): Promise<void> {
  const { Route53 } = await import('@aws-sdk/client-route-53');
  const set = {
    Name: String(values.name),
    Type: values.type as 'A',
    TTL: Number(values.ttl),
    ResourceRecords: [{ Value: address }],
  };
  const Changes = [{ Action: action, ResourceRecordSet: set }];
  const client = new Route53({ endpoint: endpoint!, region });
  await client.changeResourceRecordSets({ HostedZoneId: String(values.zone_id), ChangeBatch: { Changes } });
}

const hostAddress = () => process.env.DOUBLE_HOST_ADDRESS ?? '198.51.100.7';

export async function create(type: string, values: Values, vars: Values): Promise<void> {
  const hostKey = `${vars.name}/ssh_host_ed25519_key`;
  if (process.env.DOUBLE_MAKE !== 'moto') {
    if (type === 'aws_secretsmanager_secret_version') keep(hostKey, String(vars.host_key));
    return;
  }
  switch (type) {
    case 'aws_s3_bucket':
      await (await s3()).createBucket({
        Bucket: String(values.bucket),
        ObjectLockEnabledForBucket: true,
        ...(region === 'us-east-1'
          ? {}
          : { CreateBucketConfiguration: { LocationConstraint: region as 'eu-central-1' } }),
      });
      break;
    case 'aws_secretsmanager_secret':
      await (await secrets()).createSecret({ Name: String(values.name) });
      break;
    case 'aws_secretsmanager_secret_version':
      // An empty first value is refused by AWS as well.
      if (!vars.host_key) throw new Error('ValidationException: a secret value must not be empty');
      await (await secrets()).putSecretValue({ SecretId: hostKey, SecretString: String(vars.host_key) });
      break;
    case 'aws_route53_record':
      if (values.type === 'A') await record('UPSERT', values, hostAddress());
      break;
    default:
      break;
  }
}

export async function destroy(type: string, values: Values): Promise<void> {
  if (process.env.DOUBLE_MAKE !== 'moto') return;
  if (type === 'aws_s3_bucket') await (await s3()).deleteBucket({ Bucket: String(values.bucket) });
  if (type === 'aws_secretsmanager_secret')
    await (await secrets()).deleteSecret({ SecretId: String(values.name), RecoveryWindowInDays: 30 });
  if (type === 'aws_route53_record' && values.type === 'A') await record('DELETE', values, hostAddress());
}

function keep(id: string, value: string): void {
  const path = join(String(process.env.DOUBLE_STATE_DIR), 'secrets', id);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, value, { mode: 0o600 });
}
