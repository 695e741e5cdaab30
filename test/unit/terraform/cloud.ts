import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Signer, signatureProblem } from './sigv4.ts';

/** The two services that a host asks at its first boot. As strict as the real ones where a script could go wrong. */
export interface Cloud {
  readonly metadataUrl: string;
  readonly secretsUrl: string;
  /** What was asked, in order: `metadata PUT /latest/api/token 200`. */
  readonly log: string[];
  readonly close: () => Promise<void>;
}

export interface CloudOptions {
  /** How often the role's credentials are not there yet. */
  readonly notYet?: number;
  /** Answer of Secrets Manager to a good request: status, body and, for a torn connection, how much of it is sent. */
  readonly answer: { readonly status: number; readonly body: string; readonly cut?: number };
}

export const role = 'gitea-host';
export const sessionToken = 'test-only/session+token==';
export const signer: Signer = {
  accessKey: 'ASIATESTONLYTESTONLY',
  secretKey: 'test-only/secret+key',
  region: 'eu-central-1',
  service: 'secretsmanager',
};
export const metadataToken = 'test-only-metadata-token==';

export async function startCloud({ notYet = 0, answer }: CloudOptions): Promise<Cloud> {
  const log: string[] = [];
  let asked = 0;
  const metadata = await listen(({ method, url, headers }, response) => {
    const end = (status: number, text: string) => {
      log.push(`metadata ${method} ${url} ${status}`);
      response.writeHead(status).end(text);
    };
    if (method === 'PUT' && url === '/latest/api/token')
      return headers['x-aws-ec2-metadata-token-ttl-seconds'] ? end(200, metadataToken) : end(400, '');
    if (headers['x-aws-ec2-metadata-token'] !== metadataToken) return end(401, '');
    const path = '/latest/meta-data/iam/security-credentials/';
    if (url === path) return asked++ < notYet ? end(404, '') : end(200, role);
    if (url !== `${path}${role}`) return end(404, '');
    return end(
      200,
      JSON.stringify({
        Code: 'Success',
        Type: 'AWS-HMAC',
        AccessKeyId: signer.accessKey,
        SecretAccessKey: signer.secretKey,
        Token: sessionToken,
      }),
    );
  });
  const secrets = await listen(async (request, response) => {
    const body = await textOf(request);
    const { headers } = request;
    const problem =
      (request.method !== 'POST' || request.url !== '/' ? `${request.method} ${request.url}` : undefined) ??
      (headers['x-amz-target'] !== 'secretsmanager.GetSecretValue' ? `target ${headers['x-amz-target']}` : undefined) ??
      (headers['content-type'] !== 'application/x-amz-json-1.1' ? `type ${headers['content-type']}` : undefined) ??
      (headers['x-amz-security-token'] !== sessionToken ? 'no session token' : undefined) ??
      signatureProblem(headers, body, signer);
    const refused = { status: 400, body: JSON.stringify({ __type: 'InvalidSignatureException', message: problem }) };
    const {
      status,
      body: text,
      cut,
    } = problem === undefined ? { cut: undefined, ...answer } : { ...refused, cut: undefined };
    log.push(`secrets ${problem ?? body} ${status}`);
    response.writeHead(status, { 'content-length': Buffer.byteLength(text) });
    if (cut === undefined) response.end(text);
    else response.write(text.slice(0, cut), () => response.destroy());
  });
  return {
    metadataUrl: urlOf(metadata),
    secretsUrl: urlOf(secrets),
    log,
    close: async () => {
      for (const server of [metadata, secrets]) await new Promise((resolve) => server.close(resolve));
    },
  };
}

const listen = (answer: RequestListener) =>
  new Promise<Server>((resolve) => {
    const server = createServer(answer).listen(0, '127.0.0.1', () => resolve(server));
  });

const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request) text += part;
  return text;
}
