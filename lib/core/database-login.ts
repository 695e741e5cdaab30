import { Secret } from './secret.ts';

/**
 * The roles that Gitea can log in to the database as. `gitea` is made with the database and owns everything in it. The
 * other two act as `gitea` and take turns: a new password comes with another role, so the one before stays valid meanwhile.
 */
export const loginRoles = ['gitea', 'gitea_a', 'gitea_b'] as const;
export type LoginRole = (typeof loginRoles)[number];

/** The role that owns the database, and that the local socket in the container lets in without a password. */
export const databaseOwner = 'gitea' satisfies LoginRole;

export interface DatabaseLogin {
  readonly role: LoginRole;
  readonly password: Secret;
}

/** What the secret postgres_password says: `PASSWORD`, which is that of `gitea`, or `gitea_a:PASSWORD`. */
export function loginOf(secret: Secret): DatabaseLogin {
  const [, role, password] = /^(gitea_[ab]):(.+)$/s.exec(secret.reveal()) ?? [];
  if (role === undefined || password === undefined) return { role: databaseOwner, password: secret };
  return { role: role as LoginRole, password: new Secret(secret.name, password) };
}

/** The value of the secret for a role and its password; the reverse of `loginOf`. */
export function loginValue(role: LoginRole, password: string): string {
  return role === databaseOwner ? password : `${role}:${password}`;
}

/** The role whose turn it is after another. */
export function nextRole(role: LoginRole): LoginRole {
  return role === 'gitea_a' ? 'gitea_b' : 'gitea_a';
}
