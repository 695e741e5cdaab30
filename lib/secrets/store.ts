import { RunbookError } from '../core/errors.ts';

export type Values = Readonly<Record<string, string>>;

/**
 * Where secret values are kept between runs, on the operator's side. Beside its current value a secret can have a staged
 * one: a rotation makes it known everywhere first, and current last.
 */
export interface SecretStore {
  /** For messages: the path of the file, or the service and what in it. */
  readonly label: string;
  /** What to do so that it has these names. */
  readonly howToAdd: (names: readonly string[]) => string;
  /**
   * The current values; an empty record for a store that does not exist yet. Never a staged one. A service is asked for the
   * instance's own secrets and for those of `more`.
   */
  load(more?: readonly string[]): Promise<Values>;
  /** Whether there is a value that is not the instance's own, such as a first password. */
  has(name: string): Promise<boolean>;
  /**
   * Keep these values. What the store has under another name stays. A value that somebody else kept meanwhile may win:
   * `load` again before using what was saved.
   */
  save(values: Values): Promise<void>;
  /** Values that a rotation has staged and not made current yet. */
  pending(): Promise<Values>;
  /** Stage values beside the current ones; a value that was staged before is replaced. */
  stage(values: Values): Promise<void>;
  /** Make staged values the current ones. A name without a staged value was promoted before: nothing happens. */
  promote(names: readonly string[]): Promise<void>;
  /** Forget staged values. */
  discard(names: readonly string[]): Promise<void>;
}

/** Staging needs a current value: a service that has none would make the staged one current at once. */
export function nothingToReplace(label: string, name: string): RunbookError {
  return new RunbookError('refused', {
    where: label,
    what: `${name} has no value yet, so there is none to replace`,
    next: 'npx zx runbooks/deploy.mjs, which makes it',
  });
}
