import type { Secret } from './secret.ts';

/** Every secret that an installation has by itself. They are made once; how each must look stands in the comment beside it. */
export const secretNames = [
  /** The database login, as `loginOf` reads it. URL-safe letters: the password also passes through an ini file. */
  'postgres_password',
  /** 64 letters and digits. Encrypts two-factor secrets and stored credentials; cannot be changed later. */
  'gitea_secret_key',
  /** A JSON Web Token (HS256) as `gitea generate secret INTERNAL_TOKEN` makes it. Gitea compares it as plain text. */
  'gitea_internal_token',
  /** Exactly 32 random bytes as base64url without padding (43 letters); Gitea replaces anything else by its own at each start. */
  'gitea_oauth2_jwt_secret',
  /** As gitea_oauth2_jwt_secret. */
  'gitea_lfs_jwt_secret',
  /** Bearer token of /metrics. */
  'gitea_metrics_token',
  /** Password of the role that streams the database's log. Letters and digits: it stands in a file of libpq. */
  'replication_password',
  /** Opens the backups: without it they are noise. Letters and digits, so that it can be typed from paper. */
  'backup_key',
  /** Key of the hashes that stand in container labels in place of the secrets. */
  'inputs_key',
] as const;

export type SecretName = (typeof secretNames)[number];
export interface SecretSet extends Readonly<Record<SecretName, Secret>> {
  /** Those that the config refers to by name. Nobody makes them but their owner. */
  readonly given?: Readonly<Record<string, Secret>>;
}

/** A secret that the config refers to. The set has all of them, or was not loaded for this config. */
export function givenSecret({ given }: SecretSet, name: string): Secret {
  const found = given?.[name];
  if (!found) throw new Error(`the secrets were loaded without ${name}`);
  return found;
}
