import { type Delegation, delegation, type NameServers, nameServersFrom } from '../../aws/delegation.ts';
import { findZone } from '../../aws/zones.ts';
import type { Config } from '../../config/config.types.ts';
import { RunbookError } from '../../core/errors.ts';
import type { CheckResult } from '../../core/event.ts';

type Verdict = Pick<CheckResult, 'status' | 'detail' | 'next'>;

/**
 * Whether the world is sent to the hosted zone that the record stands in: a record that is right, in a zone that nobody
 * is sent to, helps nobody. None where Route 53 has no part in it. Never rejects.
 */
export async function delegationCheck(
  { host, aws, domain, verify }: Config,
  nameServers: NameServers = nameServersFrom(verify.dnsServer),
): Promise<CheckResult[]> {
  if (host.provider !== 'aws' || aws?.dns !== 'route53') return [];
  const started = performance.now();
  const look = async () => judge(await delegation(aws, (await findZone(aws, domain)).id, nameServers));
  const verdict = await look().catch(explain);
  return [{ id: 'aws.delegation', title: 'Delegation', ...verdict, took: Math.round(performance.now() - started) }];
}

/** What the two lists of name servers mean; pure. */
export function judge({ zone, wanted, found }: Delegation): Verdict {
  const others = found.filter((server) => !wanted.includes(server));
  if (found.length > 0 && others.length === 0) {
    return { status: 'pass', detail: `${zone.name} is in the hands of Route 53 (hosted zone ${zone.id})` };
  }
  const next = `at your registrar (or in the zone above), set the name servers of ${zone.name} to ${wanted.join(', ')}; caches may keep the old ones for two days`;
  const detail =
    found.length === 0
      ? `${zone.name} is not delegated: nobody is sent to its hosted zone ${zone.id}`
      : `${zone.name} is answered by ${others.join(', ')}${others.length < found.length ? ' too' : ''}, its hosted zone ${zone.id} has ${wanted.join(', ')}`;
  return {
    status: 'fail',
    detail,
    next: found.length === 0 ? next : `${next}; or set aws.dns: external if the record is kept there`,
  };
}

function explain(error: unknown): Verdict {
  if (error instanceof RunbookError) return { status: 'fail', detail: error.parts.what, next: error.parts.next };
  const detail = `the name servers could not be looked up: ${(error as Error).message}`;
  return { status: 'fail', detail, next: 'check the network and verify.dnsServer' };
}
