import type {
  InfraApplyOptions,
  InfraApplyReport,
  InfraConfig,
  InfraDestroyOptions,
  InfraDestroyReport,
  InfraOptions,
  InfraOutputReport,
  InfraPlanReport,
} from './options.ts';

export type {
  InfraApplyOptions,
  InfraApplyReport,
  InfraDestroyOptions,
  InfraDestroyReport,
  InfraOptions,
  InfraOutputReport,
  InfraPlanReport,
} from './options.ts';

// The four commands of `infra`, each loaded when it is first used: a deploy waits for none of what they need.

/** What `infra apply` would do. Changes nothing. */
export async function infraPlan(loaded: InfraConfig, options?: InfraOptions): Promise<InfraPlanReport> {
  return (await import('./plan.ts')).infraPlan(loaded, options);
}

/** Make the infrastructure what the configuration says, and write the inventory. */
export async function infraApply(loaded: InfraConfig, options?: InfraApplyOptions): Promise<InfraApplyReport> {
  return (await import('./apply.ts')).infraApply(loaded, options);
}

/** Take it away; what holds data only when it is named. */
export async function infraDestroy(loaded: InfraConfig, options?: InfraDestroyOptions): Promise<InfraDestroyReport> {
  return (await import('./destroy.ts')).infraDestroy(loaded, options);
}

/** Write the inventory anew from the state. */
export async function infraOutput(loaded: InfraConfig, options?: InfraOptions): Promise<InfraOutputReport> {
  return (await import('./output.ts')).infraOutput(loaded, options);
}
