import type { Impact } from './spec.ts';

/** What Terraform would do to one thing. */
export type InfraAction = 'create' | 'update' | 'replace' | 'destroy';

/** What may not go without being named. The words are what a person types. */
export type ProtectedThing = 'host' | 'data-volume' | 'backup-bucket' | 'secrets';

export interface InfraChange {
  /** Terraform's address, for example `aws_instance.host`. */
  readonly address: string;
  /** What it is for people, for example "host". */
  readonly name: string;
  readonly action: InfraAction;
  readonly why: string;
  readonly impact: Impact;
}

/** What was changed by somebody else since the last apply. */
export interface InfraDrift {
  readonly address: string;
  readonly name: string;
  /** "gone", or the attributes that are no longer as they were. */
  readonly what: string;
}

/** What a month costs, in US dollars. Without a total where a price is not known: nothing is guessed. */
export interface MonthlyCost {
  readonly total?: number;
  readonly items: readonly { readonly name: string; readonly usd?: number }[];
  /** What the table of prices does not know. */
  readonly unknown: readonly string[];
}

/** A plan of Terraform's as plain data. */
export interface InfraSummary {
  readonly changes: readonly InfraChange[];
  readonly drift: readonly InfraDrift[];
  readonly unchanged: number;
  /** What would be lost or made anew, and needs typed words. */
  readonly losses: readonly ProtectedThing[];
  /** False when an apply would do nothing at all. */
  readonly applies: boolean;
  readonly before: MonthlyCost;
  readonly after: MonthlyCost;
  /** What comes on top by use, for example "0.0245 USD per GiB of backups". */
  readonly byUse: readonly string[];
  /** When the prices were looked up: "2026-11". */
  readonly pricesOf: string;
}
