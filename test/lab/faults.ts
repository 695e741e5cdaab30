// A proxy in front of the lab's AWS that has bad days on demand. Point aws.endpoint at it.
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, type Asked, errorAnswer, isRefusal, operationOf, type Refusal, refusalAnswer } from './wire.ts';

/**
 * What can go wrong: a refusal of the service (`throttle`, `denied`, `expired`); `foreign`, the bucket is somebody else's;
 * `hang`, the answer stops in the middle; `reset`, the connection goes before the request is done; `lost`, the request is
 * done and the answer does not arrive.
 */
export type Fault = Refusal | 'foreign' | 'hang' | 'reset' | 'lost';

export interface Faults {
  /** For `aws.endpoint`. */
  readonly endpoint: string;
  /** All requests so far, as `operationOf` names them. */
  readonly seen: readonly string[];
  /** What happens to requests whose name matches: a fault, or something to do before they are passed on. By default for ever. */
  on(match: RegExp, fault: Fault | (() => Promise<void>), times?: number): void;
  /** From now on everything is passed on; what was seen is forgotten. */
  clear(): void;
  close(): Promise<void>;
}

interface Rule {
  readonly match: RegExp;
  readonly fault: Fault | (() => Promise<void>);
  times: number;
}

/** Starts the proxy on a port of 127.0.0.1. */
export async function faultProxy(target: string): Promise<Faults> {
  const seen: string[] = [];
  let rules: Rule[] = [];
  const ruleFor = (operation: string) => {
    const rule = rules.find(({ match, times }) => times > 0 && match.test(operation));
    if (rule) rule.times -= 1;
    return rule?.fault;
  };
  const server = http.createServer(async (request, response) => {
    try {
      const asked = await read(request);
      const operation = operationOf(asked);
      seen.push(operation);
      const fault = ruleFor(operation);
      if (typeof fault === 'function') await fault();
      await answer(target, asked, typeof fault === 'function' ? undefined : fault, response);
    } catch {
      response.destroy();
    }
  });
  // A fault is one that was asked for: none comes from a connection that is closed while the client reaches for it.
  server.keepAliveTimeout = 0;
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    on: (match, fault, times = Number.POSITIVE_INFINITY) => {
      rules.push({ match, fault, times });
    },
    clear() {
      rules = [];
      seen.length = 0;
    },
    close() {
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done()));
    },
  };
}

async function answer(target: string, asked: Asked, fault: Fault | undefined, response: ServerResponse): Promise<void> {
  if (fault === 'reset') return void response.destroy();
  if (fault !== undefined && isRefusal(fault)) return send(response, refusalAnswer(asked, fault));
  if (fault === 'foreign') return send(response, foreign(asked));
  const found = await pass(target, asked);
  if (fault === 'lost') return void response.destroy();
  if (fault === 'hang') return hang(response, found);
  send(response, found);
}

function foreign(asked: Asked): Answer {
  const made = asked.method === 'PUT' && !asked.url.includes('?');
  return made
    ? errorAnswer(asked, 409, 'BucketAlreadyExists', 'The requested bucket name is not available.')
    : errorAnswer(asked, 403, 'AccessDenied', 'Access Denied');
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, headers).end(body);
}

/** The head promises the whole body, and half of it comes. The socket stays open until the client has enough of it. */
function hang(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(body) + 1) });
  response.write(Buffer.from(body).subarray(0, body.length / 2));
}

async function read(request: IncomingMessage): Promise<Asked> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  const { method = '', url = '', headers } = request;
  return { method, url, headers, body: Buffer.concat(parts).toString() };
}

/** Headers that are about one connection, not about the answer. */
const own = new Set(['connection', 'keep-alive', 'transfer-encoding']);

function pass(target: string, { method, url, headers, body }: Asked): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(new URL(url, target), { method, headers, agent: false, timeout: 10_000 }, (found) => {
      const parts: Buffer[] = [];
      found.on('data', (part) => parts.push(part)).on('error', reject);
      found.on('end', () => {
        const kept = Object.entries(found.headers).filter(([name]) => !own.has(name));
        const status = found.statusCode ?? 502;
        resolve({ status, headers: Object.fromEntries(kept) as Answer['headers'], body: Buffer.concat(parts) });
      });
    });
    request.on('timeout', () => request.destroy(new Error('no answer within 10 s'))).on('error', reject);
    request.end(body);
  });
}
