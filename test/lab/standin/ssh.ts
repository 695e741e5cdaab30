/** Gitea's built-in SSH server: public keys of the table only, git commands only. */
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { dirname, isAbsolute, join } from 'node:path';
import ssh2, { type AuthContext, type Connection, type ServerChannel } from 'ssh2';
import type { Database } from './db.ts';
import { fingerprint, keyByBlob, type PublicKey } from './keys.ts';
import { fatal, log } from './log.ts';
import { takeHeader } from './proxy-protocol.ts';
import { serve } from './serv.ts';
import { bool, duration, int, list, type Settings, text } from './values.ts';

/** Commands that run now, and who waits for their end. */
let running = 0;
let waiting: (() => void)[] = [];

/** Resolves when no command runs. */
export function sshIdle(): Promise<void> {
  return running === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve));
}

export const sshEnabled = (s: Settings): boolean =>
  bool(s, 'server', 'START_SSH_SERVER') && !bool(s, 'server', 'DISABLE_SSH');

/** The host keys that exist; makes gitea.rsa (RSA, 4096 bits) where none does. */
export function hostKeys(s: Settings): string[] {
  const named = list(s, 'server', 'SSH_SERVER_HOST_KEYS');
  const paths = (named.length > 0 ? named : ['ssh/gitea.rsa', 'ssh/gogs.rsa']).map((one) =>
    isAbsolute(one) ? one : join(s.dataPath, one),
  );
  const have = paths.filter((path) => existsSync(path));
  if (have.length > 0) return have;
  const first = paths[0] as string;
  try {
    mkdirSync(dirname(first), { recursive: true });
    const pair = generateKeyPairSync('rsa', {
      modulusLength: 4096,
      privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
      publicKeyEncoding: { type: 'pkcs1', format: 'pem' },
    });
    writeFileSync(first, pair.privateKey, { mode: 0o600 });
    const parsed = ssh2.utils.parseKey(pair.privateKey);
    if (parsed instanceof Error) throw parsed;
    writeFileSync(`${first}.pub`, `ssh-rsa ${parsed.getPublicSSH().toString('base64')}\n`, { mode: 0o600 });
  } catch (error) {
    fatal('modules/ssh/ssh.go:366:Listen()', `Failed to generate private key: ${(error as Error).message}`);
  }
  return [first];
}

export function sshServer(s: Settings, db: Database): ssh2.Server | Server {
  const keys = hostKeys(s);
  for (const key of keys) log('I', 'modules/ssh/ssh.go:373:Listen()', `Adding SSH host key: ${key}`);
  const options = { hostKeys: keys.map((key) => readFileSync(key)), ident: 'Go' };
  const server = new ssh2.Server(options, (client, info) =>
    connection(s, db, client, `${info.ip.replace(/^::ffff:/, '')}:${info.port}`),
  );
  if (!bool(s, 'server', 'SSH_SERVER_USE_PROXY_PROTOCOL')) return server;
  const limit = duration(s, 'server', 'PROXY_PROTOCOL_HEADER_TIMEOUT', 5000);
  return createServer((socket) => void proxied(server, socket, limit));
}

/** A connection whose proxy must say who the client is before anything else. Not a byte goes to one that does not. */
async function proxied(server: ssh2.Server, socket: Socket, limit: number): Promise<void> {
  const client = await takeHeader(socket, limit);
  socket.on('error', () => undefined); // its end tells
  if (!client) return void socket.destroy();
  if ('bad' in client) {
    const remote = `${socket.remoteAddress?.replace(/^::ffff:/, '')}:${socket.remotePort}`;
    log('E', 'modules/proxyprotocol/conn.go:186:readProxyHeaderOnce()', `Failed to read proxy prefix: ${client.bad}`);
    const where = 'modules/ssh/ssh.go:335:sshConnectionFailed()';
    log('W', where, `Failed connection from ${remote} with error: ${client.bad}`);
    log('W', where, `Failed authentication attempt from ${remote}`);
    return void socket.destroy();
  }
  Object.defineProperties(socket, { remoteAddress: { value: client.address }, remotePort: { value: client.port } });
  server.injectSocket(socket);
}

function connection(s: Settings, db: Database, client: Connection, remote: string): void {
  let key: PublicKey | undefined;
  const failed = (): void =>
    log('W', 'modules/ssh/ssh.go:220:publicKeyHandler()', `Failed authentication attempt from ${remote}`);
  client.on('authentication', (ctx: AuthContext) => {
    if (ctx.method !== 'publickey') return ctx.reject(['publickey']);
    authenticate(s, db, ctx)
      .then((found) => {
        if (!found) {
          failed();
          return ctx.reject(['publickey']);
        }
        if (ctx.signature) key = found;
        ctx.accept();
      })
      .catch((error: Error) => {
        log('E', 'modules/ssh/ssh.go:320:publicKeyHandler()', `SearchPublicKeyByContent: ${error.message}`);
        ctx.reject(['publickey']);
      });
  });
  client.on('ready', () => {
    client.on('session', (accept) => {
      let protocol = '';
      accept()
        .on('env', (acceptEnv, _reject, variable) => {
          if (variable.key === 'GIT_PROTOCOL') protocol = String((variable as { val?: string }).val ?? '');
          acceptEnv?.();
        })
        .on('pty', (_accept, reject) => reject?.())
        .on('exec', (acceptExec, _reject, { command }) => void work(acceptExec(), command, protocol))
        .on('shell', (acceptShell) => void work(acceptShell(), '', protocol));
    });
  });
  client.on('error', (error) => {
    log(
      'W',
      'modules/ssh/ssh.go:335:sshConnectionFailed()',
      `Failed connection from ${remote} with error: ${error.message}`,
    );
  });
  async function work(channel: ServerChannel, command: string, protocol: string): Promise<void> {
    const io = { stdin: channel, stdout: channel, stderr: channel.stderr };
    running++;
    const closed = new Promise<void>((resolve) => channel.once('close', () => resolve()));
    channel.exit(await serve(s, db, key as PublicKey, command, protocol, io, remote));
    channel.end();
    await closed;
    if (--running > 0) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  }
}

async function authenticate(s: Settings, db: Database, ctx: ssh2.PublicKeyAuthContext): Promise<PublicKey | undefined> {
  const where = 'modules/ssh/ssh.go:218:publicKeyHandler()';
  const user = text(s, 'server', 'BUILTIN_SSH_SERVER_USER', s.runUser);
  if (ctx.username !== user) {
    log('W', where, `Invalid SSH username ${ctx.username} - must use ${user} for all git operations via ssh`);
    return undefined;
  }
  const found = await keyByBlob(db, ctx.key.data);
  if (!found) {
    log('W', where, `Unknown public key: ${fingerprint(ctx.key.data)} from ssh`);
    return undefined;
  }
  if (!ctx.signature || !ctx.blob) return found;
  const parsed = ssh2.utils.parseKey(ctx.key.data);
  if (parsed instanceof Error) return undefined;
  // 1.23 took SHA-1 signatures of RSA keys away; ssh2 names the hash only for the newer ones.
  if (ctx.key.algo === 'ssh-rsa' && !ctx.hashAlgo) return undefined;
  return parsed.verify(ctx.blob, ctx.signature, ctx.hashAlgo) === true ? found : undefined;
}

export const sshPort = (s: Settings): number => int(s, 'server', 'SSH_LISTEN_PORT', int(s, 'server', 'SSH_PORT', 22));
