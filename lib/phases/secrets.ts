import { loginOf } from '../core/database-login.ts';
import type { Secret } from '../core/secret.ts';
import type { SecretName, SecretSet } from '../core/secrets.ts';
import type { FileSpec, LeftoversSpec } from '../core/spec.ts';
import { layout } from './layout.ts';
import type { Phase } from './phase.ts';
import { specsOf } from './specs.ts';

const name = 'secrets';
const { file, directory } = specsOf(name);

type Reader = 'gitea' | 'host';

/** Gitea's own stand in its app.ini: the files are what that is compared with, and what a lost store is filled from. */
const uidOf: Readonly<Record<Reader, number>> = { gitea: 0, host: 0 };

/** Whom each secret is for. */
const readers: Readonly<Record<SecretName, readonly Reader[]>> = {
  postgres_password: ['gitea'],
  gitea_secret_key: ['gitea'],
  gitea_internal_token: ['gitea'],
  gitea_oauth2_jwt_secret: ['gitea'],
  gitea_lfs_jwt_secret: ['gitea'],
  gitea_metrics_token: ['gitea'],
  inputs_key: ['host'],
};

const names = Object.keys(readers) as SecretName[];

/** Secrets that data depends on: with another value that data is lost, or cannot be reached. */
const bound: Partial<Record<SecretName, string>> = {
  gitea_secret_key:
    'the kept SECRET_KEY is another one than that of the host: two-factor logins and stored credentials that the one in use encrypted would be lost',
  postgres_password: 'the kept database password is another one than that of the host, for the same login',
};

/** The secrets as files that only their reader can read, in a folder that only root can enter. */
export const secrets: Phase = {
  name,
  needs: ['release'],
  desired: ({ secrets: set, replacing = false }) => [
    directory(layout.secrets, '0700'),
    ...names.flatMap((secret) =>
      readers[secret].map((reader) =>
        file(pathOf(secret, reader, set), contentOf(secret, set), {
          mode: '0400',
          uid: uidOf[reader],
          gid: uidOf[reader],
          ...guardOf(secret, replacing),
        }),
      ),
    ),
  ],
  // While old and new values are both in use, both stay.
  afterStart: ({ secrets: set, replacing }, phase) => (replacing ? [] : [oldSecretFiles(set, phase)]),
};

function contentOf(secret: SecretName, set: SecretSet): Secret {
  return secret === 'postgres_password' ? loginOf(set.postgres_password).password : set[secret];
}

/**
 * Where a reader finds a secret. What can be replaced lies under a name that follows from its value: a container that
 * Docker starts again by itself in the middle of a change reads what it was made for, and nothing that is on its way.
 */
function pathOf(secret: SecretName, reader: Reader, set: SecretSet): string {
  return `${layout.secrets}/${nameOf(secret, reader, set)}`;
}

function nameOf(secret: SecretName, reader: Reader, set: SecretSet): string {
  if (secret === 'postgres_password') return `${secret}.${loginOf(set[secret]).role}`;
  if (bound[secret] !== undefined || reader === 'host') return secret;
  return `${secret}.${set[secret].fingerprint(set.inputs_key).slice(0, 12)}`;
}

/** A rotation brings in another login, whose file may be there from an earlier one. */
function guardOf(secret: SecretName, replacing: boolean): Pick<FileSpec, 'protect'> {
  const protect = secret === 'postgres_password' && replacing ? undefined : bound[secret];
  return protect === undefined ? {} : { protect };
}

/** Files of values that have been replaced. */
function oldSecretFiles(set: SecretSet, phase: string): LeftoversSpec {
  const stems = names.filter((secret) => readers[secret].some((reader) => nameOf(secret, reader, set) !== secret));
  return {
    kind: 'leftovers',
    id: `leftovers:${layout.secrets}`,
    phase,
    directory: layout.secrets,
    stems,
    keep: stems.flatMap((secret) => readers[secret].map((reader) => nameOf(secret, reader, set))),
  };
}

/** The secret files of a reader; a container mounts them as /run/secrets/`name`. */
export function mountedBy(
  reader: Reader,
  set: SecretSet,
): readonly { readonly name: SecretName; readonly path: string }[] {
  return names
    .filter((secret) => readers[secret].includes(reader))
    .map((secret) => ({ name: secret, path: pathOf(secret, reader, set) }));
}
