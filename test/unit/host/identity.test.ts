import { chmodSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import type { ParsedKey } from 'ssh2';
import ssh2 from 'ssh2';
import type { Test } from 'tap';
import t from 'tap';
import { isEncrypted, loadCredentials } from '../../../lib/host/identity.ts';
import { fingerprint, knownName } from '../../../lib/host/known-hosts.ts';
import { connectSsh } from '../../../lib/host/ssh.ts';
import { type KeyPair, keyPair, sshServer, wire } from './ssh-server.ts';
import { fails } from './support.ts';

const plain = keyPair();
const locked = keyPair('ed25519', 'open sesame');
const lockedRsa = keyPair('rsa', 'open sesame');
const dir = t.testdir({
  plain: plain.private,
  'plain.pub': plain.public,
  locked: locked.private,
  lockedRsa: lockedRsa.private,
  broken: 'no key at all',
  empty: '',
});
const path = (name: string) => join(dir, name);

/** An ssh-agent with these keys on a socket of its own; SSH_AUTH_SOCK points at it until the test ends. */
async function agent(t: Test, keys: readonly KeyPair[], signs = true): Promise<void> {
  const server = net.createServer((socket) => {
    const protocol = new ssh2.AgentProtocol(false);
    protocol.on('identities', (request) =>
      protocol.getIdentitiesReply(
        request,
        keys.map((key) => ssh2.utils.parseKey(key.private) as ParsedKey),
      ),
    );
    protocol.on('sign', (request, pubKey, data) => {
      const pair = keys.find((key) => wire(key).equals((pubKey as ParsedKey).getPublicSSH()));
      if (!pair || !signs) return protocol.failureReply(request);
      protocol.signReply(request, (ssh2.utils.parseKey(pair.private) as ParsedKey).sign(data));
    });
    protocol.on('error', () => {});
    socket.on('error', () => {});
    socket.pipe(protocol).pipe(socket);
  });
  const socket = join(t.testdir(), 'agent');
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  environment(t, socket);
  t.teardown(() => server.close());
}

function environment(t: Test, socket: string | undefined): void {
  const old = process.env.SSH_AUTH_SOCK;
  const set = (value: string | undefined) => {
    if (value === undefined) delete process.env.SSH_AUTH_SOCK;
    else process.env.SSH_AUTH_SOCK = value;
  };
  set(socket);
  t.teardown(() => set(old));
}

async function raise(t: Test, authorized: readonly KeyPair[]) {
  const hostKey = keyPair();
  const server = await sshServer({ hostKeys: [hostKey], authorized });
  t.teardown(() => server.close());
  const knownHostsFile = path(`known_hosts.${server.port}`);
  writeFileSync(knownHostsFile, `${knownName('127.0.0.1', server.port)} ${hostKey.public}\n`);
  return { address: '127.0.0.1', port: server.port, user: 'root', knownHostsFile };
}

t.test('a key without a passphrase asks nobody', async (t) => {
  const credentials = await loadCredentials(path('plain'), () => Promise.reject(new Error('asked')));
  t.strictSame(credentials.keys, [`ssh-ed25519 ${fingerprint(wire(plain))} (${path('plain')})`]);
});

t.test('an encrypted key with the right passphrase logs in, and again on reconnect without asking', async (t) => {
  for (const [name, pair] of [
    ['locked', locked],
    ['lockedRsa', lockedRsa],
  ] as const) {
    const target = await raise(t, [keyPairPublic(pair, 'open sesame')]);
    const asked: string[] = [];
    const askPassphrase = async (key: string) => {
      asked.push(key);
      return asked.length === 1 ? 'wrong' : 'open sesame';
    };
    const host = await connectSsh({ ...target, identityFile: path(name) }, { askPassphrase });
    const again = await host.reconnect();
    t.equal((await again.query({ argv: ['echo', 'in'] })).stdout, 'in\n');
    t.strictSame(asked, [path(name), path(name)], 'asked again after a wrong one, then never');
    await again.close();
    await host.close();
  }
});

function keyPairPublic(pair: KeyPair, passphrase: string): KeyPair {
  const key = ssh2.utils.parseKey(pair.private, passphrase) as ParsedKey;
  return { private: '', public: `${key.type} ${key.getPublicSSH().toString('base64')}` };
}

t.test('an encrypted key and nobody to ask, no answer, three wrong answers', async (t) => {
  await fails(t, loadCredentials(path('locked')), {
    kind: 'credentialsRefused',
    exitCode: 14,
    message: /locked has a passphrase.*no terminal/,
    parts: { next: /ssh-add/ },
  });
  await fails(
    t,
    loadCredentials(path('locked'), async () => undefined),
    { kind: 'credentialsRefused', message: /no passphrase was given/ },
  );
  let asked = 0;
  const wrong = async () => {
    asked++;
    return 'wrong';
  };
  await fails(t, loadCredentials(path('locked'), wrong), { kind: 'credentialsRefused', message: /cannot be used/ });
  t.equal(asked, 3);
});

t.test('files that are no private key', async (t) => {
  for (const name of ['broken', 'empty', 'plain.pub']) {
    await fails(t, loadCredentials(path(name)), {
      kind: 'credentialsRefused',
      message: new RegExp(`${name} cannot be used`),
      parts: { next: /ssh-keygen -yf/ },
    });
  }
  await fails(t, loadCredentials(path('missing')), {
    kind: 'credentialsRefused',
    message: /cannot read the SSH key .*missing/,
    parts: { cause: /ENOENT/ },
  });
  await fails(t, loadCredentials(dir), { kind: 'credentialsRefused', parts: { cause: /it is a directory/ } });
  chmodSync(path('plain'), 0o644);
  await t.resolves(loadCredentials(path('plain')), 'readable for others is accepted');
});

t.test('whether a file is encrypted is read off its format', async (t) => {
  t.notOk(isEncrypted(plain.private));
  t.ok(isEncrypted(locked.private));
  t.ok(
    isEncrypted(
      '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAA==\n-----END RSA PRIVATE KEY-----\n',
    ),
  );
  t.ok(isEncrypted('-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n-----END ENCRYPTED PRIVATE KEY-----\n'));
  t.ok(isEncrypted('PuTTY-User-Key-File-2: ssh-rsa\nEncryption: aes256-cbc\n'));
  t.notOk(isEncrypted('PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\n'));
  t.notOk(
    isEncrypted('-----BEGIN OPENSSH PRIVATE KEY-----\nAA==\n-----END OPENSSH PRIVATE KEY-----\n'),
    'a cut-off file',
  );
});

t.test('the agent: each of its keys is tried', async (t) => {
  const [first, second, rsa] = [keyPair(), keyPair(), keyPair('rsa')];
  await agent(t, [first, second]);
  const host = await connectSsh(await raise(t, [second]));
  t.equal((await host.query({ argv: ['echo', 'in'] })).stdout, 'in\n');
  await host.close();
  await fails(t, connectSsh(await raise(t, [rsa])), {
    kind: 'credentialsRefused',
    parts: {
      cause: `tried: ssh-ed25519 ${fingerprint(wire(first))} (agent)\ntried: ssh-ed25519 ${fingerprint(wire(second))} (agent)`,
    },
  });
});

t.test('an agent that cannot sign', async (t) => {
  const key = keyPair();
  await agent(t, [key], false);
  await fails(t, connectSsh(await raise(t, [key])), { kind: 'credentialsRefused', message: /refused to log in/ });
});

t.test('no agent, a dead one, an empty one', async (t) => {
  environment(t, undefined);
  await fails(t, loadCredentials(undefined), {
    kind: 'credentialsRefused',
    message: /no SSH key/,
    parts: { next: /host\.identityFile.*ssh-add/ },
  });
  environment(t, path('nowhere'));
  await fails(t, loadCredentials(undefined), { kind: 'credentialsRefused', message: /does not answer/ });
  await agent(t, []);
  await fails(t, loadCredentials(undefined), { kind: 'credentialsRefused', message: /holds no key/ });
});
