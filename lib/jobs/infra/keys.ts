import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import ssh2, { type ParsedKey } from 'ssh2';
import { settingsOf } from '../../aws/settings-of.ts';
import type { Config } from '../../config/config.types.ts';
import { RunbookError } from '../../core/errors.ts';
import { quote } from '../../core/quote.ts';
import { readRegularFile } from '../../core/read-regular-file.ts';
import { Secret } from '../../core/secret.ts';
import { isEncrypted } from '../../host/identity.ts';
import { type HostKey, hostKey } from '../../host/known-hosts.ts';
import { newKeyPair } from '../../host/new-key.ts';

/** Name of the login key that `infra` makes, beside the inventory. */
export const ownKeyName = 'gitea.id_ed25519';

/** Path of the login key that `infra` makes, where the configuration names none. */
export function ownKeyPath(config: Config): string | undefined {
  const own = join(dirname(settingsOf(config).inventory), ownKeyName);
  const { identityFile } = config.host;
  // Once there is an inventory, it is what fills the empty place.
  return identityFile === undefined || identityFile === own ? own : undefined;
}

export interface LoginKey {
  /** One line, as OpenSSH writes it. */
  readonly line: string;
  /** A new private key was written here. */
  readonly made?: string;
}

/**
 * The operator's public key: of `host.identityFile`, else of the key that `infra` made. A colleague who does not have
 * that one gets it from the state; only where there is no key at all a new one is made, with `save` kept in a file of mode 0600.
 */
export async function loginKey(
  config: Config,
  inState: string | undefined,
  options: { save: boolean },
): Promise<LoginKey> {
  const own = ownKeyPath(config);
  if (own === undefined) return { line: publicHalf(config.host.identityFile!) };
  const text = read(own);
  if (text !== undefined) return { line: publicLine(parsed(own, text)) };
  if (inState !== undefined) return { line: inState };
  const pair = newKeyPair(`gitea-runbooks ${config.aws?.name}`);
  if (options.save) {
    // Never over a file that is there: `wx` fails where another run was quicker.
    await writeFile(own, pair.private, { mode: 0o600, flag: 'wx', flush: true });
    await writeFile(`${own}.pub`, `${pair.public}\n`);
  }
  return { line: pair.public, ...(options.save ? { made: own } : {}) };
}

/** A new private key for the host, as sshd takes it. It lives in memory only. */
export function newHostKey(): Secret {
  return new Secret('ssh_host_ed25519_key', newKeyPair().private);
}

/** The public half of the host's private key. */
export function publicHostKey(key: Secret): HostKey {
  return hostKey(parsed('the secret with the host key', key.reveal()).getPublicSSH());
}

/** Undefined where there is no such file. */
function read(path: string): string | undefined {
  try {
    return readRegularFile(path).toString('utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(path, (error as Error).message);
  }
}

function publicHalf(path: string): string {
  const text = read(path);
  if (text === undefined) throw unreadable(path, 'there is no such file');
  if (!isEncrypted(text)) return accepted(path, publicLine(parsed(path, text)));
  const line = read(`${path}.pub`);
  if (line === undefined) {
    throw new RunbookError('credentialsRefused', {
      what: `the SSH key ${path} has a passphrase, and ${path}.pub is not there to read its public half from`,
      next: `ssh-keygen -y -f ${quote(path)} > ${quote(`${path}.pub`)}, then run the same command again`,
    });
  }
  return accepted(path, line.trim().split('\n')[0] ?? '');
}

/** EC2 takes no other kinds. */
function accepted(path: string, line: string): string {
  if (/^ssh-(ed25519|rsa) /.test(line)) return line;
  throw new RunbookError('credentialsRefused', {
    what: `the SSH key ${path} is of the kind ${line.split(' ')[0] || 'unknown'}, EC2 takes ed25519 and rsa`,
    next: 'name another key in host.identityFile, or leave it out: then infra makes one',
  });
}

function publicLine(key: ParsedKey): string {
  return [key.type, key.getPublicSSH().toString('base64'), key.comment].filter(Boolean).join(' ');
}

function parsed(path: string, text: string): ParsedKey {
  const found = ssh2.utils.parseKey(text) as ParsedKey | ParsedKey[] | Error;
  const key = Array.isArray(found) ? found[0] : found;
  if (key && !(key instanceof Error)) return key;
  throw new RunbookError('credentialsRefused', {
    what: `the SSH key ${path} cannot be used`,
    ...(key ? { cause: key.message } : {}),
    next: `check it with \`ssh-keygen -yf ${quote(path)}\``,
  });
}

function unreadable(path: string, cause: string): RunbookError {
  return new RunbookError('credentialsRefused', {
    what: `cannot read the SSH key ${path}`,
    cause,
    next: 'correct host.identityFile, or the permissions of the file',
  });
}
