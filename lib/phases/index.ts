import type { Config } from '../config/config.types.ts';
import { RunbookError } from '../core/errors.ts';
import type { Spec } from '../core/spec.ts';
import { accounts } from './accounts.ts';
import { type Contributions, contributionsOf, tooSmall } from './contributions.ts';
import { database } from './database.ts';
import { firewallOf } from './firewall.ts';
import { gitea } from './gitea.ts';
import type { DesiredInput, Phase } from './phase.ts';
import { proxy } from './proxy.ts';
import { release } from './release.ts';
import { secrets } from './secrets.ts';
import { shutdown } from './shutdown.ts';
import { stackOf } from './stack.ts';
import { system } from './system.ts';
import { tls } from './tls.ts';

/**
 * All phases. What a phase needs stands in the phase; this list only breaks ties. The certificate comes last, because it
 * alone depends on others (DNS, the ACME server): all else is done when it cannot be had.
 */
export const phases: readonly Phase[] = withStack([
  system,
  release,
  secrets,
  database,
  gitea,
  proxy,
  shutdown,
  accounts,
  tls,
]);

/** What each phase needs, by name. */
export const phaseNeeds: ReadonlyMap<string, readonly string[]> = new Map(
  phases.map(({ name, needs }) => [name, needs]),
);

/** These phases, the Compose project of their containers and who may reach it, each behind those that it needs. */
export function withStack(list: readonly Phase[]): readonly Phase[] {
  return inOrder([...list, firewallOf(list), stackOf(list)]);
}

/** What the phases bring to the host besides the specs; the config alone decides it. */
export function contributions(config: Config, all = phases): Contributions {
  return contributionsOf(config, all);
}

/** Everything that the config wants of the host, in an order in which it can be brought about. Refuses a host that is too small for it. */
export function desiredState(input: DesiredInput, all = phases): Spec[] {
  const small = tooSmall(contributionsOf(input.config, all), input.facts.memoryMiB);
  if (small) {
    throw new RunbookError('refused', {
      what: `the host has too little memory: ${small}`,
      next: 'use a host with more memory; nothing was changed',
    });
  }
  const specs = all.flatMap((phase) => phase.desired(input));
  const ids = new Set<string>();
  for (const { id, phase } of specs) {
    if (ids.has(id)) throw new Error(`phase ${phase} wants ${id}, which is wanted already`);
    ids.add(id);
  }
  return specs;
}

/** The phases with each behind those that it needs. Throws for an unknown name and for a circle. */
export function inOrder(all: readonly Phase[]): Phase[] {
  const byName = new Map(all.map((phase) => [phase.name, phase]));
  const done = new Set<Phase>();
  const visit = (phase: Phase, path: readonly string[]): void => {
    if (done.has(phase)) return;
    if (path.includes(phase.name)) throw new Error(`phases need each other: ${[...path, phase.name].join(' -> ')}`);
    for (const need of phase.needs) {
      const needed = byName.get(need);
      if (!needed) throw new Error(`phase ${phase.name} needs ${need}, which does not exist`);
      visit(needed, [...path, phase.name]);
    }
    done.add(phase);
  };
  for (const phase of all) visit(phase, []);
  return [...done];
}
