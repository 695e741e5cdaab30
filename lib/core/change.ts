import type { Impact, SpecKind } from './spec.ts';

/** What happens to the thing. `refresh` keeps the definition and only makes the running part take it up. */
export type Action = 'create' | 'update' | 'refresh' | 'remove';

/** One step of a plan, as data: it can be printed, tested and saved. `id` is the id of the spec it brings about. */
export interface Change {
  readonly id: string;
  readonly kind: SpecKind;
  readonly phase: string;
  readonly action: Action;
  /** The thing in the field's words, for example a path or "container gitea". */
  readonly title: string;
  /** Why it is needed, from what was observed. */
  readonly why: string;
  readonly impact: Impact;
  /** Unified diff of a rendered file; never of one that holds a secret. */
  readonly diff?: string;
}

/** Plan markers, in the order of a diff: new, changed, taken up again, gone. */
export const marker: Record<Action, string> = { create: '+', update: '~', refresh: '!', remove: '-' };
