import { BlockList, isIP, isIPv4 } from 'node:net';
import { quoted } from '../problem.ts';

const ranges: readonly (readonly [string, number])[] = [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
];

/** The network that Docker makes for itself, of which the first containers of a host are part. */
const dockersOwn = ['172.17.0.0', 16] as const;

/** What is wrong with the containers' network, or undefined: private, and big enough for its few members. */
export function subnetProblem(subnet: string): string | undefined {
  const is = `is the text ${quoted(subnet)}`;
  const example = 'allowed is a network such as 172.31.250.0/24';
  const [address = '', prefix = '', ...more] = subnet.split('/');
  if (!isIPv4(address) || !/^\d{1,2}$/.test(prefix) || more.length > 0) return `${is}, ${example}`;
  const bits = Number(prefix);
  if (bits < 16 || bits > 28) return `${is}, whose prefix is ${bits}, allowed is 16 to 28`;
  const network = networkOf(address, bits);
  if (network !== address) return `${is}, an address within its network - did you mean "${network}/${bits}"?`;
  if (!ranges.some(([base, size]) => contains(base, size, address))) {
    return `${is}, which is not private, allowed are networks within 10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16`;
  }
  const [bridge, size] = dockersOwn;
  if (contains(bridge, size, address) || (bits <= size && contains(address, bits, bridge)))
    return `${is}, which holds addresses of ${bridge}/${size}, Docker's own network, allowed is another one, for example 172.31.250.0/24`;
  return undefined;
}

/** Whether the IPv4 network holds the address. False for anything that is not IPv4. */
export function subnetContains(subnet: string, address: string): boolean {
  const [base = '', bits = ''] = subnet.split('/');
  return isIPv4(base) && isIPv4(address) && contains(base, Number(bits), address);
}

/** What is wrong with a network of clients, IPv4 or IPv6, or undefined. */
export function networkProblem(network: string): string | undefined {
  const is = `is the text ${quoted(network)}`;
  const example = 'allowed is a network such as 198.51.100.0/24, or 198.51.100.7/32 for one address';
  const [address = '', prefix = '', ...more] = network.split('/');
  const family = isIP(address);
  const bits = Number(prefix);
  if (family === 0 || !/^\d{1,3}$/.test(prefix) || more.length > 0) return `${is}, ${example}`;
  if (bits > (family === 4 ? 32 : 128)) return `${is}, whose prefix is ${bits}, ${example}`;
  if (family === 4 && networkOf(address, bits) !== address)
    return `${is}, an address within its network - did you mean "${networkOf(address, bits)}/${bits}"?`;
  return undefined;
}

/** Fewer bits than these hold more of the Internet than any one organisation. */
const widest = { 4: 8, 6: 16 } as const;

/** What is wrong with a network that operators come from, or undefined. The whole Internet, or a large part of it, is wrong. */
export function operatorNetworkProblem(network: string): string | undefined {
  const [address = '', prefix = ''] = network.split('/');
  const family = isIP(address) as 0 | 4 | 6;
  const bits = Number(prefix);
  if (family !== 0 && prefix !== '' && bits < widest[family]) {
    return `is the text ${quoted(network)}, which lets ${bits === 0 ? 'the whole Internet' : 'a large part of the Internet'} try to log in, allowed is a prefix of ${widest[family]} or more - name the networks of your operators, or set aws.access: ssm`;
  }
  return networkProblem(network);
}

function contains(base: string, bits: number, address: string): boolean {
  const list = new BlockList();
  list.addSubnet(base, bits);
  return list.check(address);
}

function networkOf(address: string, bits: number): string {
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - bits);
  const base = Math.floor(number / size) * size;
  return [24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256).join('.');
}
