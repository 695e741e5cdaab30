import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { RunbookError } from '../../core/errors.ts';
import type { Config } from '../config.types.ts';

/**
 * What the runbooks write needs a file of its own: written into the config, an overlay or a key, it would destroy that.
 * Throws `configInvalid` for two that are one file, by whatever spelling, link or hard link, and for what is there and is no file:
 * that would show in the middle of a deploy only.
 */
export function checkOwnFiles(config: Config, file: string, overlays: readonly string[]): void {
  const { host, aws, tls, secrets } = config;
  const read: Place[] = [
    ['the configuration', file],
    ...overlays.map((path): Place => ['an overlay', path]),
    ['host.identityFile', host.identityFile],
    ['tls.caBundle', tls.caBundle],
  ];
  const written: Place[] = [
    ['aws.inventory', host.provider === 'aws' ? aws?.inventory : undefined],
    ['host.knownHosts', host.knownHosts],
    // Not looked at where the secrets are kept elsewhere: the key has a default.
    ['secrets.file', secrets.source === 'file' ? secrets.file : undefined],
  ];
  for (const [name, path] of [...read, ...written])
    if (path !== undefined && late.has(name)) checkType(name, path, file);
  const seen = new Map<string, string>();
  for (const [name, path] of read) if (path !== undefined) seen.set(identityOf(path), name);
  for (const [name, path] of written) {
    if (path === undefined) continue;
    const identity = identityOf(path);
    const other = seen.get(identity);
    if (other !== undefined) throw same(name, path, other, file);
    seen.set(identity, name);
  }
}

type Place = readonly [name: string, path: string | undefined];

/** What is read after the connection to the host is there. The others are read before it. */
const late = new Set(['tls.caBundle', 'secrets.file']);

function checkType(name: string, path: string, file: string): void {
  try {
    const stat = statSync(path);
    if (stat.isFile()) return;
    throw noFile(
      name,
      path,
      stat.isDirectory() ? 'a directory' : 'no regular file (a pipe, a socket or a device)',
      file,
    );
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ELOOP') throw noFile(name, path, 'a link that leads back to itself', file);
    if (code === 'ENOTDIR') throw noFile(name, path, 'below something that is no directory', file);
    if (error instanceof RunbookError) throw error;
  }
}

function noFile(name: string, path: string, what: string, file: string): RunbookError {
  return new RunbookError('configInvalid', {
    what: `${name} is ${path}, ${what}`,
    where: file,
    next: `name a file in ${name}`,
  });
}

/** The same text for the same file. One that is not there yet is known by its folder. */
function identityOf(path: string): string {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return real(resolve(path));
  }
}

function real(path: string): string {
  const folder = dirname(path);
  if (folder === path) return path;
  try {
    return join(realpathSync(folder), basename(path));
  } catch {
    return join(real(folder), basename(path));
  }
}

function same(name: string, path: string, other: string, file: string): RunbookError {
  return new RunbookError('configInvalid', {
    what: `${name} is ${path}, the same file as ${other}, which would be overwritten`,
    where: file,
    next: `name a file of its own in ${name}; it need not be there yet`,
  });
}
