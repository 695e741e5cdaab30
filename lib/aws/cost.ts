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

/** A resource with its attributes, of a plan or of the state. */
export interface Priced {
  readonly address: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** What of these resources is paid by the month. */
export function shapeOf(resources: readonly Priced[]): Shape {
  const at = (address: string) => resources.find((one) => one.address === address)?.values;
  const count = (start: string) => resources.filter(({ address }) => address.startsWith(start)).length;
  const host = at('aws_instance.host');
  const type = host?.instance_type;
  const root = (host?.root_block_device as readonly Priced['values'][] | undefined)?.[0]?.volume_size;
  const data = at('aws_ebs_volume.data')?.size;
  return {
    ...(typeof type === 'string' ? { instanceType: type } : {}),
    volumes: [
      ...(typeof root === 'number' ? [{ name: 'system disk', gib: root }] : []),
      ...(typeof data === 'number' ? [{ name: 'data volume', gib: data }] : []),
    ],
    addresses: count('aws_eip.'),
    secrets: count('aws_secretsmanager_secret.'),
  };
}

const cents = (usd: number) => Math.round(usd * 100) / 100;
