// How AWS's services say things on the wire: which operation a request asks for, and what an error looks like.
import type { IncomingHttpHeaders } from 'node:http';

export interface Asked {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

export type ServiceName = 's3' | 'secretsmanager' | 'route53' | 'sts';

/** The service that a request is signed for. */
export function serviceOf({ headers }: Asked): ServiceName {
  const [, service] = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\/aws4_request/.exec(headers.authorization ?? '') ?? [];
  if (service === 's3' || service === 'secretsmanager' || service === 'route53' || service === 'sts') return service;
  throw new Error(`a request for another service than those that are known here: ${headers.authorization}`);
}

/**
 * A request as one line, for example "secretsmanager GetSecretValue gitea/inputs_key", "s3 PUT /bucket/?versioning=",
 * "route53 GET /2013-04-01/change/C1", "sts GetCallerIdentity".
 */
export function operationOf(asked: Asked): string {
  const service = serviceOf(asked);
  if (service === 'secretsmanager') {
    const { SecretId, Name } = JSON.parse(asked.body || '{}');
    return `${service} ${String(asked.headers['x-amz-target']).split('.')[1]} ${SecretId ?? Name ?? ''}`.trim();
  }
  if (service === 'sts') return `${service} ${new URLSearchParams(asked.body).get('Action')}`;
  return `${service} ${asked.method} ${asked.url}`;
}

/** An error in the form that the service gives it. */
export function errorAnswer(asked: Asked, status: number, name: string, message: string): Answer {
  const service = serviceOf(asked);
  // An answer to HEAD has no body, so S3 can only give its status.
  if (asked.method === 'HEAD') return { status, headers: {}, body: '' };
  if (service === 'secretsmanager') {
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': 'lab-request' };
    return { status, headers, body: JSON.stringify({ __type: name, message }) };
  }
  const headers = { 'content-type': 'text/xml' };
  const error = `<Code>${name}</Code><Message>${message}</Message>`;
  const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
  if (service === 's3') return { status, headers, body: `${head}<Error>${error}</Error>` };
  const body = `${head}<ErrorResponse><Error><Type>Sender</Type>${error}</Error><RequestId>lab-request</RequestId></ErrorResponse>`;
  return { status, headers, body };
}

/** The same trouble under the names that each service has for it. */
const spoken = {
  throttle: {
    secretsmanager: [400, 'ThrottlingException'],
    s3: [503, 'SlowDown'],
    route53: [400, 'Throttling'],
    sts: [400, 'Throttling'],
  },
  denied: {
    secretsmanager: [400, 'AccessDeniedException'],
    s3: [403, 'AccessDenied'],
    route53: [403, 'AccessDenied'],
    sts: [403, 'AccessDenied'],
  },
  expired: {
    secretsmanager: [400, 'ExpiredTokenException'],
    s3: [400, 'ExpiredToken'],
    route53: [403, 'ExpiredToken'],
    sts: [403, 'ExpiredToken'],
  },
} as const satisfies Record<string, Record<ServiceName, readonly [number, string]>>;

export type Refusal = keyof typeof spoken;

export const isRefusal = (word: string): word is Refusal => Object.hasOwn(spoken, word);

/** A refusal in the words of the service that was asked. */
export function refusalAnswer(asked: Asked, refusal: Refusal): Answer {
  const [status, name] = spoken[refusal][serviceOf(asked)];
  return errorAnswer(asked, status, name, `${refusal}: ${operationOf(asked).replaceAll('&', '&amp;')}`);
}
