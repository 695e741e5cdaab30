import { lookup, Resolver } from 'node:dns/promises';
import { limits, within } from './limits.ts';

/**
 * All addresses of a name, IPv4 first: from the given DNS server ("203.0.113.53:53") or as this system resolves names.
 * None when the name is not known; rejects when nobody could be asked.
 */
export async function addressesOf(name: string, server: string | undefined, signal?: AbortSignal): Promise<string[]> {
  const asked = server ? `DNS server ${server}` : "this system's resolver";
  return within(`${asked} was asked for ${name}`, limits.dns, signal, () =>
    server ? ask(name, server) : askSystem(name),
  );
}

/**
 * Seconds for which resolvers may go on giving the addresses that a name has now; undefined when nobody tells. A cache
 * that is asked tells what is left of it.
 */
export async function timeToLive(name: string, server: string | undefined): Promise<number | undefined> {
  const resolver = new Resolver({ timeout: 2000, tries: 2 });
  if (server) resolver.setServers([server]);
  const lists = await Promise.all([
    resolver.resolve4(name, { ttl: true }).catch(() => []),
    resolver.resolve6(name, { ttl: true }).catch(() => []),
  ]);
  const found = lists.flat().map(({ ttl }) => ttl);
  return found.length > 0 ? Math.max(...found) : undefined;
}

const unknown = new Set(['ENOTFOUND', 'ENODATA', 'EAI_NONAME', 'EAI_NODATA']);

async function ask(name: string, server: string): Promise<string[]> {
  const resolver = new Resolver({ timeout: 2000, tries: 2 });
  resolver.setServers([server]);
  const lists = await Promise.all([
    resolver.resolve4(name).catch(noneIfUnknown),
    resolver.resolve6(name).catch(noneIfUnknown),
  ]);
  return lists.flat();
}

async function askSystem(name: string): Promise<string[]> {
  const found = await lookup(name, { all: true }).catch((error: NodeJS.ErrnoException) => {
    noneIfUnknown(error);
    return [];
  });
  return [...new Set(found.sort((a, b) => a.family - b.family).map((entry) => entry.address))];
}

function noneIfUnknown(error: NodeJS.ErrnoException): never[] {
  if (unknown.has(error.code ?? '')) return [];
  throw error;
}
