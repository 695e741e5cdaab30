import { randomBytes } from 'node:crypto';
import type { RunbookError } from '../core/errors.ts';
import { quoteAll } from '../core/quote.ts';
import { afterMark, markThen } from './after-mark.ts';
import { dial } from './dial.ts';
import { describeCommand, execute } from './execute.ts';
import { holdScript } from './hold.ts';
import { type AskPassphrase, type Credentials, loadCredentials } from './identity.ts';
import { unlessAborted } from './interrupted.ts';
import { fingerprint, type HostKey, serverHostKeyAlgorithms } from './known-hosts.ts';
import type { Reconnectable } from './port.ts';
import type { Running } from './process.ts';
import { putFile } from './put.ts';
import type { Connection } from './ssh-connection.ts';
import { type Attempt, shellUnusable, sudoRefused } from './ssh-errors.ts';
import { judge, notShown, readPins, type TrustTarget, trust } from './trust.ts';

/** A machine that is reached by SSH. */
export interface SshTarget extends TrustTarget {
  readonly user: string;
  /** Program whose standard input and output lead to the SSH port, in place of TCP. */
  readonly tunnel?: readonly string[];
  /** Private key; without it the keys of the ssh-agent (SSH_AUTH_SOCK) are used. */
  readonly identityFile?: string;
  /** Seconds for TCP, handshake and login together; default 10, through a tunnel 30. */
  readonly connectTimeout?: number;
  /** Seconds between signs of life; default 5. Lost after four without an answer. */
  readonly keepalive?: number;
}

/** An SSH host. `abort` cuts the connection at once, without a word to the host. */
export interface SshHost extends Reconnectable {
  reconnect(): Promise<SshHost>;
  abort(): void;
}

const sudoExit = 77;

export interface ConnectOptions {
  readonly askPassphrase?: AskPassphrase;
  /** Ends the making of the connection; one that is made stays. */
  readonly signal?: AbortSignal;
}

/**
 * Connects with one multiplexed SSH connection. The host key must be pinned in the known_hosts file; a user other than
 * root becomes root by `sudo -n`. Fails as RunbookError `hostUnreachable`, `hostKeyMismatch` or `credentialsRefused`.
 */
export async function connectSsh(target: SshTarget, options: ConnectOptions = {}): Promise<SshHost> {
  const { askPassphrase, signal } = options;
  const credentials = await unlessAborted(signal, () => loadCredentials(target.identityFile, askPassphrase));
  return open(target, credentials, signal);
}

/**
 * Records the host's key in the known_hosts file if it has this fingerprint ("SHA256:…"), and no other. Only shakes
 * hands with the host, once for each type of key until one fits; logs in nowhere.
 */
export async function recordHostKey(
  target: Omit<SshTarget, 'user'>,
  wanted: string,
  signal?: AbortSignal,
): Promise<void> {
  const shown: HostKey[] = [];
  const types = [
    ['ssh-ed25519'],
    serverHostKeyAlgorithms([]).filter((name) => name.startsWith('ecdsa')),
    ['rsa-sha2-512', 'rsa-sha2-256'],
  ];
  let failure: unknown;
  for (const algorithms of types) {
    let key: HostKey | undefined;
    const seen = (offered: HostKey): undefined => {
      key = offered;
    };
    try {
      // Resolves only after the host has proven by a signature that the key is its own.
      await dial({
        attempt: attemptOf({ ...target, user: 'root' }, []),
        label: target.address,
        algorithms,
        judge: seen,
        keepalive: 5,
        signal,
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      failure ??= error;
      continue;
    }
    if (!key) continue;
    shown.push(key);
    if (fingerprint(key.blob) !== wanted) continue;
    const pins = await readPins(target);
    const verdict = judge(target, { trusted: [key], revoked: pins.revoked }, key);
    if (verdict) throw verdict;
    return pins.trusted.some((pin) => pin.blob.equals(key?.blob ?? Buffer.alloc(0))) ? undefined : trust(target, key);
  }
  throw shown.length > 0 ? notShown(target, wanted, shown) : failure;
}

async function open(target: SshTarget, credentials: Credentials, signal?: AbortSignal): Promise<SshHost> {
  const pins = await readPins(target);
  const label = `${target.user}@${target.address}`;
  const connection = (await dial({
    attempt: attemptOf(target, credentials.keys),
    label,
    credentials,
    algorithms: serverHostKeyAlgorithms(pins.trusted),
    judge: (key): RunbookError | undefined => judge(target, pins, key),
    keepalive: target.keepalive ?? 5,
    signal,
  })) as Connection;
  const start = starter(connection, label, attemptOf(target, credentials.keys));
  return {
    label,
    query: (command) => execute(start, label, command),
    run: (command) => execute(start, label, command),
    put: (file) => putFile(start, label, file),
    hold: (script) => holdScript(start, label, script),
    close: () => connection.close(),
    abort: () => connection.abort(),
    reconnect: () => open(target, credentials),
  };
}

/**
 * Starts programs as root on a connection: `timeout` ends them on the host even when nobody is connected any more. The
 * login shell runs our own `sh`, whose first words tell its output from a greeting.
 */
function starter(connection: Connection, label: string, attempt: Attempt) {
  const { user } = attempt;
  const mark = randomBytes(8).toString('hex');
  const refusal = `${mark} sudo`;
  let sudoWorks = user === 'root';
  return async (words: readonly string[], limit?: number, what?: string): Promise<Running> => {
    const bounded = limit === undefined ? words : ['timeout', '-k', '5', `${limit + 1}`, ...words];
    const asRoot = [...(user === 'root' ? [] : ['sudo', '-n', '-H']), 'env', 'LC_ALL=C', ...bounded];
    const asked = sudoWorks;
    // Asked in the same round trip as the first command. The words tell this refusal from any exit code of the command.
    const first = asked ? '' : `sudo -n true </dev/null || { echo "$0 sudo" >&2; exit ${sudoExit}; }; `;
    const line = `exec ${quoteAll(['sh', '-c', markThen(first), mark, ...asRoot])}`;
    const started = await connection.exec(line, what ?? describeCommand({ argv: words }));
    const running = afterMark(started, mark, (problem, said) => shellUnusable(label, attempt, problem, said));
    if (asked) return running;
    let said = '';
    running.stderr.on('data', (chunk: Buffer) => {
      if (said.length < 4096) said += chunk.toString();
    });
    const ended = running.ended.then((ending) => {
      if (ending.code === sudoExit && said.includes(refusal))
        throw sudoRefused(label, user, said.replace(refusal, '').trim());
      sudoWorks = true;
      return ending;
    });
    ended.catch(() => {});
    return { ...running, ended };
  };
}

function attemptOf(target: SshTarget, keys: readonly string[]) {
  const { address, port, user, tunnel, connectTimeout = tunnel ? 30 : 10 } = target;
  return { address, port, user, connectTimeout, keys, tunnel };
}
