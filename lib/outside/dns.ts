import { isIP } from 'node:net';
import type { Check } from './check.ts';
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
    return judge(site, found, asked);
  },
};

function judge(site: Site, found: readonly string[], asked: string): Verdict {
  const { domain } = site;
  const wanted = site.config.host.address;
  const family = isIP(wanted);
  const record =
    family === 0
      ? `a record for ${domain} that leads to ${wanted}`
      : `the record: ${domain}. ${family === 6 ? 'AAAA' : 'A'} ${wanted}`;
  if (found.length === 0) return fail(`${domain} does not resolve${asked}`, `create ${record}`);
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
  const detail = `${domain} is ${list}, host.address is ${wanted}${asked}`;
  // Behind a router the operator uses an address that the outside cannot have in its DNS.
  if (isPrivate(wanted) && !found.every(isPrivate)) {
    return warn(
      `${detail}, which is a private one`,
      `see that ${list} forwards ports 80, 443 and ${site.config.gitea.sshPort} to it`,
    );
  }
  return fail(detail, `create ${record}, or correct host.address`);
}

/** RFC 1918, RFC 4193, loopback and link-local. */
function isPrivate(address: string): boolean {
  return /^(10\.|127\.|169\.254\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|::1$|f[cd]|fe[89ab])/i.test(address);
}
