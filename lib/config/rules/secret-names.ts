import type { Config } from '../config.types.ts';
import { quoted } from '../problem.ts';

/** In the place of a value that must not stand in the config: the name under which its owner keeps it with the secrets. */
export interface SecretReference {
  readonly secret: string;
}

export const isReference = (value: unknown): value is SecretReference => typeof value === 'object' && value !== null;

const longest = 64;

/** Names under which the runbooks keep what they make themselves, and words that the secrets file has for something else. */
const taken = ['backup_key', 'inputs_key', 'pending', 'replication_password', 'ssh_host_ed25519_key'];

/** What is wrong with the name of a secret that is its owner's, or undefined. It is a key of YAML and the end of a name at AWS. */
export function secretNameProblem(name: string): string | undefined {
  const is = `is the text ${quoted(name)}`;
  if (!/^[a-z][a-z0-9_]*$/.test(name) || name.length > longest)
    return `${is}, allowed are small letters, digits and "_", at most ${longest}, for example mail_password`;
  return taken.includes(name) || /^(gitea|postgres)_/.test(name)
    ? `${is}, which the runbooks keep for themselves, allowed is another name, without gitea_ or postgres_ at its beginning`
    : undefined;
}

/** Names of the secrets that a config refers to, each once. */
export function namesGiven({ mail, gitea, backup, updates }: Config): string[] {
  const references = [
    mail?.password,
    ...gitea.signIn.sources.map(({ clientSecret }) => clientSecret),
    ...Object.values(backup.remote?.environment ?? {}),
    ...Object.values(updates.registries).map(({ password }) => password),
    ...Object.values(gitea.settings).flatMap((keys) => Object.values(keys)),
  ];
  return [...new Set(references.flatMap((value) => (isReference(value) ? [value.secret] : [])))].sort();
}
