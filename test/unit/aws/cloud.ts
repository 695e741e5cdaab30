// Something on loopback that answers as AWS does, for what needs no whole AWS.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';
import type { Aws } from '../../../lib/aws/settings.ts';
import { type Answer, type Asked, operationOf } from '../../lab/wire.ts';

/** A resolved section `aws`. */
export function section(values: Partial<Aws> = {}): Aws {
  return {
    accountId: '123456789012',
    region: 'eu-central-1',
    name: 'gitea',
    instanceType: 't3.medium',
    availabilityZone: 'eu-central-1a',
    rootVolumeGiB: 30,
    dataVolumeGiB: 50,
    access: 'ssh',
    sshFrom: ['198.51.100.0/24'],
    ipv6: false,
    dns: 'route53',
    stateBucket: 'gitea-state-123456789012-eu-central-1',
    backupBucket: 'gitea-backup-123456789012-eu-central-1',
    objectLockDays: 30,
    tags: {},
    inventory: '/somewhere/gitea.inventory.json',
    ...values,
  };
}

export interface Cloud {
  readonly aws: Aws;
  /** What was asked, as `operationOf` names it. */
  readonly seen: string[];
}

/** Answers each request by its name; the environment has keys and nothing else of AWS. */
export async function cloud(t: Test, answer: (operation: string, asked: Asked) => Answer): Promise<Cloud> {
  environment(t, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
  const seen: string[] = [];
  const server = http.createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const { method = '', url = '', headers } = request;
    const asked = { method, url, headers, body: Buffer.concat(parts).toString() };
    const operation = operationOf(asked);
    seen.push(operation);
    const { status, headers: head, body } = answer(operation, asked);
    response.writeHead(status, head).end(body);
  });
  // A client that is told to slow down comes back after up to 8 s: it must not find its connection being closed.
  server.keepAliveTimeout = 0;
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { seen, aws: section({ endpoint: `http://127.0.0.1:${port}` }) };
}

/** For the time of a test, of all AWS_ variables only these; the files of whoever runs the tests are not read. */
export function environment(t: Test, values: Readonly<Record<string, string>>): void {
  const before = { ...process.env };
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  const nowhere = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' };
  Object.assign(process.env, nowhere, { AWS_EC2_METADATA_DISABLED: 'true' }, values);
  t.teardown(() => {
    for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
    Object.assign(process.env, before);
  });
}

export const json = (body: object): Answer => ({
  status: 200,
  headers: { 'content-type': 'application/x-amz-json-1.1' },
  body: JSON.stringify(body),
});

export const xml = (body: string): Answer => ({ status: 200, headers: { 'content-type': 'text/xml' }, body });
