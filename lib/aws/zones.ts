import { isIP } from 'node:net';
import type { HostedZone, Route53 } from '@aws-sdk/client-route-53';
import { RunbookError } from '../core/errors.ts';
import { call } from './call.ts';
import { route53 } from './clients.ts';
import { type Aws, placeOf } from './settings.ts';

/** A public hosted zone. */
export interface Zone {
  readonly id: string;
  /** Without the dot at the end. */
  readonly name: string;
}

/**
 * The hosted zone that the domain's record belongs to: of all public zones of the account the one with the longest name
 * that the domain ends with, or the one that `aws.zoneId` names. Throws `refused` when there is none, or several.
 */
export async function findZone(aws: Aws, domain: string): Promise<Zone> {
  const client = await route53(aws);
  if (aws.zoneId !== undefined) return named(aws, client, domain, aws.zoneId);
  for (const name of suffixes(domain)) {
    const [zone, ...others] = await publicZones(aws, client, name);
    if (!zone) continue;
    if (others.length === 0) return zone;
    throw new RunbookError('refused', {
      where: placeOf(aws),
      what: `there are ${others.length + 1} hosted zones called ${name}: ${[zone, ...others].map(({ id }) => id).join(', ')}`,
      next: `set aws.zoneId to the one whose name servers your registrar knows: aws route53 get-hosted-zone --id ${zone.id}`,
    });
  }
  throw new RunbookError('refused', {
    where: placeOf(aws),
    what: `the account has no public hosted zone that ${domain} belongs to`,
    next: `make one (aws route53 create-hosted-zone --name ${suffixes(domain).at(-1)} --caller-reference 1) and have your registrar delegate to it, or set aws.dns: external`,
  });
}

/** The names of the zones that a domain can stand in, the longest first: never a top-level domain. */
export function suffixes(domain: string): readonly string[] {
  const labels = plain(domain).split('.');
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'));
}

async function named(aws: Aws, client: Route53, domain: string, id: string): Promise<Zone> {
  const found = await call(aws, `route53:GetHostedZone on ${id}`, (limit) => client.getHostedZone({ Id: id }, limit), {
    expected: { NoSuchHostedZone: () => undefined },
  });
  const name = plain(found?.HostedZone?.Name ?? '');
  const wrong = !found
    ? `the account has no hosted zone ${id}`
    : found.HostedZone?.Config?.PrivateZone
      ? `the hosted zone ${id} is a private one, which nobody outside can see`
      : suffixes(domain).includes(name)
        ? undefined
        : `the hosted zone ${id} is ${name}, to which ${domain} does not belong`;
  if (wrong === undefined) return { id, name };
  throw new RunbookError('refused', {
    where: placeOf(aws),
    what: wrong,
    next: 'correct aws.zoneId; your zones: aws route53 list-hosted-zones',
  });
}

async function publicZones(aws: Aws, client: Route53, name: string): Promise<Zone[]> {
  // Gives the zones from this name on, so those of the name itself come first.
  const { HostedZones = [] } = await call(aws, 'route53:ListHostedZonesByName', (limit) =>
    client.listHostedZonesByName({ DNSName: name, MaxItems: 100 }, limit),
  );
  return HostedZones.filter((zone) => plain(zone.Name ?? '') === name && !zone.Config?.PrivateZone).map(zoneOf);
}

const zoneOf = ({ Id = '', Name = '' }: HostedZone): Zone => ({ id: Id.replace(/^.*\//, ''), name: plain(Name) });

/** A name as people write it: no dot at the end, small letters. */
export const plain = (name: string) => name.replace(/\.$/, '').toLowerCase();

/**
 * Lets a name lead to these addresses (A and AAAA, one record each). `ttl` in seconds. Gives the id of the change for
 * `waitInSync`; undefined when the records were so already. Records of a family without an address are left alone.
 */
export async function upsertAddress(
  aws: Aws,
  zoneId: string,
  name: string,
  addresses: readonly string[],
  ttl = 60,
): Promise<string | undefined> {
  const client = await route53(aws);
  const found = await call(aws, `route53:ListResourceRecordSets on ${zoneId}`, (limit) =>
    client.listResourceRecordSets({ HostedZoneId: zoneId, StartRecordName: name, MaxItems: 100 }, limit),
  );
  const records = ([4, 6] as const).flatMap((family) => {
    const values = addresses.filter((address) => isIP(address) === family).sort();
    if (values.length === 0) return [];
    return [{ Name: name, Type: family === 4 ? ('A' as const) : ('AAAA' as const), TTL: ttl, values }];
  });
  const changed = records.filter(({ Type, values }) => {
    const same = found.ResourceRecordSets?.find((set) => plain(set.Name ?? '') === plain(name) && set.Type === Type);
    const has = same?.ResourceRecords?.map(({ Value = '' }) => Value).sort();
    return same?.TTL !== ttl || has?.join() !== values.join();
  });
  if (changed.length === 0) return undefined;
  const Changes = changed.map(({ values, ...set }) => ({
    Action: 'UPSERT' as const,
    ResourceRecordSet: { ...set, ResourceRecords: values.map((Value) => ({ Value })) },
  }));
  const { ChangeInfo } = await call(aws, `route53:ChangeResourceRecordSets on ${zoneId} for ${name}`, (limit) =>
    client.changeResourceRecordSets({ HostedZoneId: zoneId, ChangeBatch: { Changes } }, limit),
  );
  return ChangeInfo?.Id?.replace(/^.*\//, '');
}
