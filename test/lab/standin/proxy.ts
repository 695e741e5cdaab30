/** Which address a request comes from, and which public address it was sent to. */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { atLeast, currentRelease } from './release.ts';
import { int, type Settings, trustedProxies, urlDetection } from './values.ts';

const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/, '');

export function trusts(proxies: string[], address: string): boolean {
  if (proxies.includes('*')) return true;
  const family = (text: string): 'ipv4' | 'ipv6' => (isIP(text) === 6 ? 'ipv6' : 'ipv4');
  const known = new BlockList();
  for (const proxy of proxies) {
    const [net = '', bits] = proxy.split('/');
    if (isIP(net) === 0) continue;
    if (bits === undefined) known.addAddress(net, family(net));
    else known.addSubnet(net, Number(bits), family(net));
  }
  return isIP(address) !== 0 && known.check(address, family(address));
}

/** The client's address: what a trusted peer says (X-Real-IP before X-Forwarded-For), undefined where none is said. */
export function forwardedFor(
  headers: { realIp?: string | undefined; forwardedFor?: string | undefined },
  limit: number,
  proxies: string[],
): string | undefined {
  if (headers.realIp) return headers.realIp;
  const hops = headers.forwardedFor?.split(', ') ?? [];
  let ip: string | undefined;
  for (let left = limit; left > 0 && hops.length > 0; left--) {
    ip = hops.pop() as string;
    if (!trusts(proxies, ip)) break;
  }
  return ip;
}

const one = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);

/** "address:port" as Gitea logs it; a forwarded address has port 0. */
export function remoteAddress(req: IncomingMessage, s: Settings): string {
  const peer = plain(req.socket.remoteAddress ?? '');
  const limit = int(s, 'security', 'REVERSE_PROXY_LIMIT', 1);
  const proxies = trustedProxies(s);
  if (limit > 0 && trusts(proxies, peer)) {
    const said = { realIp: one(req.headers['x-real-ip']), forwardedFor: one(req.headers['x-forwarded-for']) };
    const ip = forwardedFor(said, limit, proxies);
    if (ip) return `${isIP(ip) === 6 ? `[${ip}]` : ip}:0`;
  }
  return `${isIP(peer) === 6 ? `[${peer}]` : peer}:${req.socket.remotePort ?? 0}`;
}

function scheme(req: IncomingMessage): string {
  for (const name of ['x-forwarded-proto', 'x-forwarded-protocol', 'x-url-scheme']) {
    const value = one(req.headers[name]);
    if (value) return value;
  }
  for (const name of ['front-end-https', 'x-forwarded-ssl']) {
    const value = one(req.headers[name]);
    if (value) return value === 'on' ? 'https' : 'http';
  }
  return '';
}

/** The public address (with a slash at the end) that links in answers carry, for example those of the LFS batch. */
export function publicUrl(req: IncomingMessage, s: Settings): string {
  const said = scheme(req);
  const host = req.headers.host ?? '';
  if (said === '') return urlDetection(s) === 'auto' && host !== '' ? `http://${host}${s.appSubUrl}/` : s.appUrl;
  const forwardedHost = atLeast(currentRelease(), 1, 23) ? undefined : one(req.headers['x-forwarded-host']);
  return `${said}://${forwardedHost || host}${s.appSubUrl}/`;
}
