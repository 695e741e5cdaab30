import { loginOf } from '../core/database-login.ts';
import { Secret } from '../core/secret.ts';
import { type SecretName, type SecretSet, secretNames } from '../core/secrets.ts';
import type { FileSpec, LeftoversSpec } from '../core/spec.ts';
import { contributionsOf } from './contributions.ts';
import { layout } from './layout.ts';
import type { Phase, SecretFile } from './phase.ts';
import { specsOf } from './specs.ts';

const name = 'secrets';
const { file, directory } = specsOf(name);

/** The secrets as files that only their reader can read, in a folder that only root can enter. */
export function secretsOf(phases: readonly Phase[]): Phase {
  const filesOf = (config: Parameters<typeof contributionsOf>[0]) =>
    inOrderOfNames(contributionsOf(config, phases).secrets);
  return {
    name,
    needs: ['release'],
    desired: ({ config, secrets: set, replacing = false }) => [
      directory(layout.secrets, '0700'),
      ...filesOf(config).map((wanted) =>
        file(secretPath(wanted, set), contentOf(wanted.secret, set), {
          mode: '0400',
          uid: wanted.reader?.uid ?? 0,
          gid: wanted.reader?.uid ?? 0,
          ...guardOf(wanted, replacing),
        }),
      ),
    ],
    // While old and new values are both in use, both stay.
    afterStart: ({ config, secrets: set, replacing }, phase) =>
      replacing ? [] : [oldSecretFiles(filesOf(config), set, phase)],
  };
}

const inOrderOfNames = (files: readonly SecretFile[]) =>
  secretNames.flatMap((name) => files.filter(({ secret }) => secret === name));

function contentOf(secret: SecretName, set: SecretSet): Secret {
  if (secret === 'postgres_password') return loginOf(set.postgres_password).password;
  // As libpq reads it, for whatever server and database.
  if (secret === 'replication_password') return new Secret(secret, `*:*:*:*:${set[secret].reveal()}\n`);
  return set[secret];
}

/**
 * Where a reader finds a secret. What can be replaced lies under a name that follows from its value: a container that
 * Docker starts again by itself in the middle of a change reads what it was made for, and nothing that is on its way.
 */
export function secretPath(wanted: SecretFile, set: SecretSet): string {
  return `${layout.secrets}/${nameOf(wanted, set)}`;
}

function nameOf({ secret, reader, bound, fixed }: SecretFile, set: SecretSet): string {
  const whose = reader ? `${secret}.${reader.name}` : secret;
  if (secret === 'postgres_password') return `${whose}.${loginOf(set[secret]).role}`;
  if (bound !== undefined || fixed) return whose;
  return `${whose}.${set[secret].fingerprint(set.inputs_key).slice(0, 12)}`;
}

/** A rotation brings in another login, whose file may be there from an earlier one. */
function guardOf({ secret, bound }: SecretFile, replacing: boolean): Pick<FileSpec, 'protect'> {
  return bound === undefined || (secret === 'postgres_password' && replacing) ? {} : { protect: bound };
}

/** Files of values that have been replaced, and of readers that are gone. */
function oldSecretFiles(files: readonly SecretFile[], set: SecretSet, phase: string): LeftoversSpec {
  const stems = [
    ...new Set(files.filter((wanted) => nameOf(wanted, set) !== wanted.secret).map(({ secret }) => secret)),
  ];
  return {
    kind: 'leftovers',
    id: `leftovers:${layout.secrets}`,
    phase,
    directory: layout.secrets,
    stems,
    keep: files.filter(({ secret }) => stems.includes(secret)).map((wanted) => nameOf(wanted, set)),
  };
}
