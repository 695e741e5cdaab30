import { Resolver } from 'node:dns/promises';
import { call } from './call.ts';
import { route53 } from './clients.ts';
import type { Aws } from './settings.ts';
import { plain, type Zone } from './zones.ts';

/** Who answers for a zone in the world, compared with who should. Names without the dot at the end, sorted. */
export interface Delegation {
  readonly zone: Zone;
  /** The name servers that Route 53 has set aside for the zone. */
  readonly wanted: readonly string[];
  /** Those that the world is sent to. Empty when the zone is not delegated at all. */
  readonly found: readonly string[];
}

/** The name servers of a zone, as a resolver in the world finds them. None for a name that does not exist. */
export type NameServers = (zone: string) => Promise<readonly string[]>;

/** Looks up to whom the zone is delegated. Rejects with the resolver's error when nobody can be asked. */
export async function delegation(
  aws: Aws,
  zoneId: string,
  nameServers: NameServers = nameServersFrom(undefined),
): Promise<Delegation> {
  const client = await route53(aws);
  const { HostedZone, DelegationSet } = await call(aws, `route53:GetHostedZone on ${zoneId}`, (limit) =>
    client.getHostedZone({ Id: zoneId }, limit),
  );
  const name = plain(HostedZone?.Name ?? '');
  const sorted = (names: readonly string[]) => names.map(plain).sort();
  return {
    zone: { id: zoneId, name },
    wanted: sorted(DelegationSet?.NameServers ?? []),
    found: sorted(await nameServers(name)),
  };
}

const none = new Set(['ENOTFOUND', 'ENODATA']);

/**
 * Asks a DNS server ("203.0.113.53:53"), or those of this system. A resolver follows the parent's delegation and gives
 * the answer of whoever it leads to, so a zone at another provider shows as that provider's name servers.
 */
export function nameServersFrom(server: string | undefined): NameServers {
  return async (zone) => {
    const resolver = new Resolver({ timeout: 2000, tries: 2 });
    if (server !== undefined) resolver.setServers([server]);
    return resolver.resolveNs(zone).catch((error: NodeJS.ErrnoException) => {
      if (none.has(error.code ?? '')) return [];
      throw error;
    });
  };
}
