import { isIPv4, isIPv6 } from 'node:net';
import { quoted } from '../problem.ts';

/** Address and port of `address:port` or `[address]:port`, or undefined. */
export function parseDnsServer(text: string): { address: string; port: number } | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([\d.]+)):(\d{1,5})$/i.exec(text);
  if (!match) return undefined;
  const [, six, four, digits] = match;
  const address = six ?? four ?? '';
  const port = Number(digits);
  const valid = (six === undefined ? isIPv4(address) : isIPv6(address)) && port >= 1 && port <= 65535;
  return valid ? { address, port } : undefined;
}

export function dnsServerProblem(text: string): string | undefined {
  if (parseDnsServer(text)) return undefined;
  return `is the text ${quoted(text)}, allowed is address:port, for example 9.9.9.9:53 or [2620:fe::fe]:53`;
}
