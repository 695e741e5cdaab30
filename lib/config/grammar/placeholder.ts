import { BlockList, isIP } from 'node:net';
import { cut } from '../problem.ts';

/** Names that RFC 2606 and RFC 6761 keep for documentation. `.test` is not among them: a private network may use it. */
const name = /(^|\.)(example\.(com|net|org)|example|invalid)$/i;

/** The networks that RFC 5737 and RFC 3849 keep for documentation. */
const networks = new BlockList();
networks.addSubnet('192.0.2.0', 24);
networks.addSubnet('198.51.100.0', 24);
networks.addSubnet('203.0.113.0', 24);
networks.addSubnet('2001:db8::', 32, 'ipv6');

/** Says so when the host name, address or mail address is one of the examples that nobody can own. */
export function placeholderProblem(value: string): string | undefined {
  const host = value.slice(value.lastIndexOf('@') + 1);
  const version = isIP(host);
  const found = version ? networks.check(host, version === 6 ? 'ipv6' : 'ipv4') : name.test(host);
  return found ? `placeholder value left in: ${cut(value)}, allowed is a real one - put your own here` : undefined;
}
