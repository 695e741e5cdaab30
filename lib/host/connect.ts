import { RunbookError } from '../core/errors.ts';
import type { ConnectOptions, SshHost } from './ssh.ts';

/** The part of the resolved config that says how the host is reached. */
export interface HostConfig {
  readonly host: {
    readonly address: string;
    readonly port: number;
    readonly user: string;
    readonly identityFile?: string | undefined;
    /** File in OpenSSH's known_hosts format. */
    readonly knownHosts: string;
    /** Program of this machine that leads to the SSH port, where no TCP connection from here does. */
    readonly proxyCommand?: readonly string[] | undefined;
  };
}

/**
 * Connects to the host of a config. ssh2 is loaded only now: who never connects does not pay for it. Fails as the port
 * says, and as `interrupted` at once when the signal is aborted, whatever is waited for.
 */
export async function connect(config: HostConfig, options: ConnectOptions = {}): Promise<SshHost> {
  const { connectSsh } = await import('./ssh.ts');
  return connectSsh(sshTarget(config), options);
}

/** Pins the key of the config's host if its fingerprint ("SHA256:…") is the given one. Fails as `hostKeyMismatch` if it is not. */
export async function trustHostKey(config: HostConfig, fingerprint: string, signal?: AbortSignal): Promise<void> {
  const { recordHostKey } = await import('./ssh.ts');
  await recordHostKey(sshTarget(config), fingerprint, signal);
}

function sshTarget({ host }: HostConfig) {
  const { address, port, user, identityFile, knownHosts, proxyCommand } = host;
  if (address === '') {
    throw new RunbookError('refused', {
      what: 'there is no host yet: host.provider is aws and there is no inventory',
      next: 'npx zx runbooks/infra.mjs apply, which makes it; if a colleague has made it already: npx zx runbooks/infra.mjs output',
    });
  }
  return {
    ...{ address, port, user, knownHostsFile: knownHosts },
    ...(identityFile !== undefined && { identityFile }),
    ...(proxyCommand !== undefined && { tunnel: proxyCommand }),
  };
}
