import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { call, gitCredential, type Probe } from './gitea-api.ts';
import type { Site } from './site.ts';

/** A private repository that lives as long as the checks that need one. */
export interface Repository {
  readonly site: Site;
  readonly probe: Probe;
  /** "owner/name". */
  readonly fullName: string;
  /** Temporary directory on this machine. */
  readonly directory: string;
  /** Settings by which git finds the address, trusts the certificate and signs in over HTTPS. */
  readonly https: readonly (readonly [string, string])[];
  readonly onLine: ((line: string) => void) | undefined;
  /** API paths of what was made on the way and must go again, newest last. */
  readonly made: string[];
}

/** Prepares everything on this machine and names what will be made; nothing is on the server yet. */
export async function prepareRepository(
  site: Site,
  probe: Probe,
  directory: string,
  onLine: ((line: string) => void) | undefined,
): Promise<Repository> {
  const caFile = join(directory, 'trusted.pem');
  await writeFile(caFile, site.trust.pem);
  const address = await site.address();
  const https = [
    ['http.sslCAInfo', caFile],
    ['http.followRedirects', 'false'],
    ['http.proxy', ''],
    ['http.curloptResolve', `${site.domain}:${site.ports.https}:${address.includes(':') ? `[${address}]` : address}`],
    gitCredential(site, probe),
  ] as const;
  const fullName = `${probe.username}/probe-${randomBytes(6).toString('hex')}`;
  return { site, probe, fullName, directory, https, onLine, made: [] };
}

export async function makeRepository({ site, probe, fullName, made }: Repository): Promise<void> {
  // Noted before it is asked for: an answer that never comes does not mean that nothing was made.
  made.push(`/repos/${fullName}`);
  const description = 'Made by a check of gitea-runbooks, which deletes it again.';
  await call(site, probe, 'POST', '/user/repos', {
    body: { name: fullName.split('/')[1], private: true, auto_init: false, description },
  });
}

/** Takes away all that was made, newest first, also after an interruption. Gives the API paths that are still there and why. */
export async function cleanUp({ site, probe, made }: Repository): Promise<string[]> {
  const left: string[] = [];
  for (const path of made.toReversed()) {
    const accept = [404];
    await call(site, probe, 'DELETE', path, { accept, always: true }).catch((error: Error) =>
      left.push(`${path}: ${error.message}`),
    );
  }
  return left;
}
