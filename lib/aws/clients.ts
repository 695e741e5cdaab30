import type { Route53 } from '@aws-sdk/client-route-53';
import type { S3 } from '@aws-sdk/client-s3';
import type { SecretsManager } from '@aws-sdk/client-secrets-manager';
import type { STS } from '@aws-sdk/client-sts';
import { type Aws, clientOptions } from './settings.ts';

// Each package is loaded by the first use of its client: a deploy onto a host of one's own never waits for any of them.

/** S3. With `aws.endpoint`, buckets are paths, and checksums only where S3 itself demands them: a stand-in knows no more. */
export async function s3(aws: Aws): Promise<S3> {
  quiet();
  const { S3 } = await import('@aws-sdk/client-s3');
  const elsewhere = { forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED' } as const;
  return new S3({ ...clientOptions(aws), ...(aws.endpoint === undefined ? {} : elsewhere) });
}

export async function secretsManager(aws: Aws): Promise<SecretsManager> {
  quiet();
  const { SecretsManager } = await import('@aws-sdk/client-secrets-manager');
  return new SecretsManager(clientOptions(aws));
}

export async function route53(aws: Aws): Promise<Route53> {
  quiet();
  const { Route53 } = await import('@aws-sdk/client-route-53');
  return new Route53(clientOptions(aws));
}

export async function sts(aws: Aws): Promise<STS> {
  quiet();
  const { STS } = await import('@aws-sdk/client-sts');
  return new STS(clientOptions(aws));
}

/** The SDK tells everybody on Node 20 on standard error that some day it will want a newer one. */
function quiet(): void {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
}
