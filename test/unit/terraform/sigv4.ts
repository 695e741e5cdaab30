import { createHash, createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Whose signature is expected, and for what. */
export interface Signer {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly region: string;
  readonly service: string;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** What is wrong with the signature (version 4) of a POST to `/` without a query, or undefined. Computed anew, as AWS does. */
export function signatureProblem(headers: IncomingHttpHeaders, body: string, signer: Signer): string | undefined {
  const form =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/;
  const [, accessKey, day = '', region = '', service = '', signed = '', signature] =
    form.exec(headers.authorization ?? '') ?? [];
  if (signature === undefined) return 'no signature of version 4';
  if (accessKey !== signer.accessKey) return `signed by ${accessKey}`;
  if (region !== signer.region || service !== signer.service) return `signed for ${service} in ${region}`;
  for (const name of ['host', 'x-amz-date', 'x-amz-security-token'])
    if (!signed.split(';').includes(name)) return `${name} is not signed`;
  const time = String(headers['x-amz-date']);
  const lines = signed.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const request = ['POST', '/', '', lines.join(''), signed, sha256(body)].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${signer.secretKey}`);
  const expected = hmac(key, ['AWS4-HMAC-SHA256', time, scope, sha256(request)].join('\n')).toString('hex');
  return expected === signature ? undefined : 'the signature is not the one of this request';
}
