import type { Config } from '../config/config.types.ts';
import { RunbookError } from '../core/errors.ts';
import type { Spec } from '../core/spec.ts';
import { accounts } from './accounts.ts';
import { backup } from './backup.ts';
import { backupTimers } from './backup-jobs.ts';
import { type Contributions, contributionsOf, tooSmall } from './contributions.ts';
import { database } from './database.ts';
import { firewallOf } from './firewall.ts';
import { gitea } from './gitea.ts';
import { networkOf } from './layout.ts';
import { inOrder } from './order.ts';
import { ownedSpec, removal } from './owned.ts';
import type { DesiredInput, Phase } from './phase.ts';
import { proxy } from './proxy.ts';
import { release } from './release.ts';
import { restoreWatch } from './restore-watch.ts';
import { secretsOf } from './secrets.ts';
import { shutdownOf } from './shutdown.ts';
import { signInOf } from './sign-in.ts';
import { stackOf } from './stack.ts';
import { system } from './system.ts';
import { tls } from './tls.ts';
import { watch } from './watch.ts';

/** A phase that is made of what the others bring. */
type Made = (others: readonly Phase[]) => Phase;

/**
 * All parts. What a phase needs stands in the phase; this list only breaks ties. The certificate comes last, because it
 * alone depends on others (DNS, the ACME server): all else is done when it cannot be had.
 */
export const parts: readonly (Phase | Made)[] = [
  system,
  release,
  secretsOf,
  database,
  gitea,
  backup,
  proxy,
  shutdownOf,
  accounts,
  signInOf,
  watch,
  backupTimers,
  restoreWatch,
  tls,
  firewallOf,
];

export const phases: readonly Phase[] = withStack(parts);

/** What each phase needs, by name. Nothing is taken away before all else is as wanted. */
export const phaseNeeds: ReadonlyMap<string, readonly string[]> = new Map([
  ...phases.map(({ name, needs }) => [name, needs] as const),
  [removal, phases.map(({ name }) => name)],
]);

/** The phases of these parts and the Compose project of their containers, each behind those that it needs. */
export function withStack(list: readonly (Phase | Made)[]): readonly Phase[] {
  const others = list.filter((part) => typeof part !== 'function');
  const all = list.map((part) => (typeof part === 'function' ? part(others) : part));
  return inOrder([...all, stackOf(all)], 'phase');
}

/** What the phases bring to the host besides the specs; the config alone decides it. */
export function contributions(config: Config, all = phases): Contributions {
  return contributionsOf(config, all);
}

/** Everything that the config wants of the host, in an order in which it can be brought about. Refuses a host that is too small for it. */
export function desiredState(input: DesiredInput, all = phases): Spec[] {
  const contributed = contributionsOf(input.config, all);
  const small = tooSmall(contributed, input.facts.memoryMiB);
  if (small) {
    throw new RunbookError('refused', {
      what: `the host has too little memory: ${small}`,
      next: 'use a host with more memory; nothing was changed',
    });
  }
  const brought = all.flatMap((phase) => phase.desired(input));
  // While old and new values are both in use nothing is taken away.
  const networks = contributed.networks.map(({ name }) => networkOf(name));
  const specs = input.replacing ? brought : [...brought, ownedSpec(brought, input.config, networks)];
  const ids = new Set<string>();
  for (const { id, phase } of specs) {
    if (ids.has(id)) throw new Error(`phase ${phase} wants ${id}, which is wanted already`);
    ids.add(id);
  }
  return specs;
}
