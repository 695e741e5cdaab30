import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { connect, trustHostKey } from '../../../lib/host/connect.ts';
import { fingerprint } from '../../../lib/host/known-hosts.ts';
import { keyPair, sshServer, wire } from './ssh-server.ts';
import { fails } from './support.ts';

t.test('from a config to a host', async (t) => {
  const [hostKey, me] = [keyPair(), keyPair()];
  const server = await sshServer({ hostKeys: [hostKey], authorized: [me] });
  t.teardown(() => server.close());
  const dir = t.testdir({ id: me.private });
  const config = {
    host: {
      address: '127.0.0.1',
      port: server.port,
      user: 'root',
      identityFile: join(dir, 'id'),
      knownHosts: join(dir, 'known'),
    },
  };
  await fails(t, connect(config), { kind: 'hostKeyMismatch' });
  await trustHostKey(config, fingerprint(wire(hostKey)));
  const host = await connect(config);
  t.equal((await host.query({ argv: ['echo', 'in'] })).stdout, 'in\n');
  await host.close();
});

t.test('ssh2 is loaded only by connecting', async (t) => {
  const source = readFileSync(new URL('../../../lib/host/connect.ts', import.meta.url), 'utf8');
  t.notMatch(source, /^import (?!type).*(ssh2|\.\/ssh)/m);
});
