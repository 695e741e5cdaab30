import { keepSecrets, loadSecrets } from '../../../lib/secrets/index.ts';
import type { SecretStore } from '../../../lib/secrets/store.ts';

/** The secrets of a store; those that it lacks are made and kept, as a deploy does. */
export const madeIn = async (store: SecretStore) => keepSecrets(store, await loadSecrets(store));
