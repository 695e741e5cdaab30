import { Secret } from './secret.ts';

/**
 * The roles that Gitea can log in to the database as. Both act as the owner and take turns: a new password comes with the
 * other role, so the one before stays valid meanwhile.
 */
export const loginRoles = ['gitea_a', 'gitea_b'] as const;
export type LoginRole = (typeof loginRoles)[number];

/** The first of them, also for a password that stands alone, as version 0.1 wrote it. */
export const firstLogin: LoginRole = 'gitea_a';

export interface DatabaseLogin {
  readonly role: LoginRole;
  readonly password: Secret;
}

/** What the secret postgres_password says: `gitea_b:PASSWORD`, or `PASSWORD` alone. */
export function loginOf(secret: Secret): DatabaseLogin {
  const [, role, password] = /^(gitea_[ab]):(.+)$/s.exec(secret.reveal()) ?? [];
  if (role === undefined || password === undefined) return { role: firstLogin, password: secret };
  return { role: role as LoginRole, password: new Secret(secret.name, password) };
}

/** The value of the secret for a role and its password; the reverse of `loginOf`. */
export const loginValue = (role: LoginRole, password: string) => `${role}:${password}`;

/** The role whose turn it is after another. */
export function nextRole(role: LoginRole): LoginRole {
  return role === 'gitea_a' ? 'gitea_b' : 'gitea_a';
}
