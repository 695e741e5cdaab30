import net from 'node:net';
import type { AuthenticationType } from 'ssh2';
import ssh2 from 'ssh2';
import type { RunbookError } from '../core/errors.ts';
import type { Credentials } from './identity.ts';
import { interrupted } from './interrupted.ts';
import { type HostKey, hostKey } from './known-hosts.ts';
import { Connection } from './ssh-connection.ts';
import { type Attempt, connectFailure, connectTooLong, type Phase, type SshError } from './ssh-errors.ts';
import { Tunnel, TunnelError } from './tunnel.ts';
import { tunnelFailure } from './tunnel-errors.ts';

/** How a connection is made. */
export interface Dial {
  readonly attempt: Attempt;
  readonly label: string;
  /** Without it the connection ends after the handshake. */
  readonly credentials?: Credentials;
  readonly algorithms: readonly string[];
  /** The failure for a host key that may not be used. */
  readonly judge: (key: HostKey) => RunbookError | undefined;
  /** Seconds between signs of life. */
  readonly keepalive: number;
  /** Gives the attempt up at once. */
  readonly signal: AbortSignal | undefined;
}

/** Connects, checks the host key and logs in. Fails as the port says. */
export function dial(options: Dial): Promise<Connection | undefined> {
  return new Promise((resolve, reject) => {
    const { attempt, credentials, signal } = options;
    if (signal?.aborted) return reject(interrupted());
    const client = new ssh2.Client();
    const { address: host, port, tunnel } = attempt;
    const socket = tunnel ? new Tunnel(tunnel) : net.connect({ host, port, noDelay: true });
    let phase: Phase = 'reaching';
    let verdict: RunbookError | undefined;
    const timer = setTimeout(() => fail(connectTooLong(attempt, phase)), attempt.connectTimeout * 1000);
    const giveUp = () => fail(interrupted());
    signal?.addEventListener('abort', giveUp, { once: true });
    const settle = () => {
      signal?.removeEventListener('abort', giveUp);
      clearTimeout(timer);
      client.removeListener('error', onError).removeListener('close', onClose);
      // Late words about a connection that is given up are of no use to anybody.
      client.on('error', () => {});
    };
    const fail = (error: RunbookError) => {
      settle();
      socket.destroy();
      reject(verdict ?? error);
    };
    const onError = (error: SshError) => {
      // An agent that cannot sign is followed by the next key, and at the end by the refusal.
      if (error.level === 'agent') return;
      fail(error instanceof TunnelError ? tunnelFailure(attempt, error) : connectFailure(attempt, phase, error));
    };
    const onClose = () => fail(connectFailure(attempt, phase, undefined));
    client.on('error', onError);
    client.on('close', onClose);
    client.on('connect', () => {
      phase = 'handshake';
    });
    client.once('handshake', () => {
      phase = 'login';
      if (credentials) return;
      settle();
      socket.destroy();
      resolve(undefined);
    });
    client.once('ready', () => {
      phase = 'ready';
      settle();
      resolve(new Connection(client, socket, options.label, options.keepalive));
    });
    const methods = credentials ? [{ ...credentials.method, username: attempt.user }] : [];
    client.connect({
      sock: socket,
      username: attempt.user,
      readyTimeout: 0,
      keepaliveInterval: options.keepalive * 1000,
      keepaliveCountMax: Number.POSITIVE_INFINITY,
      algorithms: { serverHostKey: [...options.algorithms] as never },
      hostVerifier: (blob: Buffer) => {
        verdict = options.judge(hostKey(blob));
        return verdict === undefined;
      },
      authHandler: (_left: AuthenticationType[], _partial: boolean, next: (method: never) => void) =>
        next((methods.shift() ?? false) as never),
    });
  });
}
