/** The parts of an installation whose versions the config names. */
export const components = ['gitea', 'postgres', 'nginx', 'certbot', 'restic'] as const;
export type Component = (typeof components)[number];

/**
 * How far a release is from the one in use. `patch`: the same line, by its makers' promise without anything new; `minor`: the next
 * line; `major`: what its makers call another generation.
 */
export type Step = 'patch' | 'minor' | 'major';

/** A release that a registry offers. */
export interface Release {
  readonly tag: string;
  readonly step: Step;
  /** When the image was made, ISO 8601; undefined where it does not say so. */
  readonly made?: string;
}

/** A release that is not taken yet, or not by itself, and the reason in a sentence. */
export interface HeldRelease extends Release {
  readonly why: string;
}

/** One component: what is in use, what there is, and what of it may be taken. */
export interface ComponentUpdate {
  readonly component: Component;
  /** As the config names it. */
  readonly image: string;
  readonly tag?: string;
  /** To be taken now. */
  readonly due?: Release;
  /** Newer ones that are not: the newest of each step. */
  readonly held: readonly HeldRelease[];
  /** The digest that the config names, where the registry gives another one for the tag today. */
  readonly moved?: { readonly from: string; readonly to: string };
  /** What else people should know, in sentences. */
  readonly notes: readonly string[];
  /** Where its makers say what has changed. */
  readonly changes: string;
  /** Why nothing could be learned of it, in a sentence. */
  readonly unknown?: string;
}

export interface UpdateReport {
  /** When it was looked, ISO 8601. */
  readonly at: string;
  readonly components: readonly ComponentUpdate[];
}
