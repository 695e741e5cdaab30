import type { Config } from '../config/config.types.ts';
import type { CheckStatus } from '../core/event.ts';
import type { HostFacts } from '../core/facts.ts';
import type { SecretName, SecretSet } from '../core/secrets.ts';
import type { ComposeService, HoldSpec, Spec } from '../core/spec.ts';
import type { Templates } from '../render/templates.ts';
import type { Ask } from './memory.ts';

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

/**
 * One part of what a host should be. Pure: the same input gives the same specs, and no machine is touched. What it brings
 * besides specs follows from the config alone, so that `status` and `doctor` know it without secrets. Whatever a phase needs
 * of the rest of the project it says here: a new one is a file in this folder, its templates, and its place in the list.
 */
export interface Phase {
  readonly name: string;
  /** Names of the phases whose specs must be met first. */
  readonly needs: readonly string[];
  /** The specs in the order in which they are to be met. */
  readonly desired: (input: DesiredInput) => readonly Spec[];
  /** Containers of the Compose project. The phase's specs are met before any of them is touched. */
  readonly services?: (config: Config) => readonly Service[];
  /** Networks of the Compose project. */
  readonly networks?: (config: Config) => readonly Network[];
  /** Secrets that somebody on the host reads. */
  readonly secrets?: (config: Config) => readonly SecretFile[];
  /** With the compose file in place, before its containers are made. */
  readonly beforeStart?: (input: DesiredInput, phase: string) => readonly Spec[];
  /** When the containers are healthy. */
  readonly afterStart?: (input: DesiredInput, phase: string) => readonly Spec[];
  /** How requests are kept while what serves them is restarted. */
  readonly hold?: (input: DesiredInput) => HoldSpec;
  /** Images beside those of its services. */
  readonly images?: (config: Config) => readonly string[];
  /** Memory beside that of its services. */
  readonly memory?: (config: Config) => readonly Ask[];
  /** What `doctor` asks the host. */
  readonly checks?: (config: Config) => readonly Check[];
  /** What the host must be able to reach. */
  readonly reaches?: (config: Config) => readonly Reach[];
  /** Specs of which `doctor` tells how they stand; their kind judges. */
  readonly examines?: (config: Config) => readonly Examined[];
  /** What `status` asks the host. */
  readonly status?: (config: Config) => readonly StatusLine[];
}

/** A container of the Compose project. */
export interface Service extends Omit<ComposeService, 'reads'> {
  readonly image: string;
  /** Its number in the network `frontend`, from 2 to 7, where it needs an address that stays. */
  readonly address?: number;
  readonly memory: Omit<Ask, 'who'>;
  /** Services that it works with: it is stopped before them and started after them. */
  readonly uses?: readonly string[];
  /** Seconds that it may take to stop, the same as in its part of the compose file. */
  readonly grace: number;
  /** Files that it reads once, when it starts. */
  readonly reads?: (input: DesiredInput) => NonNullable<ComposeService['reads']>;
  /** Its part of the compose file, with the limit that its memory came to. */
  readonly text: (input: DesiredInput, limitMiB: number) => string;
}

/** A network of the Compose project. */
export interface Network {
  readonly name: string;
  /** Its part of the compose file. */
  readonly text: (input: DesiredInput) => string;
}

/** A secret as a file on the host. */
export interface SecretFile {
  readonly secret: SecretName;
  /** A user who has a file of his own; otherwise it is root's. */
  readonly reader?: { readonly name: string; readonly uid: number };
  /** Data depends on it: why another value is refused. */
  readonly bound?: string;
  /** Not replaced by a rotation, so that its file has one name for ever. */
  readonly fixed?: boolean;
}

/** A server somewhere else, by a URL that answers a plain GET with anything below 500. */
export interface Reach {
  readonly id: string;
  readonly title: string;
  readonly url: string;
  /** Its certificate may come from `tls.caBundle`. */
  readonly ownRoots?: boolean;
}

export interface Examined {
  readonly id: string;
  readonly title: string;
  readonly spec: Spec;
}

/** A question to the host in POSIX shell, which must not write anywhere. Only what it prints counts. */
interface Question {
  /** A word, unique among the questions of its sort. */
  readonly id: string;
  readonly title: string;
  readonly script: string;
}

export interface Check extends Question {
  readonly judge: (answer: string) => {
    readonly status: CheckStatus;
    readonly detail: string;
    /** How to put it right. */
    readonly next: string;
  };
}

export interface StatusLine extends Question {
  readonly read: (answer: string) => { readonly good: boolean; readonly text: string };
}
