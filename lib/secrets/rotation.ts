import { loginOf, loginValue, nextRole } from '../core/database-login.ts';
import { RunbookError } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import { type SecretName, type SecretSet, secretNames } from '../core/secrets.ts';
import { databasePassword, generators } from './generate.ts';
import type { SecretStore } from './store.ts';

/** Secrets that can be replaced while people work. */
export const rotatable = [
  'postgres_password',
  'gitea_metrics_token',
  'gitea_internal_token',
  'gitea_lfs_jwt_secret',
] as const satisfies readonly SecretName[];

export type Rotatable = (typeof rotatable)[number];

/** Why the others are not. */
const reasons: Readonly<Record<Exclude<SecretName, Rotatable>, { readonly why: string; readonly next: string }>> = {
  gitea_secret_key: {
    why: 'it encrypts two-factor secrets and the credentials of mirrors and OAuth sources in the database, and Gitea has no command that encrypts them again: with another key they would be lost',
    next: 'leave it out. If it may be known to others, see docs/runbooks/rotate-secrets.md, "SECRET_KEY is never rotated"',
  },
  gitea_oauth2_jwt_secret: {
    why: 'links in mails, open forms and running Actions jobs are signed with it, and Gitea takes one at a time: all of them would break at once',
    next: 'leave it out. If it has to go all the same, see docs/runbooks/rotate-secrets.md, "Values that are not rotated"',
  },
  replication_password: {
    why: 'it opens nothing to anybody outside the network of the database, and the role it belongs to can only read its log',
    next: 'leave it out. If it has to go all the same, see docs/runbooks/rotate-secrets.md, "Values that are not rotated"',
  },
  backup_key: {
    why: 'every backup that exists is encrypted with it, and nobody could read them any more',
    next: 'leave it out. If it may be known to others, see docs/runbooks/rotate-secrets.md, "Values that are not rotated"',
  },
  inputs_key: {
    why: 'it opens nothing: it is the key of the hashes in container labels',
    next: 'leave it out. If it has to go all the same, see docs/runbooks/rotate-secrets.md, "Values that are not rotated"',
  },
};

/** The secrets to rotate: those named, or all that can be. Throws `refused`, with the reason, for one that cannot. */
export function toRotate(names: readonly string[]): readonly Rotatable[] {
  for (const name of names) {
    if (isRotatable(name)) continue;
    const known = (secretNames as readonly string[]).includes(name);
    const { why, next } = known
      ? reasons[name as Exclude<SecretName, Rotatable>]
      : { why: 'there is no such secret', next: `name one or more of ${rotatable.join(', ')}` };
    throw new RunbookError('refused', {
      what: `${name} cannot be rotated: ${why}`,
      next: `nothing was changed; ${next}`,
    });
  }
  return names.length === 0 ? rotatable : rotatable.filter((name) => names.includes(name));
}

const isRotatable = (name: string): name is Rotatable => (rotatable as readonly string[]).includes(name);

export type NewValues = Readonly<Partial<Record<Rotatable, string>>>;

/** New values. The database password comes with the login whose turn it is. */
export function newValues(names: readonly Rotatable[], current: SecretSet): NewValues {
  const { role } = loginOf(current.postgres_password);
  return Object.fromEntries(
    names.map((name) => {
      const value = name === 'postgres_password' ? loginValue(nextRole(role), databasePassword()) : generators[name]();
      return [name, value];
    }),
  );
}

/** The set with some values in the place of its own. */
export function withValues(set: SecretSet, values: NewValues): SecretSet {
  const changed = Object.entries(values).map(([name, value]) => [name, new Secret(name, value)]);
  return { ...set, ...Object.fromEntries(changed) };
}

/** Values of a rotation that has not come to its end. */
export async function unfinished(store: SecretStore): Promise<NewValues> {
  return Object.fromEntries(Object.entries(await store.pending()).filter(([name]) => isRotatable(name)));
}
