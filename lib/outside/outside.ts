import type { Config } from '../config/config.types.ts';
import type { CheckResult } from '../core/event.ts';
import { certificate } from './certificate.ts';
import { type Check, perform } from './check.ts';
import { closed } from './closed.ts';
import { dns } from './dns.ts';
import { fullChecks } from './full.ts';
import type { Probe } from './gitea-api.ts';
import { headers } from './headers.ts';
import { healthz } from './healthz.ts';
import { redirect } from './redirect.ts';
import { signIn } from './sign-in.ts';
import { type Elsewhere, openSite } from './site.ts';
import { tlsVersions } from './tls-versions.ts';
import { version } from './version.ts';

const quick: readonly Check[] = [dns, certificate, tlsVersions, redirect, headers, healthz, version, signIn, closed];

export interface OutsideInput {
  readonly config: Config;
  /**
   * `dns` only looks the name up, for a host that serves nothing yet; `quick` changes nothing; `full` also makes a
   * repository as the probe account, uses it and deletes it.
   */
  readonly level: 'dns' | 'quick' | 'full';
  /** Needed for `full`; without it those checks are skipped. */
  readonly probe?: Probe;
  readonly signal?: AbortSignal;
  /** Each result as it comes; the quick ones come together. */
  readonly onResult?: (result: CheckResult) => void;
  /** Progress of git during the full checks. */
  readonly onLine?: (line: string) => void;
  /** Another address or other ports than those of the domain. */
  readonly elsewhere?: Elsewhere;
}

/**
 * Looks at the service as somebody outside does. A check that fails is a result, not an error; thrown is only
 * `configInvalid` for an unreadable tls.caBundle, and the reason of `signal`.
 */
export async function outsideChecks(input: OutsideInput): Promise<CheckResult[]> {
  const site = await openSite(input.config, input.signal, input.elsewhere);
  try {
    const checks = input.level === 'dns' ? [dns] : quick;
    const results = await Promise.all(checks.map((check) => perform(check, site)));
    for (const result of results) input.onResult?.(result);
    if (input.level === 'full') results.push(...(await fullOrSkipped(input, site)));
    input.signal?.throwIfAborted();
    return results;
  } finally {
    site.close();
  }
}

async function fullOrSkipped(input: OutsideInput, site: Awaited<ReturnType<typeof openSite>>): Promise<CheckResult[]> {
  input.signal?.throwIfAborted();
  if (input.probe) return fullChecks(site, { probe: input.probe, onLine: input.onLine, onResult: input.onResult });
  const detail = 'there is no probe account';
  const skipped: CheckResult = {
    id: 'outside.probe-repository',
    title: 'Probe repository',
    status: 'skip',
    detail,
    took: 0,
  };
  input.onResult?.(skipped);
  return [skipped];
}
