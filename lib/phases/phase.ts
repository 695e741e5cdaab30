import type { Config } from '../config/config.types.ts';
import type { HostFacts } from '../core/facts.ts';
import type { SecretSet } from '../core/secrets.ts';
import type { Spec } from '../core/spec.ts';
import type { Templates } from '../render/templates.ts';

/** What comes from this package and from the operator's machine rather than from the config. */
export interface Assets {
  /** The host release: one program for Node, without dependencies. */
  readonly bundle: Uint8Array;
  readonly templates: Templates;
  /** Content of the file that `tls.caBundle` names; undefined exactly when it names none. */
  readonly caBundle?: string;
}

export interface DesiredInput {
  readonly config: Config;
  readonly facts: HostFacts;
  readonly secrets: SecretSet;
  readonly assets: Assets;
  /** While a rotation brings in new values, what the old ones need stays as it is. */
  readonly replacing?: boolean;
}

/** One part of what a host should be. Pure: the same input gives the same specs, and no machine is touched. */
export interface Phase {
  readonly name: string;
  /** Names of the phases whose specs must be met first. */
  readonly needs: readonly string[];
  /** The specs in the order in which they are to be met. */
  readonly desired: (input: DesiredInput) => readonly Spec[];
}
