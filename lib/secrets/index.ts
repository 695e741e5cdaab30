import type { Config } from '../config/config.types.ts';
import { Secret } from '../core/secret.ts';
import { type SecretSet, secretNames } from '../core/secrets.ts';
import { fileStore } from './file-store.ts';
import { generators } from './generate.ts';
import type { SecretStore } from './store.ts';

/** The store that the config names. Another source is one more case here and one more file beside `file-store.ts`. */
export function storeOf(config: Config): SecretStore {
  return fileStore(config.secrets.file);
}

/**
 * All secrets of an instance. Missing ones are made; with `save` they are in the store before this returns, so that no
 * value is ever in use that is not kept. Without it (a plan) they live in memory only.
 */
export async function loadSecrets(store: SecretStore, options: { save: boolean }): Promise<SecretSet> {
  const kept = await store.load();
  const missing = secretNames.filter((name) => !kept[name]);
  const values: Record<string, string> = { ...kept };
  for (const name of missing) values[name] = generators[name]();
  if (options.save && missing.length > 0) await store.save(values);
  return Object.fromEntries(secretNames.map((name) => [name, new Secret(name, values[name]!)])) as SecretSet;
}

/** Keep one more value, for example the administrator's first password, which Gitea makes by itself. */
export async function keepSecret(store: SecretStore, name: string, value: string): Promise<void> {
  await store.save({ ...(await store.load()), [name]: value });
}
