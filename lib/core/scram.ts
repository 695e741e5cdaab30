import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import { Secret } from './secret.ts';

/** PostgreSQL's own default. */
const usual = 4096;

/** More than anybody sets; a verifier that asks for more is not worth the time. */
const most = 1_000_000;

/**
 * What PostgreSQL keeps in the place of a password (RFC 5803, SCRAM-SHA-256), made here: a server that is given this has
 * never seen the password, and cannot write it into its log.
 */
export function scramVerifier(password: Secret, salt: Uint8Array = randomBytes(16), iterations = usual): Secret {
  const { stored, server } = keysOf(password, salt, iterations);
  const text = `SCRAM-SHA-256$${iterations}:${base64(salt)}$${base64(stored)}:${base64(server)}`;
  return new Secret(`verifier of ${password.name}`, text);
}

/** Whether a password is the one that a verifier was made from. False for anything that is no such verifier. */
export function scramMatches(verifier: string, password: Secret): boolean {
  const match = /^SCRAM-SHA-256\$(\d+):([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+):[A-Za-z0-9+/=]+$/.exec(verifier);
  const [, count = '', salt = '', stored = ''] = match ?? [];
  const iterations = Number(count);
  if (!match || iterations < 1 || iterations > most) return false;
  const wanted = keysOf(password, Buffer.from(salt, 'base64'), iterations).stored;
  const found = Buffer.from(stored, 'base64');
  return found.length === wanted.length && timingSafeEqual(found, wanted);
}

function keysOf(password: Secret, salt: Uint8Array, iterations: number): { stored: Buffer; server: Buffer } {
  const salted = pbkdf2Sync(password.reveal(), salt, iterations, 32, 'sha256');
  const key = (name: string) => createHmac('sha256', salted).update(name).digest();
  return { stored: createHash('sha256').update(key('Client Key')).digest(), server: key('Server Key') };
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
