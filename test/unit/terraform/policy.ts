import type { Module } from './module.ts';
import { backupRules } from './rules/backup.ts';
import { contractRules } from './rules/contract.ts';
import { factRules } from './rules/facts.ts';
import { hostRules } from './rules/host.ts';
import { identityRules } from './rules/identity.ts';
import { networkRules } from './rules/network.ts';
import { secretRules } from './rules/secrets.ts';
import { versionRules } from './rules/versions.ts';

/** Something in the module that a rule forbids. */
export interface Finding {
  readonly rule: string;
  /** Address, variable or output. */
  readonly where: string;
  readonly message: string;
}

/** One rule about the module: what it finds as pairs of place and message; nothing when it is kept. */
export interface Rule {
  readonly id: string;
  readonly check: (module: Module) => readonly (readonly [where: string, message: string])[];
}

export const rules: readonly Rule[] = [
  ...contractRules,
  ...versionRules,
  ...factRules,
  ...networkRules,
  ...hostRules,
  ...backupRules,
  ...identityRules,
  ...secretRules,
];

/** All that is wrong with the module. Pure: it asks nobody, and needs neither Terraform nor a provider. */
export const findings = (module: Module): Finding[] =>
  rules.flatMap(({ id, check }) => check(module).map(([where, message]) => ({ rule: id, where, message })));
