// Ctrl-C while a connection is made: whatever is waited for, the wait ends at once and nothing goes on behind it.
import dns from 'node:dns';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { connectSsh, recordHostKey } from '../../../lib/host/ssh.ts';
import { raise } from './raise.ts';
import { keyPair } from './ssh-server.ts';
import { alive, fails, until } from './support.ts';

const interrupted = {
  kind: 'interrupted',
  exitCode: 130,
  message: /interrupted while connecting\nNext: nothing was changed/,
};

/** A listener that takes connections and says nothing, or only the first words of SSH. */
async function silent(t: Test, at: string | number, words = '') {
  const sockets: net.Socket[] = [];
  const server = net.createServer((socket) => {
    sockets.push(socket);
    socket
      .on('error', () => {})
      .resume()
      .write(words);
  });
  await new Promise<void>((resolve) => server.listen(at, resolve));
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as net.AddressInfo).port, sockets };
}

async function waits(t: Test, name: string, target: object, reached: () => boolean, more: object = {}) {
  const { target: good } = await raise(t);
  const controller = new AbortController();
  const attempt = connectSsh({ ...good, connectTimeout: 600, ...target }, { signal: controller.signal, ...more });
  attempt.catch(() => {});
  await until(reached);
  controller.abort();
  await fails(t, attempt, interrupted, name);
}

t.test('the TCP connection, the handshake, the name', async (t) => {
  for (const words of ['', 'SSH-2.0-slow\r\n']) {
    const { port, sockets } = await silent(t, 0, words);
    await waits(t, `after ${JSON.stringify(words)}`, { port }, () => sockets.length > 0);
    await until(() => sockets.every((socket) => socket.destroyed || socket.readableEnded));
  }
  const { lookup } = dns;
  let asked = false;
  t.teardown(() => Object.assign(dns, { lookup }));
  Object.assign(dns, {
    lookup: (name: string, ...rest: unknown[]) => {
      if (name !== 'git.corp.test') return (lookup as (...words: unknown[]) => void)(name, ...rest);
      asked = true;
    },
  });
  await waits(t, 'a name server that does not answer', { address: 'git.corp.test' }, () => asked);
});

t.test('the agent, and a person who is asked for a passphrase', async (t) => {
  // The name of a socket is at most 107 bytes long.
  const folder = mkdtempSync(join(tmpdir(), 'agent-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'socket');
  const { sockets } = await silent(t, path);
  const before = process.env.SSH_AUTH_SOCK;
  process.env.SSH_AUTH_SOCK = path;
  t.teardown(() => {
    if (before === undefined) delete process.env.SSH_AUTH_SOCK;
    else process.env.SSH_AUTH_SOCK = before;
  });
  await waits(t, 'the agent', { identityFile: undefined }, () => sockets.length > 0);
  const identityFile = join(t.testdir({ locked: keyPair('ed25519', 'word').private }), 'locked');
  let asked = false;
  const askPassphrase = () => {
    asked = true;
    return new Promise<never>(() => {});
  };
  await waits(t, 'the passphrase', { identityFile }, () => asked, { askPassphrase });
});

t.test('a tunnel: its program ends as well', async (t) => {
  const { port } = await silent(t, 0);
  let pid = 0;
  const file = join(t.testdir({}), 'pid');
  await waits(
    t,
    'the tunnel',
    { port, tunnel: ['sh', '-c', `echo $$ > ${file}.next; mv ${file}.next ${file}; exec sleep 600`] },
    () => {
      pid = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
      return pid > 0;
    },
  );
  await until(() => !alive(pid));
});

t.test('a signal that was given before, and one that comes too late', async (t) => {
  const { target, server } = await raise(t);
  await fails(t, connectSsh(target, { signal: AbortSignal.abort() }), interrupted);
  await fails(t, recordHostKey(target, 'SHA256:x', AbortSignal.abort()), interrupted);
  t.equal(server.connections.length, 0, 'nothing was tried');
  const controller = new AbortController();
  const host = await connectSsh(target, { signal: controller.signal });
  controller.abort();
  t.equal((await host.query({ argv: ['echo', 'in'] })).stdout, 'in\n', 'a connection that is made stays');
  await host.close();
});
