import type { Cloud } from '../../aws/cloud.ts';
import type { Inventory } from '../../config/beside/index.ts';
import type { LoadedConfig } from '../../config/load.ts';
import type { OnEvent } from '../../core/event.ts';
import type { InfraSummary, MonthlyCost } from '../../core/infra.ts';
import type { Secret } from '../../core/secret.ts';

/** The configuration and where it lies: Terraform works beside it. */
export type InfraConfig = Pick<LoadedConfig, 'config' | 'file'>;

export interface InfraOptions {
  readonly onEvent?: OnEvent;
  /** When aborted, Terraform ends what it is in the middle of, saves its state and frees its lock. */
  readonly signal?: AbortSignal;
  /** Told of each secret value that the job gets to know. */
  readonly hide?: (...secrets: readonly Secret[]) => void;
  /** AWS, where it is not to be the one of the configuration. */
  readonly cloud?: Cloud;
  /** What Terraform is found and run with, instead of this process's own environment. */
  readonly env?: NodeJS.ProcessEnv;
}

/** How a change is approved. */
export interface Approval {
  /** Asked once before anything is changed; throw to stop. Default: go ahead. */
  readonly approve?: (summary: InfraSummary) => Promise<void>;
  /**
   * Asked where something protected would be replaced or destroyed, `words` being what has to be typed. Comes back only
   * when they were. Default: refuse.
   */
  readonly approveLoss?: (question: string, words: string) => Promise<void>;
}

export interface InfraApplyOptions extends InfraOptions, Approval {
  /** Make the host anew from the newest image. Address, SSH key and data volume stay. */
  readonly replaceHost?: boolean;
}

export interface InfraDestroyOptions extends InfraOptions, Approval {
  /** Also data volume, backup bucket and secrets. */
  readonly withData?: boolean;
}

export interface InfraPlanReport {
  /** "AWS account 123456789012, eu-central-1". */
  readonly place: string;
  readonly summary: InfraSummary;
}

export interface InfraApplyReport extends InfraPlanReport {
  readonly outcome: 'changed' | 'converged';
  readonly inventory: Inventory;
  /** Files that were written on this machine. */
  readonly written: readonly string[];
  /** Milliseconds. */
  readonly took: number;
}

export interface InfraDestroyReport extends InfraPlanReport {
  readonly outcome: 'destroyed' | 'converged';
  /** Addresses of what stays, and what a month of it costs. */
  readonly kept: readonly string[];
  readonly keptCost: MonthlyCost;
  /** Ids of secrets that the runbooks had made beside Terraform's and that went as well. */
  readonly secrets: readonly string[];
  readonly took: number;
}

export interface InfraOutputReport {
  readonly place: string;
  readonly inventory: Inventory;
  readonly written: readonly string[];
}
