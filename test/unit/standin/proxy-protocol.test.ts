import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import { readHeader, takeHeader } from '../../lab/standin/proxy-protocol.ts';

const header = (text: string) => readHeader(Buffer.from(text));

t.test('who the client is', async (t) => {
  t.same(header('PROXY TCP4 198.51.100.7 172.31.250.2 50000 2222\r\nSSH-2.0-x'), {
    client: { address: '198.51.100.7', port: 50000 },
    length: 49,
  });
  t.match(header('PROXY TCP6 2001:db8::1 2001:db8::2 5 2222\r\n'), { client: { address: '2001:db8::1' } });
});

t.test('not enough yet', async (t) => {
  for (const text of ['', 'PROX', 'PROXY TCP4 1', 'SSH-2', 'SSH-2.0-abc']) t.equal(header(text), undefined, text);
});

t.test('what Gitea refuses', async (t) => {
  for (const [text, bad] of [
    ['SSH-2.0-OpenSSH_9.2\r\n', 'Unexpected proxy header: [83 83 72 45 50 46 48 45 79 112 101 110]'],
    ['PROXY UNKNOWN\r\n', /^Unexpected proxy header: \[/],
    ['PROXY TCP4 198.51.100.7 172.31.250.2 1 2 3\r\n', /^Unexpected proxy header: \[/],
    ['PROXY TCP4 198.51.100.7 172.31.250.2 1 2\n', /^Unexpected proxy header: \[/],
    ['PROXY UDP4 198.51.100.7 172.31.250.2 1 2\r\n', 'Unexpected proxy header address type: UDP4'],
    ['PROXY TCP4 nobody 172.31.250.2 1 2\r\n', 'Unexpected proxy header remote IP and port: nobody 1'],
    ['PROXY TCP4 198.51.100.7 unix:/tmp/room.sock 1 2\r\n', /local IP and port: unix:/],
    ['PROXY TCP4 198.51.100.7 172.31.250.2 x 2\r\n', /remote IP and port/],
  ] as const)
    t.match(header(text), { bad }, text);
});

/** The server's end of a connection on which a client says this, and what came of its header. */
async function said(t: Test, limit: number, ...parts: string[]) {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  t.teardown(() => {
    client.destroy();
    server.close();
  });
  const [socket] = (await once(server, 'connection')) as [Socket];
  const header = takeHeader(socket, limit);
  for (const part of parts) {
    client.write(part);
    await new Promise((next) => setTimeout(next, 20));
  }
  return { client, socket, header };
}

t.test('in pieces, and what follows is left for who comes after', async (t) => {
  const { client, socket, header } = await said(
    t,
    5000,
    'PRO',
    'XY TCP4 198.51.100.7 172.31.250.2 50000 2222\r',
    '\nSSH',
  );
  t.same(await header, { address: '198.51.100.7', port: 50000 });
  let rest = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    rest += text;
  });
  client.end('-2.0-x');
  await once(socket, 'end');
  t.equal(rest, 'SSH-2.0-x');
});

t.test('who says nothing is sent away in time, who goes leaves no word', async (t) => {
  t.match(await (await said(t, 50)).header, { bad: /i\/o timeout/ });
  const { client, header } = await said(t, 5000, 'PRO');
  client.destroy();
  t.equal(await header, undefined);
});
