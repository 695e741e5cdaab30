/**
 * List prices in US dollars, without tax, traffic and discounts; `infra` tells what a plan costs from them. A place or a
 * type that is not here is said to be unknown, never guessed.
 *
 * Looked up in November 2026, not in AWS's own price list, which was not in reach:
 * - public IPv4 0.005/h, gp3 0.08 and t3 in us-east-1: pages of 2026 that quote the price list (last 2026-10-16);
 * - a secret 0.40: quoted verbatim from AWS's pricing page on 2026-09-20;
 * - eu-central-1: t3, m6i, gp3 0.0952, S3 0.0245: one published table of 2026; eu-west-1: t3: one published table;
 * - from memory, in the same proportions as ever: t3a and m7i everywhere, m6i outside eu-central-1, S3, gp3 in eu-west-1.
 */
export const pricesOf = '2026-11';

/** Hours in a month, as AWS's own calculator counts. */
export const hours = 730;

/** A public IPv4 address in use, an hour. The same in every region. */
export const ipv4Hour = 0.005;

/** A secret, a month. The same in every region. */
export const secretMonth = 0.4;

export interface RegionPrices {
  /** A GiB of a gp3 volume, a month. Its 3000 operations and 125 MB/s are included. */
  readonly gp3: number;
  /** A GiB in S3 (standard), a month. */
  readonly s3: number;
  /** Linux on demand, an hour. */
  readonly instances: Readonly<Record<string, number>>;
}

/** Each size costs twice the one before. */
const doubling = (type: string, first: number, sizes: readonly string[]): [string, number][] =>
  sizes.map((size, index) => [`${type}.${size}`, first * 2 ** index]);
const burstable = ['small', 'medium', 'large', 'xlarge', '2xlarge'];
const steady = ['large', 'xlarge', '2xlarge'];

function region(gp3: number, s3: number, [t3, t3a, m6i, m7i]: readonly [number, number, number, number]): RegionPrices {
  const instances = Object.fromEntries([
    ...doubling('t3', t3, burstable),
    ...doubling('t3a', t3a, burstable),
    ...doubling('m6i', m6i, steady),
    ...doubling('m7i', m7i, steady),
  ]);
  return { gp3, s3, instances };
}

export const prices: Readonly<Record<string, RegionPrices>> = {
  'us-east-1': region(0.08, 0.023, [0.0208, 0.0188, 0.096, 0.1008]),
  'eu-central-1': region(0.0952, 0.0245, [0.024, 0.0216, 0.115, 0.12075]),
  'eu-west-1': region(0.088, 0.023, [0.0228, 0.0204, 0.107, 0.11235]),
};
