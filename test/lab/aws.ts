// The lab's AWS: S3, Secrets Manager, Route 53, STS, EC2 and IAM of one account, at one address.
import { randomUUID } from 'node:crypto';
import type { Context } from './context.ts';
import type { Docker } from './docker.ts';
import { address, containerName, SERVICE_BYTE } from './names.ts';
import { runService } from './services.ts';
import { waitFor } from './wait.ts';

/** The account that everything in the lab belongs to. */
export const ACCOUNT = '210987654321';
export const REGION = 'eu-central-1';

const PORT = 5000;
const READY_LIMIT = 60;

/** The address that a config names as `aws.endpoint`; hosts of the lab reach it too. */
export const awsEndpoint = (network: string) => `http://${address(network, SERVICE_BYTE.aws)}:${PORT}`;

/** What the SDK and every AWS tool take from the environment. The keys open nothing anywhere. */
export const awsEnvironment: Readonly<Record<string, string>> = {
  AWS_ACCESS_KEY_ID: 'lab',
  AWS_SECRET_ACCESS_KEY: 'lab-only',
  AWS_EC2_METADATA_DISABLED: 'true',
};

/** Starts it and waits until it answers. What it knows is in its memory alone. */
export async function startAws(context: Context, docker: Docker, network: string, image: string): Promise<void> {
  const account = ['--env', `MOTO_ACCOUNT_ID=${ACCOUNT}`];
  await runService(docker, network, 'aws', image, ['aws.py', String(PORT)], account);
  await waitAws(context, docker, network);
}

/** Waits until it answers. */
export async function waitAws(context: Context, docker: Docker, network: string): Promise<void> {
  await waitFor('the AWS of the lab', READY_LIMIT, () => answers(awsEndpoint(network)), {
    signal: context.signal,
    next: `docker -H ${docker.host} logs ${containerName('aws')}`,
  });
}

async function answers(endpoint: string): Promise<true | undefined> {
  const { ok } = await fetch(`${endpoint}/moto-api/data.json`, { signal: AbortSignal.timeout(5000) });
  return ok || undefined;
}

/** What a caller holds of it. */
export interface LabAws {
  /** For `aws.endpoint`. */
  readonly endpoint: string;
  readonly account: string;
  readonly region: string;
  /** Environment for whoever talks to it: keys that open nothing. */
  readonly env: Readonly<Record<string, string>>;
  /** The id of the public hosted zone of that name, made if there is none. */
  zone(name: string): Promise<string>;
  /**
   * Lets objects of a bucket be deleted only where their key fits one of the patterns (`*` is any text), as a policy of the
   * account would; undefined lifts that. What is locked stays locked.
   */
  limitDeletes(bucket: string, only: readonly string[] | undefined): Promise<void>;
  /** Forgets everything that was made in it. */
  reset(): Promise<void>;
}

export function awsOf(network: string): LabAws {
  const endpoint = awsEndpoint(network);
  return {
    ...{ endpoint, account: ACCOUNT, region: REGION, env: awsEnvironment },
    async zone(name) {
      const { Route53 } = await import('@aws-sdk/client-route-53');
      const credentials = {
        accessKeyId: awsEnvironment.AWS_ACCESS_KEY_ID as string,
        secretAccessKey: awsEnvironment.AWS_SECRET_ACCESS_KEY as string,
      };
      const client = new Route53({ endpoint, region: REGION, credentials });
      const { HostedZones = [] } = await client.listHostedZonesByName({ DNSName: name });
      const known = HostedZones.find((zone) => zone.Name === `${name}.`);
      const zone = known ?? (await client.createHostedZone({ Name: name, CallerReference: randomUUID() })).HostedZone;
      return (zone?.Id ?? '').replace(/^.*\//, '');
    },
    async limitDeletes(bucket, only) {
      const query = new URLSearchParams(only?.map((pattern) => ['only', pattern]));
      const method = only ? 'PUT' : 'DELETE';
      const { ok, status } = await fetch(`${endpoint}/lab-api/deletes/${bucket}?${query}`, { method });
      if (!ok) throw new Error(`the AWS of the lab does not limit deletes: ${status}`);
    },
    async reset() {
      await fetch(`${endpoint}/moto-api/reset`, { method: 'POST', signal: AbortSignal.timeout(10_000) });
    },
  };
}
