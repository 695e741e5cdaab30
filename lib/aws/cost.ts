import type { MonthlyCost } from '../core/infra.ts';
import { hours, ipv4Hour, prices, secretMonth } from './prices.ts';

/** What is paid for by the month, counted from resources. */
export interface Shape {
  readonly instanceType?: string;
  /** Volumes in GiB, with what they are called. */
  readonly volumes: readonly { readonly name: string; readonly gib: number }[];
  readonly addresses: number;
  readonly secrets: number;
}

/** The monthly cost of a shape in a region. Pure; zero for an empty shape. */
export function monthlyCost(region: string, shape: Shape): MonthlyCost {
  const known = prices[region];
  const items: { name: string; usd?: number }[] = [];
  const add = (name: string, usd: number | undefined) => items.push({ name, ...(usd === undefined ? {} : { usd }) });
  if (shape.instanceType !== undefined) {
    const hour = known?.instances[shape.instanceType];
    add(shape.instanceType, hour === undefined ? undefined : hour * hours);
  }
  for (const { name, gib } of shape.volumes)
    add(`${name}, ${gib} GiB gp3`, known === undefined ? undefined : gib * known.gp3);
  if (shape.addresses > 0) add('public IPv4 address', shape.addresses * ipv4Hour * hours);
  if (shape.secrets > 0)
    add(shape.secrets === 1 ? '1 secret' : `${shape.secrets} secrets`, shape.secrets * secretMonth);
  const unknown = items.filter(({ usd }) => usd === undefined).map(({ name }) => `${name} in ${region}`);
  if (unknown.length > 0) return { items, unknown };
  return { total: cents(items.reduce((sum, { usd = 0 }) => sum + usd, 0)), items, unknown };
}

/** What comes on top by use. */
export function costByUse(region: string): string[] {
  const known = prices[region];
  return [
    known ? `${known.s3} USD per GiB of backups stored` : `backups stored (no price known in ${region})`,
    'traffic',
  ];
}

const cents = (usd: number) => Math.round(usd * 100) / 100;
