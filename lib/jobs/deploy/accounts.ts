import { quote } from '../../core/quote.ts';
import type { AccountSpec, Spec } from '../../core/spec.ts';
import type { Lock } from '../../engine/lock.ts';
import { keepSecret } from '../../secrets/index.ts';
import type { SecretStore } from '../../secrets/store.ts';
import { passwordName } from '../converge/first-password.ts';

/**
 * Bring the passwords that Gitea chose for new accounts into the secret store, then take them off the host. The store has
 * the value before the host's copy goes: cut off in between, the next run finds it again. Gives the names that were kept.
 */
export async function collectPasswords(held: Lock, specs: readonly Spec[], store: SecretStore): Promise<string[]> {
  const accounts = specs.filter((spec): spec is AccountSpec => spec.kind === 'account');
  if (accounts.length === 0) return [];
  const script = accounts
    .map(({ passwordFile }) => `base64 -w0 -- ${quote(passwordFile)} 2>/dev/null; echo`)
    .join('\n');
  const values = (await held.host.query({ script })).stdout
    .split('\n')
    .map((line) => Buffer.from(line, 'base64').toString());
  const delivered: string[] = [];
  for (const [index, account] of accounts.entries()) {
    const value = values[index];
    if (!value) continue;
    // The checks' own account works with its token alone: nobody needs its password.
    if (!account.token) {
      const name = passwordName(account);
      await held.confirm();
      await keepSecret(store, name, value);
      delivered.push(name);
    }
    await held.host.run({ argv: ['rm', '-f', '--', account.passwordFile] });
  }
  return delivered;
}
