import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import t from 'tap';
import { knownName } from '../../../lib/host/known-hosts.ts';
import type { SshTarget } from '../../../lib/host/ssh.ts';
import { type KeyPair, keyPair, type ServerOptions, sshServer } from './ssh-server.ts';

const hostKeys = [keyPair()];
const me = keyPair();
const dir = t.testdir({ id: me.private });
/** A folder that stands first in the PATH of every command on the server. */
export const fakes = `${dir}-fakes`;
mkdirSync(fakes, { recursive: true });
t.teardown(() => rmSync(fakes, { recursive: true }));

/** A server that knows our key, and the target that leads to it with its host key pinned. */
export async function raise(t: Test, options: Partial<ServerOptions> = {}, target: Partial<SshTarget> = {}) {
  const server = await sshServer({ hostKeys, authorized: [me], path: fakes, ...options });
  t.teardown(() => server.close());
  const knownHostsFile = join(dir, `known_hosts.${server.port}`);
  const pin = (keys: readonly KeyPair[]) =>
    keys.map((key) => `${knownName('127.0.0.1', server.port)} ${key.public}\n`).join('');
  writeFileSync(knownHostsFile, pin(options.hostKeys ?? hostKeys));
  return {
    server,
    target: {
      address: '127.0.0.1',
      port: server.port,
      user: 'root',
      identityFile: join(dir, 'id'),
      knownHostsFile,
      ...target,
    },
  };
}
