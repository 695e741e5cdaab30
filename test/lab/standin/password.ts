import { pbkdf2Sync, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';

const CLASSES: Record<string, string> = {
  lower: 'abcdefghijklmnopqrstuvwxyz',
  upper: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  digit: '0123456789',
  spec: ' !"#$%&\'()*+,-./:;<=>?@[\\]^_{|}~`',
};

/** Gitea's default of PASSWORD_HASH_ALGO, as it stands in the table. */
export const PASSWORD_ALGORITHM = 'pbkdf2$50000$50';

/** `salt` is hexadecimal text: Gitea hashes with its decoded bytes. */
export function hashPassword(password: string, salt: string, algorithm = PASSWORD_ALGORITHM): string {
  const match = /^pbkdf2\$(\d+)\$(\d+)$/.exec(algorithm);
  if (!match) throw new Error(`password hash algorithm ${algorithm} is not kept by the stand-in`);
  return pbkdf2Sync(password, Buffer.from(salt, 'hex'), Number(match[1]), Number(match[2]), 'sha256').toString('hex');
}

export function verifyPassword(password: string, stored: { passwd: string; salt: string; algorithm: string }): boolean {
  if (stored.passwd === '') return false;
  const have = Buffer.from(hashPassword(password, stored.salt, stored.algorithm));
  const want = Buffer.from(stored.passwd);
  return have.length === want.length && timingSafeEqual(have, want);
}

export function newSalt(): string {
  return randomBytes(16).toString('hex');
}

/** The classes that PASSWORD_COMPLEXITY asks for; none for "off", all four where no name is known. */
function required(complexity: string[]): string[] {
  if (complexity.length === 1 && complexity[0] === 'off') return [];
  const known = complexity.filter((name) => name in CLASSES);
  return known.length > 0 ? known : Object.keys(CLASSES);
}

export function complexEnough(password: string, complexity: string[]): boolean {
  return required(complexity).every((name) => [...password].some((char) => (CLASSES[name] as string).includes(char)));
}

/** A random password of the wanted complexity that neither starts nor ends with a space. */
export function generatePassword(length: number, complexity: string[]): string {
  const classes = required(complexity);
  const chars = (classes.length > 0 ? classes : ['lower', 'upper', 'digit']).map((name) => CLASSES[name]).join('');
  for (;;) {
    const password = Array.from({ length }, () => chars[randomInt(chars.length)]).join('');
    if (password.trim() === password && complexEnough(password, complexity)) return password;
  }
}
