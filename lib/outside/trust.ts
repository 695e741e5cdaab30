import { readFile } from 'node:fs/promises';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { readCaBundle } from '../config/beside/index.ts';

/** Where distributions keep the root certificates that this machine trusts. */
const systemBundles = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/cert.pem'];

/** Whom the checks trust, as PEM for other programs and as a context for our own connections. */
export interface Trust {
  readonly pem: string;
  readonly context: SecureContext;
}

/** The roots of this system (or those that come with Node, where it has none) and the configured bundle. */
export async function loadTrust(caBundle: string | undefined): Promise<Trust> {
  const own = caBundle === undefined ? '' : readCaBundle(caBundle);
  const pem = `${await systemRoots()}\n${own}`;
  // Node keeps older protocol versions off; only the check of TLS versions asks for one of them.
  return { pem, context: createSecureContext({ ca: pem }) };
}

async function systemRoots(): Promise<string> {
  for (const path of systemBundles) {
    const text = await readFile(path, 'utf8').catch(() => '');
    if (text) return text;
  }
  return rootCertificates.join('\n');
}
