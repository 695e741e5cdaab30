import { RunbookError } from '../core/errors.ts';

/** IPv4 addresses in the network between proxy and Gitea. */
export interface Addresses {
  readonly subnet: string;
  /** The host itself, as the containers see it. */
  readonly gateway: string;
  readonly proxy: string;
  readonly gitea: string;
  /** The upper half, for containers without a fixed address. */
  readonly dynamicRange: string;
}

/** Numbers of the two ends of that network: each must know the other one's address. */
export const numbers = { proxy: 2, gitea: 3 } as const;

/** The fixed addresses of a subnet such as 172.31.250.0/24. */
export function addressesOf(subnet: string): Addresses {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(subnet);
  const [a = 0, b = 0, c = 0, d = 0, bits = 0] = (match?.slice(1) ?? []).map(Number);
  const base = ((a * 256 + b) * 256 + c) * 256 + d;
  const size = 2 ** (32 - bits);
  if (!match || [a, b, c, d].some((part) => part > 255) || bits < 8 || bits > 28 || base % size !== 0) {
    throw new RunbookError('configInvalid', {
      what: `network.subnet: ${subnet} is not an IPv4 network of 16 addresses or more that starts at its first address`,
      next: 'write it like 172.31.250.0/24',
    });
  }
  return {
    subnet,
    gateway: dotted(base + 1),
    proxy: dotted(base + numbers.proxy),
    gitea: dotted(base + numbers.gitea),
    dynamicRange: `${dotted(base + size / 2)}/${bits + 1}`,
  };
}

const dotted = (address: number) => [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
