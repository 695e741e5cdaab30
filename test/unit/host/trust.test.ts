import { execFileSync, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import t from 'tap';
import {
  findPins,
  fingerprint,
  hostKey,
  knownName,
  serverHostKeyAlgorithms,
  withPin,
} from '../../../lib/host/known-hosts.ts';
import { connectSsh, recordHostKey } from '../../../lib/host/ssh.ts';
import { type KeyPair, keyPair, sshServer, wire } from './ssh-server.ts';
import { fails } from './support.ts';

const [ed25519, rsa, ecdsa, other, me] = [keyPair(), keyPair('rsa'), keyPair('ecdsa'), keyPair(), keyPair()];
const print = (pair: KeyPair) => fingerprint(wire(pair));

function hashed(name: string): string {
  const salt = Buffer.from('twenty bytes of salt');
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
}

async function raise(t: Test, hostKeys: readonly KeyPair[] = [ed25519, rsa, ecdsa]) {
  const server = await sshServer({ hostKeys, authorized: [me] });
  t.teardown(() => server.close());
  const dir = t.testdir({ id: me.private });
  const target = {
    address: '127.0.0.1',
    port: server.port,
    user: 'root',
    identityFile: join(dir, 'id'),
    knownHostsFile: join(dir, 'known_hosts'),
  };
  const write = (text: string) => writeFileSync(target.knownHostsFile, text);
  const name = knownName('127.0.0.1', server.port);
  const connects = async () => {
    const host = await connectSsh(target);
    await host.close();
  };
  return { server, target, dir, name, write, connects };
}

t.test('an unknown key is refused, with its fingerprint and the command that records it', async (t) => {
  const { target, connects, name } = await raise(t);
  await fails(t, connects(), {
    kind: 'hostKeyMismatch',
    exitCode: 13,
    parts: {
      where: name,
      what: `the host key of 127.0.0.1 is not known: ssh-ed25519 ${print(ed25519)}`,
      next: `compare with \`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub\` on the host's console, then: npx zx runbooks/doctor.mjs --trust-host-key ${print(ed25519)}`,
    },
  });
  t.notOk(existsSync(target.knownHostsFile), 'nothing is trusted silently');
});

t.test('a changed key is refused with both fingerprints', async (t) => {
  const { write, connects, name } = await raise(t);
  write(`${name} ${other.public}\n`);
  await fails(t, connects(), {
    kind: 'hostKeyMismatch',
    message: /has CHANGED/,
    parts: {
      cause: `known: ssh-ed25519 ${print(other)}\nshown: ssh-ed25519 ${print(ed25519)}`,
      next: /only if it shows the same/,
    },
  });
});

t.test('a pin of any type is found, though the host would rather show another', async (t) => {
  const { write, connects, name } = await raise(t);
  for (const pair of [ed25519, rsa, ecdsa]) {
    write(`# comment\n\nelsewhere ${other.public}\n${name},example ${pair.public} root@host\r\n`);
    await t.resolves(connects());
  }
});

t.test('hashed names, patterns, negation', async (t) => {
  const { write, connects, name } = await raise(t);
  write(`${hashed(name)} ${ed25519.public}\n`);
  await t.resolves(connects());
  write(`${hashed('other')} ${ed25519.public}\n`);
  await fails(t, connects(), { kind: 'hostKeyMismatch' });
  write(`[127.0.0.*]:* ${ed25519.public}\n`);
  await t.resolves(connects());
  write(`!${name},[127.0.0.*]:* ${ed25519.public}\n`);
  await fails(t, connects(), { kind: 'hostKeyMismatch' });
  write(`127.0.0.1 ${ed25519.public}\n`);
  await fails(t, connects(), { kind: 'hostKeyMismatch' }, 'a pin of port 22 is not one of another port');
});

t.test('a revoked key is refused even when it is pinned; a certificate authority is no pin', async (t) => {
  const { write, connects, name } = await raise(t);
  write(`${name} ${ed25519.public}\n@revoked * ${ed25519.public}\n`);
  await fails(t, connects(), { kind: 'hostKeyMismatch', message: /is revoked/ });
  write(`@cert-authority ${name} ${ed25519.public}\n`);
  await fails(t, connects(), { kind: 'hostKeyMismatch', message: /not known/ });
});

t.test('a damaged line is no pin', async (t) => {
  const { write, connects, name } = await raise(t);
  const base64 = ed25519.public.split(' ')[1];
  for (const line of [
    name,
    `${name} ssh-ed25519`,
    `${name} ssh-rsa ${base64}`,
    `${name} ssh-ed25519 AAAA`,
    '|1|x',
    '\0\xff',
  ]) {
    write(`${line}\n`);
    await fails(t, connects(), { kind: 'hostKeyMismatch', message: /not known/ });
  }
});

t.test('a known_hosts file that cannot be read', async (t) => {
  const { target, connects } = await raise(t);
  mkdirSync(target.knownHostsFile);
  await fails(t, connects(), { kind: 'hostKeyMismatch', message: /cannot read the known hosts/ });
});

t.test('record: only the key with the given fingerprint, of any type', async (t) => {
  const { target, connects, name, dir } = await raise(t);
  await fails(t, recordHostKey(target, print(other)), {
    kind: 'hostKeyMismatch',
    parts: { what: /nothing was recorded/, cause: new RegExp(print(rsa).replaceAll(/[+/]/g, '\\$&')) },
  });
  t.notOk(existsSync(target.knownHostsFile));
  for (const pair of [rsa, ecdsa, ed25519]) {
    await recordHostKey(target, print(pair));
    t.equal(
      readFileSync(target.knownHostsFile, 'utf8'),
      `${name} ${pair.public.trim()}\n`,
      'and it replaces an older one',
    );
    await t.resolves(connects());
  }
  t.strictSame(readdirSync(dir).sort(), ['id', 'known_hosts']);
});

t.test('record: keeps the other lines, the mode, and a link to the file', async (t) => {
  const { target, name, dir } = await raise(t);
  const real = join(dir, 'real');
  writeFileSync(
    real,
    `# mine\nelsewhere ${other.public.trim()}\nweb,${name} ${other.public.trim()} note\n${hashed(name)} ${other.public.trim()}\n`,
  );
  chmodSync(real, 0o600);
  symlinkSync('real', target.knownHostsFile);
  await recordHostKey(target, print(ed25519));
  const { mtimeMs } = statSync(real);
  t.equal(
    readFileSync(real, 'utf8'),
    `# mine\nelsewhere ${other.public.trim()}\nweb ${other.public.trim()} note\n${name} ${ed25519.public.trim()}\n`,
  );
  t.equal(statSync(real).mode & 0o777, 0o600);
  t.ok(lstatSync(target.knownHostsFile).isSymbolicLink());
  await recordHostKey(target, print(ed25519));
  t.equal(statSync(real).mtimeMs, mtimeMs, 'a key that is pinned already is not written again');
});

t.test('record: lines with a marker stay, whichever names and keys they have', async (t) => {
  const { target, name, write, connects } = await raise(t);
  const marked = [
    `@revoked ${name} ${other.public.trim()}`,
    `@revoked ${name},web ${rsa.public.trim()} stolen`,
    `@revoked * ${ecdsa.public.trim()}`,
    `@revoked ${hashed(name)} ${other.public.trim()}`,
    `@cert-authority ${name} ${other.public.trim()}`,
  ];
  write(`${name} ${other.public.trim()}\n${marked.join('\n')}\n`);
  await recordHostKey(target, print(ed25519));
  t.equal(
    readFileSync(target.knownHostsFile, 'utf8'),
    `${marked.join('\n')}\n${name} ${ed25519.public.trim()}\n`,
    'only the older pin goes',
  );
  await t.resolves(connects());
  await fails(t, recordHostKey(target, print(rsa)), { kind: 'hostKeyMismatch', message: /is revoked/ });
  t.equal(findPins(readFileSync(target.knownHostsFile, 'utf8'), name).revoked.length, 4);
});

t.test('record: a revoked key, a host that is not there, a folder that is not there', async (t) => {
  const { target, write, server } = await raise(t);
  write(`@revoked * ${ed25519.public}\n`);
  await fails(t, recordHostKey(target, print(ed25519)), { kind: 'hostKeyMismatch', message: /is revoked/ });
  await fails(t, recordHostKey({ ...target, knownHostsFile: '/nowhere/at/all' }, print(ed25519)), {
    kind: 'hostKeyMismatch',
    message: /cannot write/,
  });
  await server.close();
  await fails(t, recordHostKey(target, print(ed25519)), { kind: 'hostUnreachable' });
});

const noKeygen = spawnSync('ssh-keygen', ['-?']).error ? 'no ssh-keygen here' : false;

t.test('the fingerprint and the file are those of OpenSSH', { skip: noKeygen }, async (t) => {
  const dir = t.testdir({
    'key.pub': ed25519.public,
    known: `git.example.com,[git.example.com]:2222 ${ed25519.public}\n`,
  });
  t.match(execFileSync('ssh-keygen', ['-lf', join(dir, 'key.pub')], { encoding: 'utf8' }), print(ed25519));
  execFileSync('ssh-keygen', ['-H', '-f', join(dir, 'known')], { stdio: 'ignore' });
  const text = readFileSync(join(dir, 'known'), 'utf8');
  t.match(text, /^\|1\|/);
  for (const port of [22, 2222]) t.equal(findPins(text, knownName('git.example.com', port)).trusted.length, 1);
  writeFileSync(join(dir, 'ours'), withPin('', '[203.0.113.10]:2222', hostKey(wire(rsa))));
  t.match(
    execFileSync('ssh-keygen', ['-F', '[203.0.113.10]:2222', '-lf', join(dir, 'ours')], { encoding: 'utf8' }),
    print(rsa),
  );
});

t.test('algorithms: those of the pinned keys first, SHA-1 never', async (t) => {
  t.strictSame(serverHostKeyAlgorithms([hostKey(wire(rsa))]).slice(0, 3), [
    'rsa-sha2-512',
    'rsa-sha2-256',
    'ssh-ed25519',
  ]);
  t.equal(serverHostKeyAlgorithms([hostKey(wire(ecdsa))])[0], 'ecdsa-sha2-nistp256');
  t.notOk(serverHostKeyAlgorithms([]).includes('ssh-rsa'));
  t.equal(serverHostKeyAlgorithms([]).length, 6);
});

t.test('names: case does not matter, IPv6', async (t) => {
  t.equal(knownName('Git.Example.COM', 22), 'git.example.com');
  t.equal(knownName('2001:db8::1', 22), '2001:db8::1');
  t.equal(knownName('2001:db8::1', 2222), '[2001:db8::1]:2222');
});
