import type { Config } from '../config/config.types.ts';
import { RunbookError } from '../core/errors.ts';
import { iniValueProblem } from '../core/ini.ts';
import { Secret } from '../core/secret.ts';
import { type SecretName, type SecretSet, secretNames } from '../core/secrets.ts';
import { awsStore } from './aws-store.ts';
import { fileStore } from './file-store.ts';
import { generators } from './generate.ts';
import type { SecretStore, Values } from './store.ts';

/** The store that the config names. One for a run: that of AWS asks for each value once. */
export function storeOf({ secrets, aws }: Config): SecretStore {
  // The rules see to it that this source comes with a section `aws`.
  return secrets.source === 'aws-secrets-manager' && aws ? awsStore(aws) : fileStore(secrets.file);
}

/**
 * All secrets of an instance. What the store lacks is taken from `drawn`, or made; neither is kept by this, so a look at
 * the host costs no store a value. `keepSecrets` does that, once the host has been compared with them. Those of `given`,
 * which the config refers to, are never made: `configInvalid` where one has no value, or one that cannot be used.
 */
export async function loadSecrets(
  store: SecretStore,
  { drawn, given = [] }: { readonly drawn?: SecretSet | undefined; readonly given?: readonly string[] } = {},
): Promise<SecretSet> {
  const kept = await store.load(given);
  const set = setOf((name) => kept[name] || (drawn?.[name].reveal() ?? generators[name]()));
  return { ...set, given: givenOf(store, given, kept) };
}

/** Secrets that the config refers to, without any other. Throws `configInvalid` where one has no value. */
export async function loadGiven(
  store: SecretStore,
  names: readonly string[],
): Promise<Readonly<Record<string, Secret>>> {
  return givenOf(store, names, await store.load(names));
}

function givenOf(store: SecretStore, names: readonly string[], kept: Values): Readonly<Record<string, Secret>> {
  // `constructor` is a name like any other, and everything has one.
  const missing = names.filter((name) => !Object.hasOwn(kept, name) || !kept[name]);
  if (missing.length > 0)
    throw new RunbookError('configInvalid', {
      where: store.label,
      what: `the config refers to ${missing.join(', ')}, and there is no such secret`,
      next: `${store.howToAdd(missing)}; then run the same command again`,
    });
  for (const name of names) {
    // Not quoted: it is a secret.
    const problem = iniValueProblem(kept[name]!) && 'a line break, another control character or %(NAME)s';
    if (problem)
      throw new RunbookError('configInvalid', {
        where: store.label,
        what: `the value of ${name} holds ${problem}, which cannot be written into app.ini`,
        next: `keep a value on one line under ${name}; then run the same command again`,
      });
  }
  return Object.fromEntries(names.map((name) => [name, new Secret(name, kept[name]!)]));
}

/** The secrets that the store has no value of. */
export async function missingIn(store: SecretStore): Promise<readonly SecretName[]> {
  const kept = await store.load();
  return secretNames.filter((name) => !kept[name]);
}

/**
 * Keep what the store lacks of a set, before it is used anywhere. Gives the values that are kept then: those of another
 * operator who was quicker win.
 */
export async function keepSecrets(store: SecretStore, set: SecretSet): Promise<SecretSet> {
  const missing = await missingIn(store);
  if (missing.length === 0) return loadSecrets(store);
  await store.save(Object.fromEntries(missing.map((name) => [name, set[name].reveal()])));
  const [lost] = await missingIn(store);
  if (lost !== undefined) throw notKept(store, lost);
  return loadSecrets(store);
}

const setOf = (value: (name: SecretName) => string) =>
  Object.fromEntries(secretNames.map((name) => [name, new Secret(name, value(name))])) as Record<SecretName, Secret>;

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
