import { createHmac, randomBytes, randomInt } from 'node:crypto';
import { firstLogin, loginValue } from '../core/database-login.ts';
import type { SecretName } from '../core/secrets.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Random letters and digits; 62^length possibilities. */
const letters = (length: number) => Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');

/** 32 random bytes as Gitea writes its JWT secrets: base64url without padding, 43 characters. */
const jwtSecret = () => randomBytes(32).toString('base64url');

/** The form that `gitea generate secret INTERNAL_TOKEN` prints: a signed token that holds only the time it was made. */
function internalToken(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const body = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ nbf: Math.floor(Date.now() / 1000) })}`;
  return `${body}.${createHmac('sha256', randomBytes(32)).update(body).digest('base64url')}`;
}

/** The password of a database login. */
export const databasePassword = () => letters(40);

/** A first password for a person: 24 characters, of every class that Gitea can be told to ask for. */
export function firstPassword(): string {
  const drawn = `${letters(12)}-${letters(11)}`;
  return [/[a-z]/, /[A-Z]/, /\d/].every((wanted) => wanted.test(drawn)) ? drawn : firstPassword();
}

/** How a value of each secret is made when the store has none yet. */
export const generators: Readonly<Record<SecretName, () => string>> = {
  postgres_password: () => loginValue(firstLogin, databasePassword()),
  gitea_secret_key: () => letters(64),
  gitea_internal_token: internalToken,
  gitea_oauth2_jwt_secret: jwtSecret,
  gitea_lfs_jwt_secret: jwtSecret,
  gitea_metrics_token: () => letters(40),
  replication_password: databasePassword,
  backup_key: () => letters(40),
  inputs_key: () => letters(64),
};
