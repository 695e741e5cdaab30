import type { Config } from '../../config/config.types.ts';
import { namesGiven } from '../../config/rules/index.ts';
import { RunbookError } from '../../core/errors.ts';
import type { OnEvent } from '../../core/event.ts';
import type { HostFacts } from '../../core/facts.ts';
import { quote } from '../../core/quote.ts';
import type { SecretName, SecretSet } from '../../core/secrets.ts';
import type { Host } from '../../host/port.ts';
import { layout } from '../../phases/layout.ts';
import { loadSecrets, missingIn } from '../../secrets/index.ts';
import type { SecretStore } from '../../secrets/store.ts';
import { withLostPasswords } from './first-password.ts';
import { type Look, look } from './look.ts';

export interface LookWithStore extends Look {
  /** What was looked with. Values that the store lacks are made, and kept nowhere yet. */
  readonly secrets: SecretSet;
}

/**
 * Look at the host with the secrets of the store. Nothing is written to either: what the store lacks is taken from `drawn`
 * or made anew. A host that has what the store lacks is `refused`: the store is another one than that of the host.
 */
export async function lookWithStore(
  host: Host,
  config: Config,
  store: SecretStore,
  more: { readonly onEvent: OnEvent; readonly facts?: HostFacts; readonly drawn?: SecretSet },
): Promise<LookWithStore> {
  await refuseOtherStore(host, store);
  const secrets = await loadSecrets(store, { drawn: more.drawn, given: namesGiven(config) });
  const seen = await look(host, config, secrets, more.onEvent, more.facts);
  return { ...(await withLostPasswords(store, seen)), secrets };
}

/** Secrets without which what is on the host could not be read any more. */
const irreplaceable: readonly SecretName[] = ['gitea_secret_key', 'postgres_password'];

async function refuseOtherStore(host: Host, store: SecretStore): Promise<void> {
  const missing = (await missingIn(store)).filter((name) => irreplaceable.includes(name));
  if (missing.length === 0) return;
  const { stdout } = await host.query({ script: `ls ${quote(layout.secrets)} 2>/dev/null; true` });
  const there = stdout.split('\n');
  const known = missing.filter((name) => there.some((file) => file === name || file.startsWith(`${name}.`)));
  if (known.length === 0) return;
  throw new RunbookError('refused', {
    where: store.label,
    what: `there is no ${known.join(' and no ')} in the secret store, and the host has one: new values would lock Gitea out of its own data`,
    next: 'nothing was changed, on the host or in the store. Copy the secrets from where they were (docs/concepts/security.md, "From one place to the other"), or put secrets.source back; where they are lost: docs/runbooks/deploy.md, "Lost secrets file"',
  });
}
