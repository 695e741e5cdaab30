import { type Agent, type IncomingHttpHeaders, request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { limits, within } from './limits.ts';

export interface Ask {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Seconds; default is the limit of a plain request. */
  readonly timeout?: number;
  /** Clean-up: goes out even when the run was interrupted. */
  readonly always?: boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Route {
  readonly domain: string;
  readonly address: string;
  readonly port: number;
  readonly plain: boolean;
  readonly agent: Agent;
  readonly signal: AbortSignal | undefined;
}

/** No answer that a check reads is larger; a larger one is not the service that was expected. Bytes. */
const largest = 32 * 1024 * 1024;

/** One request to the domain at a given address; redirects are answers like any other. */
export function ask(wanted: Ask, route: Route): Promise<Answer> {
  const scheme = route.plain ? 'http' : 'https';
  const method = wanted.method ?? 'GET';
  const what = `${method} ${scheme}://${route.domain}${wanted.path} (${route.address}, port ${route.port})`;
  return within(what, wanted.timeout ?? limits.request, route.signal, (signal) => once(wanted, route, method, signal));
}

function once(wanted: Ask, route: Route, method: string, signal: AbortSignal): Promise<Answer> {
  const request = route.plain ? requestPlain : requestSecure;
  return new Promise((resolve, reject) => {
    const sent = request({
      host: route.domain,
      port: route.port,
      path: wanted.path,
      method,
      agent: route.agent,
      lookup: fixed(route.address),
      signal,
      headers: {
        'user-agent': 'gitea-runbooks',
        ...(wanted.body ? { 'content-length': Buffer.byteLength(wanted.body) } : {}),
        ...wanted.headers,
      },
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const parts: Buffer[] = [];
      let size = 0;
      response.on('data', (part: Buffer) => {
        size += part.length;
        if (size > largest)
          response.destroy(new Error(`the answer to ${method} ${wanted.path} is larger than ${largest / 1048576} MiB`));
        else parts.push(part);
      });
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
      );
    });
    sent.end(wanted.body);
  });
}

/** A lookup that always gives one address: the operator's own DNS need not know the name. */
function fixed(address: string): LookupFunction {
  const family = isIP(address);
  return (_name, options, done) => (options.all ? done(null, [{ address, family }]) : done(null, address, family));
}
