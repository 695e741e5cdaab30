import { isIP } from 'node:net';
import type { Check } from './check.ts';
import { timeToLive } from './resolve.ts';
import type { Site } from './site.ts';
import { fail, pass, type Verdict, warn } from './verdict.ts';

/** The domain leads to the host that the configuration names, and to no other. */
export const dns: Check = {
  id: 'outside.dns',
  title: 'DNS',
  async look(site) {
    const asked = site.config.verify.dnsServer ? ` (asked ${site.config.verify.dnsServer})` : '';
    const found = await site.addresses().catch((error: Error) => error);
    if (found instanceof Error) {
      return fail(
        `${site.domain} could not be looked up: ${found.message}${asked}`,
        'check the network and verify.dnsServer',
      );
    }
    const verdict = judge(site, found, asked);
    if (verdict.status !== 'fail' || found.length === 0) return verdict;
    const seconds = await timeToLive(site.domain, site.config.verify.dnsServer);
    return seconds === undefined
      ? verdict
      : fail(verdict.detail, `${verdict.next}; caches keep the present one for up to ${seconds} s`);
  },
};

function judge(site: Site, found: readonly string[], asked: string): Verdict {
  const { domain } = site;
  const { host } = site.config;
  const wanted = host.address;
  const family = isIP(wanted);
  if (found.length === 0) return fail(`${domain} does not resolve${asked}`, repair(site));
  const list = found.join(', ');
  if (family === 0) return pass(`${domain} is ${list}${asked}`);
  const same = found.filter((address) => isIP(address) === family);
  const others = same.filter((address) => address !== wanted);
  if (others.length === 0 && same.length > 0) return pass(`${domain} is ${list}${asked}`);
  if (same.includes(wanted)) {
    return fail(
      `${domain} is ${wanted}, but also ${others.join(', ')}${asked}`,
      `remove the other records, or people reach another host half of the time`,
    );
  }
  const made = host.provider === 'aws';
  const detail = `${domain} is ${list}, ${made ? 'the host' : 'host.address'} is ${wanted}${asked}`;
  // Behind a router the operator uses an address that the outside cannot have in its DNS.
  if (isPrivate(wanted) && !found.every(isPrivate)) {
    return warn(
      `${detail}, which is a private one`,
      `see that ${list} forwards ports 80, 443 and ${site.config.gitea.sshPort} to it`,
    );
  }
  return fail(detail, `${repair(site)}${made ? '' : ', or correct host.address'}`);
}

/** How the name comes to lead to the host: by who keeps its record. */
function repair({ domain, config: { host, aws } }: Site): string {
  if (host.provider === 'aws' && aws?.dns === 'route53') {
    return 'npx zx runbooks/infra.mjs apply, which puts the record in order; the check "Delegation" tells whether it is asked at all';
  }
  const family = isIP(host.address);
  if (family === 0) return `create a record for ${domain} that leads to ${host.address}`;
  return `create the record: ${domain}. ${family === 6 ? 'AAAA' : 'A'} ${host.address}`;
}

/** RFC 1918, RFC 4193, loopback and link-local. */
function isPrivate(address: string): boolean {
  return /^(10\.|127\.|169\.254\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|::1$|f[cd]|fe[89ab])/i.test(address);
}
