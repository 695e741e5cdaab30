import { randomBytes } from 'node:crypto';
import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { RunbookError } from '../core/errors.ts';
import { quote } from '../core/quote.ts';
import { readRegularFile } from '../core/read-regular-file.ts';
import { findPins, fingerprint, type HostKey, knownName, type Pins, withPin } from './known-hosts.ts';

/** Where a host's key is looked up. */
export interface TrustTarget {
  readonly address: string;
  readonly port: number;
  /** File in OpenSSH's known_hosts format. */
  readonly knownHostsFile: string;
}

/** What the known_hosts file says about the target; a file that is not there says nothing. */
export async function readPins(target: TrustTarget): Promise<Pins> {
  return findPins(readText(target), knownName(target.address, target.port));
}

/** The failure for a key that may not be used, or undefined for a trusted one. */
export function judge(target: TrustTarget, pins: Pins, key: HostKey): RunbookError | undefined {
  const same = (other: HostKey) => other.blob.equals(key.blob);
  if (pins.revoked.some(same)) return revoked(target, key);
  if (pins.trusted.some(same)) return undefined;
  return pins.trusted.length > 0 ? changed(target, pins.trusted, key) : unknown(target, key);
}

/** Makes the key the only trusted one of the target. The file is replaced as a whole, so a reader never sees half of it. */
export async function trust(target: TrustTarget, key: HostKey): Promise<void> {
  const text = readText(target);
  const file = await realpath(target.knownHostsFile).catch(() => target.knownHostsFile);
  const mode = (await stat(file).catch(() => undefined))?.mode ?? 0o644;
  const temporary = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    await writeFile(temporary, withPin(text, knownName(target.address, target.port), key), {
      mode: mode & 0o777,
      flush: true,
    });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw fileFailure(target, 'cannot write', error);
  }
}

/** The failure of recording: the host showed other keys than the one that is to be trusted. */
export function notShown(target: TrustTarget, wanted: string, shown: readonly HostKey[]): RunbookError {
  return new RunbookError('hostKeyMismatch', {
    where: where(target),
    what: `the host does not show a key with the fingerprint ${wanted}; nothing was recorded`,
    cause: shown.map((key) => `shown: ${named(key)}`).join('\n'),
    next: `check the fingerprint on the host's console (${onConsole(shown[0])}); if it is right, something else answers at this address`,
  });
}

function readText(target: TrustTarget): string {
  try {
    return readRegularFile(target.knownHostsFile).toString('utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw fileFailure(target, 'cannot read', error);
  }
}

function unknown(target: TrustTarget, key: HostKey): RunbookError {
  return new RunbookError('hostKeyMismatch', {
    where: where(target),
    what: `the host key of ${target.address} is not known: ${named(key)}`,
    next: `compare with ${onConsole(key)} on the host's console, then: ${record(key)}`,
  });
}

function changed(target: TrustTarget, trusted: readonly HostKey[], key: HostKey): RunbookError {
  return new RunbookError('hostKeyMismatch', {
    where: where(target),
    what:
      `the host key of ${target.address} has CHANGED. Either the host was installed anew, or someone sits between you and the host ` +
      'and would read and change everything you do. Nothing was sent',
    cause: [...trusted.map((old) => `known: ${named(old)}`), `shown: ${named(key)}`].join('\n'),
    next: `compare with ${onConsole(key)} on the host's console; only if it shows the same: ${record(key)}`,
  });
}

function revoked(target: TrustTarget, key: HostKey): RunbookError {
  return new RunbookError('hostKeyMismatch', {
    where: where(target),
    what: `the host key of ${target.address} is revoked in ${target.knownHostsFile}: ${named(key)}`,
    next: 'give the host a new key on its console (remove /etc/ssh/ssh_host_*, `ssh-keygen -A`, restart ssh), or ask who revoked it',
  });
}

function fileFailure(target: TrustTarget, what: string, error: unknown): RunbookError {
  const cause = (error as Error).message;
  const next = `check the file with \`ls -l ${quote(target.knownHostsFile)}\`, or name another one in host.knownHosts`;
  return new RunbookError(
    'hostKeyMismatch',
    { what: `${what} the known hosts in ${target.knownHostsFile}`, cause, next },
    { cause: error },
  );
}

function where(target: TrustTarget): string {
  return knownName(target.address, target.port);
}

function named(key: HostKey): string {
  return `${key.type} ${fingerprint(key.blob)}`;
}

function record(key: HostKey): string {
  return `npx zx runbooks/doctor.mjs --trust-host-key ${fingerprint(key.blob)}`;
}

function onConsole(key: HostKey | undefined): string {
  const name = key?.type.replace(/^ssh-/, '').replace(/^ecdsa-.*/, 'ecdsa') ?? 'ed25519';
  return `\`ssh-keygen -lf /etc/ssh/ssh_host_${name}_key.pub\``;
}
