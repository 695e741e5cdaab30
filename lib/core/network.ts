import { BlockList, isIP } from 'node:net';

/** Whether one of the networks, IPv4 or IPv6, holds the address. */
export function inNetworks(networks: readonly string[], address: string): boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [base = '', bits = ''] = network.split('/');
    list.addSubnet(base, Number(bits), familyOf(base));
  }
  return isIP(address) !== 0 && list.check(address, familyOf(address));
}

/** An address of the machine itself, as a tunnel that ends there has it. */
export const isLoopback = (address: string) => inNetworks(['127.0.0.0/8', '::1/128'], address);

/** The networks of one family. */
export const networksOf = (family: 4 | 6, networks: readonly string[]) =>
  networks.filter((network) => network.includes(':') === (family === 6));

const familyOf = (address: string) => (address.includes(':') ? 'ipv6' : 'ipv4');
