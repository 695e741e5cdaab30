import { existsSync, readFileSync } from 'node:fs';
import { diagnose } from './events.ts';
import type { Module } from './module.ts';

export interface Given {
  readonly vars: Record<string, unknown>;
  /** Ephemeral variables that have a value. */
  readonly ephemeral: string[];
}

/** Values of variables from terraform.tfvars.json and TF_VAR_…, checked as Terraform checks them. */
export function variablesOf(module: Module): Given | undefined {
  const file = existsSync('terraform.tfvars.json')
    ? (JSON.parse(readFileSync('terraform.tfvars.json', 'utf8')) as Record<string, unknown>)
    : {};
  const vars: Record<string, unknown> = {};
  const ephemeral: string[] = [];
  let failed = false;
  const error = (summary: string, detail: string) => {
    failed = true;
    diagnose({ severity: 'error', summary, detail });
  };
  for (const [name, { required, nullable, type, value, ephemeral: kept }] of module.variables) {
    const fromOutside = process.env[`TF_VAR_${name}`];
    const found = name in file ? file[name] : fromOutside;
    if (found === undefined && required)
      error(
        'No value for required variable',
        `The root module input variable "${name}" is not set, and has no default value.`,
      );
    if (found === null && !nullable)
      error('Required variable not set', `The variable "${name}" is required, but is null.`);
    if (found !== undefined && found !== null && !fits(found, type))
      error('Invalid value for input variable', `The given value is not suitable for var.${name}: ${type} required.`);
    vars[name] = found ?? value ?? null;
    if (kept && found !== undefined) ephemeral.push(name);
  }
  for (const name of Object.keys(file)) {
    if (!module.variables.has(name))
      diagnose({
        severity: 'warning',
        summary: 'Value for undeclared variable',
        detail: `The root module does not declare a variable named "${name}" but a value was found in file "terraform.tfvars.json".`,
      });
  }
  return failed ? undefined : { vars, ephemeral };
}

function fits(value: unknown, type: string): boolean {
  if (type === 'string') return typeof value === 'string';
  if (type === 'number') return typeof value === 'number';
  if (type === 'bool') return typeof value === 'boolean';
  if (type.startsWith('list(')) return Array.isArray(value);
  return type === 'any' || (typeof value === 'object' && !Array.isArray(value));
}
