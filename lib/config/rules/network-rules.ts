import { networkProblem, placeholderProblem } from '../grammar/index.ts';
import type { Draft, Finding } from './finding.ts';

/** Rules about who may reach the host. Each is silent while a value that it needs is missing or wrong by itself. */
export function networkFindings(draft: Draft, refusePlaceholders: boolean): Finding[] {
  const { firewall, allow = {} } = draft.network ?? {};
  const lists = (['ssh', 'web', 'other'] as const).filter((key) => allow[key] !== undefined);
  if (firewall === false && lists.length > 0) {
    return [
      error(
        'network.firewall',
        `is false, allowed together with network.allow.${lists[0]} is true: nothing would heed it`,
      ),
    ];
  }
  const found: Finding[] = [];
  if (firewall === false && draft.host?.provider === 'aws')
    found.push({
      path: 'network.firewall',
      severity: 'warning',
      message:
        "is false on AWS - containers are then kept from the machine's own credentials by the metadata service's hop limit alone",
    });
  found.push(...lists.flatMap((key) => networks(`network.allow.${key}`, allow[key] ?? [], refusePlaceholders)));
  if (allow.ssh?.length === 0) found.push(nobody('network.allow.ssh', 'log in to the host'));
  if (allow.web?.length === 0) found.push(nobody('network.allow.web', 'use Gitea'));
  else if (allow.web !== undefined && draft.tls?.directory === undefined)
    found.push({
      path: 'network.allow.web',
      severity: 'warning',
      message:
        "leaves port 80 open to everybody, because Let's Encrypt's challenges come from everywhere - nothing but these and the redirect to HTTPS is there",
    });
  return found;
}

function networks(path: string, list: readonly (string | undefined)[], refusePlaceholders: boolean): Finding[] {
  return list.flatMap((network, index): Finding[] => {
    if (network === undefined) return [];
    const problem =
      networkProblem(network) ??
      (refusePlaceholders ? placeholderProblem(network.slice(0, network.indexOf('/'))) : undefined);
    return problem === undefined ? [] : [error(`${path}.${index}`, problem)];
  });
}

const nobody = (path: string, what: string) =>
  error(path, `names no network, so nobody could ${what}, allowed is at least one - or remove the line, for everybody`);

function error(path: string, message: string): Finding {
  return { path, severity: 'error', message };
}
