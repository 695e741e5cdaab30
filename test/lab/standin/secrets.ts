import { createHmac, randomBytes, randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { goPathError } from './config-env.ts';
import { getKey, type Ini } from './ini.ts';
import { fatal } from './log.ts';

const ALPHANUMERIC = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

export function randomText(length: number): string {
  return Array.from({ length }, () => ALPHANUMERIC[randomInt(ALPHANUMERIC.length)]).join('');
}

export const newSecretKey = (): string => randomText(64);
export const newJwtSecret = (): string => randomBytes(32).toString('base64url');

export function newInternalToken(): string {
  const claims = { nbf: Math.floor(Date.now() / 1000) };
  return signJwt(claims, Buffer.from(randomBytes(32).toString('base64url')));
}

/** The 32 bytes of a JWT secret, or undefined where Gitea would generate a new one. */
export function jwtSecretBytes(text: string): Buffer | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  return bytes.length === 32 ? bytes : undefined;
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const signature = (body: string, secret: Buffer): string =>
  createHmac('sha256', secret).update(body).digest('base64url');

export function signJwt(claims: Record<string, unknown>, secret: Buffer): string {
  const body = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${body}.${signature(body, secret)}`;
}

/** The claims of a token that `secret` signed and that is valid now, otherwise undefined. */
export function readJwt(token: string, secret: Buffer): Record<string, unknown> | undefined {
  const [head, claims, signed, more] = token.split('.');
  if (!head || !claims || !signed || more !== undefined) return undefined;
  if (signature(`${head}.${claims}`, secret) !== signed) return undefined;
  try {
    const read = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>;
    const now = Date.now() / 1000;
    if (typeof read.exp === 'number' && read.exp < now) return undefined;
    return typeof read.nbf === 'number' && read.nbf > now + 1 ? undefined : read;
  } catch {
    return undefined;
  }
}

/** A secret by KEY or by KEY_URI (file: only). Both at once, an unreadable and an empty file end the process. */
export function loadSecret(ini: Ini, section: string, key: string): string {
  const where = 'modules/setting/security.go:58:loadSecret()';
  const verbatim = getKey(ini, section, key) ?? '';
  const uri = getKey(ini, section, `${key}_URI`) ?? '';
  if (uri !== '' && verbatim !== '') fatal(where, `Cannot specify both ${key}_URI and ${key}`);
  if (uri === '') return verbatim;
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(uri)?.[1] ?? '';
  if (scheme !== 'file') fatal(where, `Unsupported URI-Scheme "${scheme}" ("${key}_URI" = "${uri}")`);
  const path = uri.replace(/^file:(\/\/)?/, '');
  let value = '';
  try {
    value = readFileSync(path, 'utf8').trim();
  } catch (error) {
    fatal(where, `Failed to read ${key}_URI (${path}): ${goPathError(error)}`);
  }
  if (value === '') fatal(where, `Failed to read ${key}_URI (${path}): the file is empty`);
  return value;
}
