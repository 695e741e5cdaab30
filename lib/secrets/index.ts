import type { Config } from '../config/config.types.ts';
import { RunbookError } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import { type SecretSet, secretNames } from '../core/secrets.ts';
import { awsStore } from './aws-store.ts';
import { fileStore } from './file-store.ts';
import { generators } from './generate.ts';
import type { SecretStore } from './store.ts';

/** The store that the config names. One for a run: that of AWS asks for each value once. */
export function storeOf({ secrets, aws }: Config): SecretStore {
  // The rules see to it that this source comes with a section `aws`.
  return secrets.source === 'aws-secrets-manager' && aws ? awsStore(aws) : fileStore(secrets.file);
}

/**
 * All secrets of an instance. Missing ones are made; with `save` they are in the store before this returns, so that no
 * value is ever in use that is not kept. Without it (a plan) they live in memory only.
 */
export async function loadSecrets(store: SecretStore, options: { save: boolean }): Promise<SecretSet> {
  const kept = await store.load();
  const missing = secretNames.filter((name) => !kept[name]);
  const made = Object.fromEntries(missing.map((name) => [name, generators[name]()]));
  let values: Readonly<Record<string, string>> = { ...kept, ...made };
  if (options.save && missing.length > 0) {
    await store.save(made);
    // Another operator may have been quicker: the values of whoever was first are those in use.
    values = await store.load();
    const lost = secretNames.find((name) => !values[name]);
    if (lost !== undefined) throw notKept(store, lost);
  }
  return Object.fromEntries(secretNames.map((name) => [name, new Secret(name, values[name]!)])) as SecretSet;
}

function notKept({ label }: SecretStore, name: string): RunbookError {
  return new RunbookError('credentialsRefused', {
    where: label,
    what: `${name} was kept, and is not there`,
    next: 'run the same command again; if it stays so, see who else writes there',
  });
}

/** Keep one more value, for example the administrator's first password, which Gitea makes by itself. */
export async function keepSecret(store: SecretStore, name: string, value: string): Promise<void> {
  await store.save({ [name]: value });
}
