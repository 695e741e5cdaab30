import { RunbookError } from '../core/errors.ts';
import { quote, quoteAll } from '../core/quote.ts';
import { lastLines } from './execute.ts';

/** How far a connection has come: what an error means depends on it, not on its text. */
export type Phase = 'reaching' | 'handshake' | 'login' | 'ready';

/** An error of ssh2 or of a socket. */
export interface SshError extends Error {
  readonly level?: string;
  readonly code?: string | number;
}

/** What the messages have to name. */
export interface Attempt {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** Seconds. */
  readonly connectTimeout: number;
  /** The keys that were offered, as "type fingerprint (place)". */
  readonly keys: readonly string[];
  /** The program that leads to the SSH port, where it is not reached by TCP from here. */
  readonly tunnel?: readonly string[] | undefined;
}

const reasons: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ENOTFOUND: 'the name does not exist in DNS',
  EAI_AGAIN: 'DNS does not answer',
  EHOSTUNREACH: 'there is no route to this host',
  ENETUNREACH: 'there is no route to this network',
  ETIMEDOUT: 'no answer to the connection attempt',
  ECONNRESET: 'the connection was reset',
};

/** The failure of a connection that did not become ready. */
export function connectFailure(attempt: Attempt, phase: Phase, error: SshError | undefined): RunbookError {
  // While logging in, a disconnect message of the server (its code is a number) is a refusal, for example "Too many authentication failures".
  if (error?.level === 'client-authentication' || (phase === 'login' && typeof error?.code === 'number')) {
    return loginRefused(attempt, error);
  }
  const at = `${attempt.address} port ${attempt.port}`;
  const known = typeof error?.code === 'string' ? reasons[error.code] : undefined;
  const what = known ? `cannot reach ${at}: ${known}` : `no SSH connection to ${at}`;
  return unreachable(attempt, what, error?.message ?? 'the host closed the connection', error);
}

/** The failure for a host that did not answer within the connect limit. */
export function connectTooLong(attempt: Attempt, phase: Phase): RunbookError {
  const stage = {
    reaching: 'no TCP connection',
    handshake: 'connected, but no SSH handshake',
    login: 'no answer to the login',
    ready: '',
  };
  const at = `${attempt.address} port ${attempt.port}`;
  return unreachable(attempt, `${at} did not answer within the limit of ${attempt.connectTimeout} s (${stage[phase]})`);
}

/** What a person types to try the same. */
export function byHand({ user, address, port, tunnel }: Attempt): string {
  const way = tunnel ? ['-o', `ProxyCommand=${quoteAll(tunnel)}`] : [];
  return quoteAll(['ssh', ...way, '-p', String(port), `${user}@${address}`]);
}

/** The failure of every command that is in flight when a connection dies. */
export function connectionLost(label: string, command: string, cause: string): RunbookError {
  return new RunbookError('hostUnreachable', {
    where: label,
    what: `connection lost during: ${command}`,
    cause,
    next: 'check that the host is up and reachable, then run the same command again: it goes on from where the host is now',
  });
}

/** The failure for a login shell that does not come to the command, for example one that lets nobody in. */
export function shellUnusable(label: string, attempt: Attempt, problem: string, said: string): RunbookError {
  const cause = lastLines(said);
  return new RunbookError('credentialsRefused', {
    where: label,
    what: `the login shell of ${attempt.user} ${problem}`,
    ...(cause && { cause }),
    next: `on the host: look at what the start files of that account print or do (~/.bashrc, /etc/profile.d), and at its shell (getent passwd ${attempt.user}); try with: ${byHand(attempt)} true`,
  });
}

/** The failure for a user who may not become root without a password. */
export function sudoRefused(label: string, user: string, cause: string): RunbookError {
  return new RunbookError('credentialsRefused', {
    where: label,
    what: `${user} cannot become root by sudo without a password`,
    ...(cause && { cause }),
    next:
      `on the host, as root: echo ${quote(`${user} ALL=(ALL:ALL) NOPASSWD: ALL`)} >/etc/sudoers.d/gitea-runbooks && ` +
      'chmod 0440 /etc/sudoers.d/gitea-runbooks && visudo -c; or set host.user to root',
  });
}

function loginRefused(attempt: Attempt, error: SshError): RunbookError {
  const { user, address, keys } = attempt;
  const said = typeof error.code === 'number' ? [`the host said: ${error.message}`] : [];
  return new RunbookError(
    'credentialsRefused',
    {
      where: `${user}@${address}`,
      what: `the host refused to log in ${user}`,
      cause: [...keys.map((key) => `tried: ${key}`), ...said].join('\n'),
      next: `put the public key into ~${user}/.ssh/authorized_keys on the host, or correct host.user and host.identityFile; try with: ${byHand(attempt)}`,
    },
    { cause: error },
  );
}

function unreachable(attempt: Attempt, what: string, cause?: string, error?: SshError): RunbookError {
  return new RunbookError(
    'hostUnreachable',
    {
      where: `${attempt.user}@${attempt.address}`,
      what,
      ...(cause && { cause }),
      next: `check host.address and host.port, the host's firewall and that its sshd runs (\`systemctl status ssh\` on its console); try with: ${byHand(attempt)}`,
    },
    { cause: error },
  );
}
