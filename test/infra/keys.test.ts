import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import t, { type Test } from 'tap';
import { loadConfig } from '../../lib/config/load.ts';
import { newKeyPair } from '../../lib/host/new-key.ts';
import { loginKey, newHostKey, publicHostKey } from '../../lib/jobs/infra/keys.ts';
import { failureOf } from './setup.ts';

function configIn(t: Test, host: object = {}) {
  const folder = t.testdir({});
  const file = join(folder, 'gitea.config.yaml');
  const aws = { accountId: '210987654321', region: 'eu-central-1', sshFrom: ['10.9.0.0/16'] };
  const rest = {
    domain: 'git.lab.test',
    tls: { email: 'ops@lab.test' },
    admin: { username: 'operator', email: 'ops@lab.test' },
  };
  writeFileSync(file, JSON.stringify({ ...rest, aws, host: { provider: 'aws', ...host } }));
  return { folder, config: loadConfig(file).config };
}

t.test('a new pair is one that others can use, every time', async (t) => {
  for (let index = 0; index < 500; index++) {
    const comment = 'c'.repeat(index % 9);
    const pair = newKeyPair(comment);
    const own = ssh2.utils.parseKey(pair.private) as ssh2.ParsedKey;
    const other = ssh2.utils.parseKey(pair.public) as ssh2.ParsedKey;
    const data = Buffer.from('x');
    if (other.verify(data, own.sign(data)) !== true || own.comment !== comment) t.fail(pair.public);
  }
  const { private: text } = newKeyPair();
  t.match(text, /^-----BEGIN OPENSSH PRIVATE KEY-----\n([A-Za-z0-9+/=]{1,70}\n)+-----END OPENSSH PRIVATE KEY-----\n$/);
  t.not(newKeyPair().private, newKeyPair().private);
  for (const comment of ['', 'a', 'ab', 'abc', 'abcdefgh']) {
    const bytes = Buffer.from(newKeyPair(comment).private.replace(/-----.*-----|\n/g, ''), 'base64');
    const head = 'openssh-key-v1\0'.length + 4 + 4 + 4 + 4 + 4 + 4;
    const inner = head + 4 + bytes.readUInt32BE(head);
    const length = bytes.readUInt32BE(inner);
    t.same([length % 8, inner + 4 + length], [0, bytes.length], 'in whole blocks, as OpenSSH wants it');
  }
});

t.test('the host’s key is shown nowhere', async (t) => {
  const key = newHostKey();
  t.equal(`${key} ${JSON.stringify({ key })}`, '<secret ssh_host_ed25519_key> {"key":"<secret ssh_host_ed25519_key>"}');
  const { type, blob } = publicHostKey(key);
  t.same([type, blob.length], ['ssh-ed25519', 51]);
});

t.test('a login key is made once, and never over another', async (t) => {
  const { folder, config } = configIn(t);
  const path = join(folder, 'gitea.id_ed25519');
  const seen = await loginKey(config, undefined, { save: false });
  t.match(seen, { line: /^ssh-ed25519 \S+ gitea-runbooks gitea$/, made: undefined });
  t.notOk(existsSync(path), 'a look makes none');
  const made = await loginKey(config, undefined, { save: true });
  t.equal(made.made, path);
  t.equal(statSync(path).mode & 0o777, 0o600);
  const text = readFileSync(path, 'utf8');
  t.equal(readFileSync(`${path}.pub`, 'utf8'), `${made.line}\n`);
  t.same(await loginKey(config, 'ssh-ed25519 of-the-state', { save: true }), { line: made.line }, 'the file counts');
  t.equal(readFileSync(path, 'utf8'), text);
  const other = configIn(t, {});
  t.same(await loginKey(other.config, 'ssh-ed25519 AAAA of the state', { save: true }), {
    line: 'ssh-ed25519 AAAA of the state',
  });
  t.notOk(existsSync(join(other.folder, 'gitea.id_ed25519')), 'a colleague gets no second key');
});

t.test('a login key is never written where something is already', async (t) => {
  const { folder, config } = configIn(t);
  const elsewhere = join(folder, 'elsewhere');
  // As if another run had been quicker between the look and the write.
  symlinkSync(elsewhere, join(folder, 'gitea.id_ed25519'));
  await t.rejects(loginKey(config, undefined, { save: true }), { code: 'EEXIST' });
  t.notOk(existsSync(elsewhere));
});

t.test('a key of one’s own', async (t) => {
  const { folder, config } = configIn(t, { identityFile: 'mine' });
  const path = join(folder, 'mine');
  const key = () => loginKey(config, undefined, { save: true });
  t.match(await failureOf(key()), { exitCode: 14, message: /cannot read the SSH key .*mine/ });
  const pair = newKeyPair('me');
  writeFileSync(path, pair.private, { mode: 0o600 });
  t.same(await key(), { line: pair.public });
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(path, privateKey.export({ type: 'sec1', format: 'pem' }));
  t.match(await failureOf(key()), {
    exitCode: 14,
    message: /is of the kind ecdsa-sha2-nistp256, EC2 takes ed25519 and rsa/,
  });
  writeFileSync(path, 'nonsense');
  t.match(await failureOf(key()), { exitCode: 14, message: /cannot be used/ });

  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const locked = createPrivateKey(rsa.export({ type: 'pkcs1', format: 'pem' })).export({
    type: 'pkcs1',
    format: 'pem',
    cipher: 'aes-128-cbc',
    passphrase: 'p',
  });
  writeFileSync(path, locked);
  t.match(await failureOf(key()), {
    exitCode: 14,
    message: /has a passphrase, and .*mine\.pub is not there/,
    parts: { next: new RegExp(`^ssh-keygen -y -f ${path} > ${path}\\.pub, then`) },
  });
  writeFileSync(`${path}.pub`, 'ssh-rsa AAAA me\n');
  t.same(await key(), { line: 'ssh-rsa AAAA me' });
  chmodSync(path, 0o600);
});
