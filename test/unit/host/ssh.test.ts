import { readdirSync, readFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import type { Test } from 'tap';
import t from 'tap';
import { connectSsh } from '../../../lib/host/ssh.ts';
import { contract } from './contract.ts';
import { contractPut } from './contract-put.ts';
import { fakes, raise } from './raise.ts';
import { keyPair } from './ssh-server.ts';
import { alive, fails, until } from './support.ts';

/** A TCP server that does what it is told with each connection; its port. */
async function tcpServer(t: Test, onSocket: (socket: net.Socket) => void): Promise<number> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as net.AddressInfo).port;
}

t.test('contract, all of it on one connection', async (t) => {
  const { server, target } = await raise(t);
  const host = await connectSsh(target);
  const subject = { host, dir: t.testdir(), fakes };
  await contract(t, subject);
  await contractPut(t, subject);
  t.equal(host.label, 'root@127.0.0.1');
  t.equal(server.connections.length, 1);
  t.ok(server.peak() <= 8, `at most 8 sessions at once, were ${server.peak()}`);
  t.notOk(
    server.commands.some((line) => line.includes('hidden-value')),
    'a secret never stands in a command line',
  );
  await host.close();
  await fails(t, host.query({ argv: ['true'] }), { kind: 'hostUnreachable' });
});

t.test('a host that allows fewer sessions', async (t) => {
  const { server, target } = await raise(t, { maxSessions: 2 });
  const host = await connectSsh(target);
  const numbers = Array.from({ length: 8 }, (_, index) => `${index}`);
  const slow = (number: string) => host.query({ argv: ['sh', '-c', 'sleep 0.2; echo "$1"', 'sh', number] });
  const outputs = await Promise.all(numbers.map(slow));
  t.strictSame(
    outputs.map((output) => output.stdout.trim()),
    numbers,
  );
  t.equal(server.peak(), 2);
  await host.close();
});

t.test('a host that allows no session at all', async (t) => {
  const { target } = await raise(t, { maxSessions: 0 });
  const host = await connectSsh(target);
  await fails(t, host.query({ argv: ['true'] }), { kind: 'hostUnreachable', parts: { cause: /opens no session/ } });
  await host.close();
});

t.test('a key that the host does not take', async (t) => {
  const { target } = await raise(t, { authorized: [keyPair()] });
  await fails(t, connectSsh(target), {
    kind: 'credentialsRefused',
    exitCode: 14,
    parts: {
      what: /refused to log in root/,
      cause: /^tried: ssh-ed25519 SHA256:\S{43} \(.*id\)$/,
      next: /authorized_keys.*ssh -p \d+ root@127.0.0.1/,
    },
  });
});

t.test('nothing listens, a name that does not exist', async (t) => {
  const { server, target } = await raise(t);
  await server.close();
  await fails(t, connectSsh(target), { kind: 'hostUnreachable', exitCode: 12, message: /connection refused/ });
  await fails(t, connectSsh({ ...target, address: 'no.such.invalid' }), { kind: 'hostUnreachable', message: /DNS/ });
});

t.test('a host that takes the connection and never speaks', async (t) => {
  const { target } = await raise(t);
  const port = await tcpServer(t, () => {});
  await fails(t, connectSsh({ ...target, port, connectTimeout: 0.5 }), {
    kind: 'hostUnreachable',
    message: /limit of 0.5 s \(connected, but no SSH handshake\)/,
  });
});

t.test('a host that speaks something else, one that hangs up', async (t) => {
  const { target } = await raise(t);
  const http = await tcpServer(t, (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  const closing = await tcpServer(t, (socket) => socket.end());
  for (const port of [http, closing])
    await fails(t, connectSsh({ ...target, port }), { kind: 'hostUnreachable', message: /no SSH connection to/ });
});

t.test('a connection that is cut: all commands in flight fail, nothing hangs', async (t) => {
  const { server, target } = await raise(t);
  const host = await connectSsh(target);
  const held = await host.hold('echo held; cat >/dev/null');
  const lost = { kind: 'hostUnreachable', exitCode: 12, message: /connection lost during: sleep 30/ };
  const running = Array.from({ length: 12 }, () => fails(t, host.run({ argv: ['sleep', '30'] }), lost));
  await until(() => server.commands.length === 8);
  server.cut();
  await Promise.all(running);
  await held.lost;
  await held.release();
  await fails(t, host.query({ argv: ['true'] }), { kind: 'hostUnreachable' }, 'later commands fail at once');
  await host.close();
});

t.test('abort cuts on this side; a new connection needs no new credentials', async (t) => {
  const { server, target } = await raise(t);
  const host = await connectSsh(target);
  const running = fails(t, host.run({ argv: ['sleep', '30'] }), {
    parts: { cause: 'the connection was cut on this side' },
  });
  await until(() => server.commands.length === 1);
  host.abort();
  await running;
  const again = await host.reconnect();
  t.equal((await again.query({ argv: ['echo', 'again'] })).stdout, 'again\n');
  t.equal(server.connections.length, 2);
  await again.close();
});

t.test('a host that no longer answers', async (t) => {
  const { server, target } = await raise(t, {}, { keepalive: 0.05 });
  const host = await connectSsh(target);
  const running = fails(t, host.run({ argv: ['sleep', '30'] }), {
    kind: 'hostUnreachable',
    parts: { cause: /^no answer for 0\.2 s$/ },
  });
  await until(() => server.commands.length === 1);
  server.freeze();
  await running;
});

t.test('a quiet command on a host that answers is not lost', async (t) => {
  const { target } = await raise(t, {}, { keepalive: 0.05 });
  const host = await connectSsh(target);
  t.equal((await host.run({ argv: ['sleep', '0.6'] })).code, 0);
  await host.close();
});

t.test('a put that is cut off leaves the old file and nothing beside it', async (t) => {
  const { target } = await raise(t);
  const host = await connectSsh(target);
  const folder = t.testdir({ file: 'old' });
  const path = join(folder, 'file');
  const put = fails(
    t,
    host.put({
      path,
      content: new Uint8Array(80_000_000),
      mode: '0644',
      uid: process.getuid?.() ?? 0,
      gid: process.getgid?.() ?? 0,
    }),
    {
      kind: 'hostUnreachable',
      message: /connection lost during/,
    },
  );
  await until(() => readdirSync(folder).length === 2);
  host.abort();
  await put;
  await until(() => readdirSync(folder).length === 1);
  t.equal(readFileSync(path, 'utf8'), 'old');
});

t.test('the host itself ends a command when nobody is connected any more', async (t) => {
  const { target } = await raise(t);
  const host = await connectSsh(target);
  const pid = join(t.testdir(), 'pid');
  const running = fails(
    t,
    host.run({ argv: ['sh', '-c', 'echo $$ >"$1"; exec sleep 30', 'sh', pid], timeout: 0.2 }),
    {},
  );
  await until(() => readdirSync(join(pid, '..')).length === 1 && readFileSync(pid, 'utf8').length > 1);
  host.abort();
  await running;
  await until(() => !alive(Number(readFileSync(pid, 'utf8'))));
});
