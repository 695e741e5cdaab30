import { Secret } from '../../core/secret.ts';
import type { AccountSpec, Spec } from '../../core/spec.ts';
import { planOf } from '../../engine/plan.ts';
import { awaitsPassword } from '../../kinds/gitea/index.ts';
import { firstPassword } from '../../secrets/generate.ts';
import type { SecretStore } from '../../secrets/store.ts';
import type { Look } from './look.ts';

/** Under which name the store has the first password of an account. */
export const passwordName = ({ username }: Pick<AccountSpec, 'username'>) => `gitea_password_${username}`;

/**
 * A deploy that was cut off between Gitea's making the administrator and the password's file has lost it: the account is
 * there, nobody has signed in to it, and the store has nothing. Such an account gets a new password by the plan. What is
 * wanted of the host stays the same, so once that is done nothing is left to do. The store is asked only where the host
 * leaves room for a doubt: until the administrator has signed in.
 */
export async function withLostPasswords<L extends Look>(store: SecretStore, seen: L): Promise<L> {
  const waiting = seen.specs.filter(
    (spec): spec is AccountSpec => spec.kind === 'account' && awaitsPassword(seen.observations.get(spec.id)),
  );
  const kept = await Promise.all(waiting.map((spec) => store.has(passwordName(spec))));
  const lost = new Set<Spec>(waiting.filter((_, index) => !kept[index]));
  if (lost.size === 0) return seen;
  const specs = seen.specs.map((spec) =>
    lost.has(spec) ? { ...spec, newPassword: new Secret('first password', firstPassword()) } : spec,
  );
  return { ...seen, plan: planOf(specs, seen.observations) };
}
