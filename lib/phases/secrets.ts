import { sha256 } from '../core/hash.ts';
import { Secret } from '../core/secret.ts';
import type { SecretName, SecretSet } from '../core/secrets.ts';
import type { FileSpec } from '../core/spec.ts';
import { layout, users } from './layout.ts';
import type { Phase } from './phase.ts';
import { specsOf } from './specs.ts';

const name = 'secrets';
const { file, directory } = specsOf(name);

type Reader = 'database' | 'gitea' | 'host';

const uidOf: Readonly<Record<Reader, number>> = { database: users.postgres, gitea: users.gitea, host: 0 };

/** Who reads which secret. One file for each reader, because each container has a user of its own. */
const readers: Readonly<Record<SecretName, readonly Reader[]>> = {
  postgres_password: ['database', 'gitea'],
  gitea_secret_key: ['gitea'],
  gitea_internal_token: ['gitea'],
  gitea_oauth2_jwt_secret: ['gitea'],
  gitea_lfs_jwt_secret: ['gitea'],
  gitea_metrics_token: ['gitea'],
  inputs_key: ['host'],
};

const names = Object.keys(readers) as SecretName[];
const pathOf = (secret: SecretName, reader: Reader) =>
  `${layout.secrets}/${secret}${readers[secret].length > 1 ? `.${reader}` : ''}`;

/** Secrets that data depends on: with another value that data is lost, or cannot be reached. */
const bound: Partial<Record<SecretName, string>> = {
  gitea_secret_key:
    'the secrets file has another SECRET_KEY than the host: two-factor logins and stored credentials that the one in use encrypted would be lost',
  postgres_password: 'the secrets file has another database password than the one that the database was set up with',
};

/** The secrets as files that only their reader can read, in a folder that only root can enter. */
export const secrets: Phase = {
  name,
  needs: ['release'],
  desired: ({ secrets }) => [
    directory(layout.secrets, '0700'),
    ...names.flatMap((secret) =>
      readers[secret].map((reader) => secretFile(pathOf(secret, reader), secrets[secret], reader, bound[secret])),
    ),
  ],
};

function secretFile(path: string, content: Secret, reader: Reader, protect: string | undefined): FileSpec {
  return file(path, content, {
    mode: '0400',
    uid: uidOf[reader],
    gid: uidOf[reader],
    ...(protect === undefined ? {} : { protect }),
  });
}

/** The secret files that a container mounts, as /run/secrets/`name`. */
export function mountedBy(reader: Reader): readonly { readonly name: SecretName; readonly path: string }[] {
  return names
    .filter((secret) => readers[secret].includes(reader))
    .map((secret) => ({ name: secret, path: pathOf(secret, reader) }));
}

/** A keyed hash of the values that a container mounts: in its label, it makes another secret another container. */
export function inputsOf(reader: Reader, set: SecretSet): string {
  const parts = mountedBy(reader).map((mounted) => `${mounted.name}=${set[mounted.name].fingerprint(set.inputs_key)}`);
  return new Secret('inputs', sha256(parts.join('\n'))).fingerprint(set.inputs_key);
}
