import { type ChildProcess, spawn } from 'node:child_process';
import type { AddressInfo, Socket } from 'node:net';
import type { Connection, ParsedKey } from 'ssh2';
import ssh2 from 'ssh2';
import { newKeyPair } from '../../../lib/host/new-key.ts';

export interface KeyPair {
  readonly private: string;
  readonly public: string;
}

export interface ServerOptions {
  readonly hostKeys: readonly KeyPair[];
  /** Public keys that may log in, as any user. */
  readonly authorized: readonly KeyPair[];
  /** Put before PATH of every command. */
  readonly path?: string;
  /** What the login shell runs before a command: ~/.bashrc. */
  readonly startFile?: string;
  /** Sessions at once in one connection, as MaxSessions of sshd. */
  readonly maxSessions?: number;
}

export interface TestServer {
  readonly port: number;
  /** Sockets that were ever accepted, command lines that were run. */
  readonly connections: Socket[];
  readonly commands: string[];
  /** The most sessions that were open at once. */
  readonly peak: () => number;
  /** Stops listening to what the clients say, as a host that hangs. */
  freeze(): void;
  /** Cuts all connections. */
  cut(): void;
  close(): Promise<void>;
}

/** A fresh key pair in OpenSSH's format. Of ssh2's own, about one in 300 cannot be read again: such a one is not given. */
export function keyPair(type: 'ed25519' | 'rsa' | 'ecdsa' = 'ed25519', passphrase?: string): KeyPair {
  if (type === 'ed25519' && passphrase === undefined) return newKeyPair();
  const bits = type === 'rsa' ? { bits: 2048 } : type === 'ecdsa' ? { bits: 256 } : {};
  const lock = passphrase ? { passphrase, cipher: 'aes256-ctr', rounds: 4 } : {};
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync(type as 'rsa', { ...bits, ...lock } as { bits: number });
    if (!(ssh2.utils.parseKey(pair.private, passphrase) instanceof Error)) return pair;
  }
}

/** The public key in wire format. */
export function wire(pair: KeyPair): Buffer {
  return (ssh2.utils.parseKey(pair.public) as ParsedKey).getPublicSSH();
}

/** An SSH server on 127.0.0.1 that runs commands as the current user by /bin/sh. */
export async function sshServer(options: ServerOptions): Promise<TestServer> {
  const children = new Set<ChildProcess>();
  const connections: Socket[] = [];
  const commands: string[] = [];
  let open = 0;
  let peak = 0;
  const authorized = options.authorized.map(wire);
  const env = { ...process.env, ...(options.path && { PATH: `${options.path}:${process.env.PATH}` }) };

  const serve = (client: Connection) => {
    client.on('error', () => {});
    client.on('authentication', (context) => {
      if (context.method !== 'publickey' || !authorized.some((key) => key.equals(context.key.data)))
        return context.reject(['publickey']);
      if (context.signature) {
        const key = ssh2.utils.parseKey(context.key.data) as ParsedKey;
        if (!key.verify(context.blob as Buffer, context.signature, context.hashAlgo)) return context.reject();
      }
      context.accept();
    });
    client.on('session', (accept, reject) => {
      if (open >= (options.maxSessions ?? 10)) return reject();
      open++;
      peak = Math.max(peak, open);
      const session = accept();
      session.on('close', () => open--);
      session.on('exec', (acceptExec, _reject, info) => {
        commands.push(info.command);
        const channel = acceptExec();
        const child = spawn('/bin/sh', ['-c', `${options.startFile ?? ''}\n${info.command}`], {
          detached: true,
          env,
          stdio: 'pipe',
        });
        children.add(child);
        for (const stream of [child.stdin, child.stdout, child.stderr, channel]) stream.on('error', () => {});
        channel.pipe(child.stdin);
        child.stdout.pipe(channel, { end: false });
        child.stderr.pipe(channel.stderr, { end: false });
        child.on('close', (code, signal) => {
          children.delete(child);
          if (signal) channel.exit(signal.replace('SIG', ''), false, '');
          else channel.exit(code ?? 1);
          channel.end();
        });
        // As sshd does: a closed channel closes the pipes and leaves the process alone.
        channel.on('close', () => [child.stdin, child.stdout, child.stderr].forEach((stream) => void stream.destroy()));
      });
    });
  };

  const server = new ssh2.Server({ hostKeys: options.hostKeys.map((pair) => pair.private) }, serve);
  const raw = (server as unknown as { _srv: import('node:net').Server })._srv;
  raw.on('connection', (socket: Socket) => connections.push(socket.setNoDelay(true)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => connections.forEach((socket) => void socket.destroy());
  return {
    port: (server.address() as AddressInfo).port,
    connections,
    commands,
    peak: () => peak,
    freeze: () => {
      for (const socket of connections) {
        socket.removeAllListeners('data');
        socket.pause();
      }
    },
    cut,
    close: async () => {
      cut();
      for (const child of children)
        if (child.pid)
          try {
            process.kill(-child.pid, 'SIGKILL');
          } catch {}
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
