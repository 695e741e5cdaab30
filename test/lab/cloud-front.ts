// What stands between Terraform's AWS provider and moto: the provider asks for more than moto serves. Nothing in the
// Terraform module knows of it.
import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CloudFront {
  /**
   * The endpoint, and the HTTP_PROXY for Terraform as well: the provider puts the account's number in front of the
   * endpoint's name for some calls (S3 Control), which no resolver knows.
   */
  readonly url: string;
  /** The image that its owner publishes today; moto knows no parameter of theirs. */
  image: string;
  readonly close: () => Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

type Ask = (request: Request) => Promise<Answer>;

/** Starts one on a free port of this machine, in front of a moto such as http://127.0.0.1:5000. */
export async function startCloudFront(moto: string, image: string): Promise<CloudFront> {
  const ask: Ask = ({ method, path, headers, body }) =>
    new Promise((resolve, reject) => {
      const { host } = new URL(moto);
      const sent = { ...headers, host, 'content-length': String(body.length) };
      const request = http.request(new URL(path, moto), { method, headers: sent }, async (response) => {
        resolve({ status: response.statusCode!, headers: response.headers, body: await bytesOf(response) });
      });
      request.on('error', reject).end(body);
    });
  const server = http.createServer(async (incoming, response) => {
    const path = incoming.url!.replace(/^http:\/\/[^/]+/, '');
    const request = { method: incoming.method!, path, headers: incoming.headers, body: await bytesOf(incoming) };
    try {
      const { status, headers, body } = ownAnswer(request, front.image) ?? (await repaired(request, ask));
      response.writeHead(status, { ...headers, 'content-length': body.length }).end(body);
    } catch (error) {
      response.destroy(error as Error);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const front: CloudFront = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    image,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return front;
}

/** Parameters below /aws belong to AWS and to publishers of images: moto has few of them, and takes none. */
function ownAnswer({ headers, body }: Request, image: string): Answer | undefined {
  if (headers['x-amz-target'] !== 'AmazonSSM.GetParameter') return undefined;
  const { Name } = JSON.parse(body.toString());
  if (!String(Name).startsWith('/aws/service/canonical/ubuntu/')) return undefined;
  const parameter = { Name, Type: 'String', Value: image, Version: 1, LastModifiedDate: 1_700_000_000 };
  const text = JSON.stringify({ Parameter: { ...parameter, ARN: `arn:aws:ssm:::parameter${Name}`, DataType: 'text' } });
  return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: Buffer.from(text) };
}

/** moto's answer, with what it forgets (5.1) done after it. */
async function repaired(request: Request, ask: Ask): Promise<Answer> {
  const form = new URLSearchParams(
    request.headers['content-type']?.includes('urlencoded') ? request.body.toString() : '',
  );
  // It knows no filter by association; the only subnet that is no default one is ours.
  const filter = form.get('Action') === 'DescribeSubnets' ? form.get('Filter.1.Name') : undefined;
  if (filter === 'ipv6-cidr-block-association.association-id') {
    form.set('Filter.1.Name', 'default-for-az');
    form.set('Filter.1.Value.1', 'false');
    return untangled(await ask({ ...request, body: Buffer.from(form.toString()) }));
  }
  const answer = await ask(request);
  // It forgets this argument of a new instance.
  if (form.get('Action') === 'RunInstances' && form.get('DisableApiTermination') === 'true') {
    const [, id = ''] = /<instanceId>([^<]+)/.exec(answer.body.toString()) ?? [];
    const words = { Action: 'ModifyInstanceAttribute', Version: form.get('Version')!, InstanceId: id };
    const body = new URLSearchParams({ ...words, 'DisableApiTermination.Value': 'true' });
    await ask({ ...request, body: Buffer.from(body.toString()) });
  }
  // And the tags of a new bucket.
  const [, tags] = /<Tags>(.*)<\/Tags>/s.exec(request.body.toString()) ?? [];
  if (request.method === 'PUT' && /^\/[a-z0-9-]+\/?$/.test(request.path) && tags !== undefined) {
    const body = Buffer.from(`<Tagging><TagSet>${tags}</TagSet></Tagging>`);
    await ask({ ...request, path: `${request.path}?tagging`, body });
  }
  return untangled(answer);
}

/** It writes one state as a Python object into its XML. */
function untangled(answer: Answer): Answer {
  const text = answer.body.toString('latin1');
  const quote = "(?:'|&#x27;|&#39;|&apos;)";
  const better = text.replace(new RegExp(`\\{${quote}State${quote}: ${quote}(\\w+)${quote}\\}`, 'g'), '$1');
  return better === text ? answer : { ...answer, body: Buffer.from(better, 'latin1') };
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
