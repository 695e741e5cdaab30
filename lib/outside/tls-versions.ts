import type { SecureVersion } from 'node:tls';
import type { Check } from './check.ts';
import { OverTime } from './explain.ts';
import type { Site } from './site.ts';
import { fail, pass } from './verdict.ts';

/** TLS 1.2 and 1.3, and nothing older. */
export const tlsVersions: Check = {
  id: 'outside.tls-versions',
  title: 'TLS versions',
  async look(site) {
    const [old, middle, current] = await Promise.all([
      speaks(site, 'TLSv1.1'),
      speaks(site, 'TLSv1.2'),
      speaks(site, 'TLSv1.3'),
    ]);
    const faults = [
      old && 'TLS 1.1 is accepted',
      !middle && 'TLS 1.2 is refused',
      !current && 'TLS 1.3 is refused',
    ].filter((fault) => fault !== false);
    return faults.length === 0
      ? pass('1.2 and 1.3, nothing older')
      : fail(faults.join(', '), 'npx zx runbooks/deploy.mjs puts the proxy configuration back');
  },
};

/** A server that refuses answers with an alert or hangs up; only a connection that cannot be made is an error. */
async function speaks(site: Site, version: SecureVersion): Promise<boolean> {
  try {
    // OpenSSL itself no longer offers 1.1 at its usual security level; level 0 makes it ask.
    const old = version === 'TLSv1.1' ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {};
    const socket = await site.tls({ minVersion: version, maxVersion: version, ...old });
    socket.destroy();
    return true;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (error instanceof OverTime || !/^(ERR_SSL_|ECONNRESET|EPROTO)/.test(code)) throw error;
    return false;
  }
}
