import { setMaxListeners } from 'node:events';
import { Agent as PlainAgent } from 'node:http';
import { Agent } from 'node:https';
import { isIP } from 'node:net';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import type { Config } from '../config/config.types.ts';
import { Unresolved } from './explain.ts';
import { type Answer, type Ask, ask } from './http.ts';
import { limits, within } from './limits.ts';
import { addressesOf } from './resolve.ts';
import { loadTrust, type Trust } from './trust.ts';

/** Another place to look at than the usual one: tests serve on ports of their own. */
export interface Elsewhere {
  readonly address?: string;
  readonly https?: number;
  readonly http?: number;
}

/** The service as somebody outside meets it: one resolver, one trust, few connections that are used again. */
export interface Site {
  readonly config: Config;
  readonly domain: string;
  readonly signal: AbortSignal | undefined;
  readonly ports: { readonly https: number; readonly http: number };
  /** "https://git.example.com", with the port where it is not the usual one. */
  readonly origin: string;
  readonly trust: Trust;
  /** All addresses that the domain has; asked once. */
  addresses(): Promise<string[]>;
  /** The address that is dialled: that of the domain, or of the host while the domain has none. */
  address(): Promise<string>;
  /** A page without any secret, whoever's certificate; asked once each. */
  page(path: string): Promise<Answer>;
  /** A request on port 80. */
  plain(path: string): Promise<Answer>;
  /** A request that may carry secrets: only with a trusted certificate. */
  trusted(request: Ask): Promise<Answer>;
  /** A bare TLS connection; the caller ends it. */
  tls(options: ConnectionOptions): Promise<TLSSocket>;
  close(): void;
}

export async function openSite(config: Config, outer?: AbortSignal, elsewhere: Elsewhere = {}): Promise<Site> {
  // All waits of the parallel checks listen to it, far more than the ten at which Node suspects a leak.
  const signal = outer && AbortSignal.any([outer]);
  if (signal) setMaxListeners(0, signal);
  const { domain } = config;
  const ports = { https: elsewhere.https ?? 443, http: elsewhere.http ?? 80 };
  const trust = await loadTrust(config.tls.caBundle);
  const secure = { keepAlive: true, maxSockets: 4, servername: domain, secureContext: trust.context };
  const loose = new Agent({ ...secure, rejectUnauthorized: false });
  const strict = new Agent({ ...secure, rejectUnauthorized: true });
  const plain = new PlainAgent();
  const pages = new Map<string, Promise<Answer>>();
  let found: Promise<string[]> | undefined;

  const addresses = () => {
    found ??= elsewhere.address
      ? Promise.resolve([elsewhere.address])
      : addressesOf(domain, config.verify.dnsServer, signal);
    return found;
  };
  const address = async () => {
    const [first] = await addresses().catch(() => []);
    const dialled = first ?? config.host.address;
    if (first === undefined && isIP(dialled) === 0) throw new Unresolved(`not tried: ${domain} does not resolve`);
    return dialled;
  };
  const send = async (request: Ask, agent: PlainAgent, port: number, isPlain = false) =>
    ask(request, {
      domain,
      port,
      agent,
      plain: isPlain,
      address: await address(),
      signal: request.always ? undefined : signal,
    });

  return {
    config,
    domain,
    signal,
    ports,
    origin: `https://${domain}${ports.https === 443 ? '' : `:${ports.https}`}`,
    trust,
    addresses,
    address,
    page(path) {
      const known = pages.get(path) ?? send({ path }, loose, ports.https);
      pages.set(path, known);
      return known;
    },
    plain: (path) => send({ path }, plain, ports.http, true),
    trusted: (request) => send(request, strict, ports.https),
    async tls(options) {
      const host = await address();
      return within(`TLS to ${domain} (${host}, port ${ports.https})`, limits.connect, signal, (over) =>
        handshake({ host, port: ports.https, servername: domain, rejectUnauthorized: false, ...options }, over),
      );
    },
    close() {
      for (const agent of [loose, strict, plain]) agent.destroy();
    },
  };
}

function handshake(options: ConnectionOptions, over: AbortSignal): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect(options, () => resolve(socket));
    socket.on('error', reject);
    over.addEventListener('abort', () => socket.destroy(), { once: true });
  });
}
