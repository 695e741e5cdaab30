// What a host does at its first boot, run for real: the script as Terraform renders it, in a folder in place of the host's
// root, against strict stand-ins of the metadata service and of Secrets Manager.
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { type CloudOptions, metadataToken, sessionToken, signer, startCloud } from '../unit/terraform/cloud.ts';
import { renderTemplate } from '../unit/terraform/template.ts';

t.setTimeout(120_000);
const template = readFileSync(new URL('../../terraform/user-data.sh.tftpl', import.meta.url), 'utf8');
const missing = ['curl', 'python3', 'ssh-keygen'].filter(
  (tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0,
);
const skip = missing.length > 0 && `needs ${missing.join(', ')}`;

/** Commands of the host that the script may not reach here; each call lands in the file `calls`. */
const shims = (root: string, { sshd = 'exit 0', restart = 'exit 0' }) => ({
  sshd: `#!/bin/sh\necho "sshd $*" >>${root}/calls\n[ -d ${root}/run/sshd ] || exit 255\n${sshd}\n`,
  systemctl: `#!/bin/sh\necho "systemctl $*" >>${root}/calls\n${restart}\n`,
  sleep: `#!/bin/sh\necho "sleep $*" >>${root}/calls\n`,
  curl: `#!/bin/sh\nprintf '%s\\n' "$*" >>${root}/arguments\nPATH=${process.env.PATH}\nexec curl "$@"\n`,
});

const newKey = (dir: string, ...words: string[]) => {
  execFileSync('ssh-keygen', ['-q', '-N', '', '-C', 'test-only', '-f', join(dir, 'k'), ...words]);
  return readFileSync(join(dir, 'k'), 'utf8');
};

interface Case extends Partial<CloudOptions> {
  readonly secret?: string;
  readonly sshd?: string;
  readonly restart?: string;
  /** Whether the host has a random key of its own, as every image has. */
  readonly old?: boolean;
}

async function boot(t: Test, { secret = '', sshd, restart, old = true, ...options }: Case) {
  const root = t.testdir({ etc: { ssh: { 'sshd_config.d': {} } }, run: {}, bin: {} });
  const files = shims(root, { ...(sshd && { sshd }), ...(restart && { restart }) });
  const key = join(root, 'etc/ssh/ssh_host_ed25519_key');
  const write = (path: string, text: string) =>
    execFileSync('sh', ['-c', 'cat >"$1" && chmod 755 "$1"', '-', path], { input: text });
  for (const [name, text] of Object.entries(files)) write(join(root, 'bin', name), text);
  if (old) execFileSync('sh', ['-c', `printf 'old key\\n' >${key}; chmod 600 ${key}; printf 'old pub\\n' >${key}.pub`]);
  const body = JSON.stringify({
    Name: 'gitea/ssh_host_ed25519_key',
    SecretString: secret,
    VersionStages: ['AWSCURRENT'],
  });
  const cloud = await startCloud({ answer: { status: 200, body }, ...options });
  const script = renderTemplate(template, {
    region: signer.region,
    secret_id: 'gitea/ssh_host_ed25519_key',
    metadata_url: cloud.metadataUrl,
    secretsmanager_url: cloud.secretsUrl,
    root,
    tries: '5',
  });
  write(join(root, 'script'), script);
  const env = { PATH: `${join(root, 'bin')}:${process.env.PATH}`, HTTP_PROXY: '', http_proxy: '' };
  const { code, said } = await new Promise<{ code: number; said: string }>((resolve) => {
    execFile('sh', [join(root, 'script')], { env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, said: stdout + stderr }),
    );
  });
  await cloud.close();
  const read = (path: string) => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : '');
  const mode = (path: string) => (statSync(join(root, path)).mode & 0o777).toString(8);
  t.strictSame(
    readdirSync(join(root, 'run')).filter((name) => name !== 'sshd'),
    [],
    'nothing is left in /run',
  );
  const left = readdirSync(join(root, 'etc/ssh')).filter((name) => /next$/.test(name));
  t.strictSame(left, [], 'and nothing half-written beside the keys');
  const lines = secret.split('\n').filter((line) => /^[A-Za-z0-9+/=]{30,}$/.test(line));
  for (const word of [...lines, metadataToken, sessionToken, signer.secretKey]) {
    t.notMatch(said, word, 'no secret in what it says');
    t.notMatch(read('arguments'), word, 'nor in the arguments of a command');
  }
  return { code, said, log: cloud.log, calls: read('calls').trim().split('\n'), read, mode };
}

const keyFile = 'etc/ssh/ssh_host_ed25519_key';
const settings = 'etc/ssh/sshd_config.d/10-gitea-runbooks-host-key.conf';

function unchanged(t: Test, { code, read }: Awaited<ReturnType<typeof boot>>): void {
  t.equal(code, 1);
  t.equal(read(keyFile), 'old key\n', 'the random key stays');
  t.equal(read(`${keyFile}.pub`), 'old pub\n');
  t.equal(read(settings), '', 'and no settings that name another');
}

t.test('the key that the operator knows takes the place of the random one', { skip }, async (t) => {
  const secret = newKey(t.testdir(), '-t', 'ed25519');
  const host = await boot(t, { secret });
  t.equal(host.code, 0, host.said);
  t.equal(host.read(keyFile), secret);
  t.equal(host.mode(keyFile), '600');
  t.equal(host.mode(`${keyFile}.pub`), '644');
  t.match(host.read(`${keyFile}.pub`), /^ssh-ed25519 \S+ test-only\n$/);
  t.match(host.read(settings), new RegExp(`^HostKey \\S+/${keyFile}$`, 'm'));
  t.strictSame(host.calls, ['sshd -t', 'systemctl try-restart ssh.service'], 'tried out before it counts');
  t.match(host.said, /gitea-runbooks: host key: in place: 256 SHA256:\S+ test-only \(ED25519\)/);
  t.strictSame(host.log, [
    'metadata PUT /latest/api/token 200',
    'metadata GET /latest/meta-data/iam/security-credentials/ 200',
    'metadata GET /latest/meta-data/iam/security-credentials/gitea-host 200',
    'secrets {"SecretId":"gitea/ssh_host_ed25519_key"} 200',
  ]);
});

t.test('a secret without its last line end is a key all the same', { skip }, async (t) => {
  const secret = newKey(t.testdir(), '-t', 'ed25519');
  const host = await boot(t, { secret: secret.trimEnd(), old: false });
  t.equal(host.code, 0, host.said);
  t.equal(host.read(keyFile), secret);
});

t.test('it waits for a role that is not usable yet', { skip }, async (t) => {
  const host = await boot(t, { secret: newKey(t.testdir(), '-t', 'ed25519'), notYet: 3 });
  t.equal(host.code, 0, host.said);
  t.equal(host.calls.filter((call) => call === 'sleep 5').length, 3);
});

t.test('refused for good: it gives up, and the random key stays', { skip }, async (t) => {
  const body = JSON.stringify({ __type: 'AccessDeniedException', Message: 'User is not authorized' });
  const host = await boot(t, { answer: { status: 400, body } });
  unchanged(t, host);
  t.match(host.said, 'not given out: AccessDeniedException');
  t.match(host.said, 'the random one stays');
  t.strictSame(host.calls, Array(4).fill('sleep 5'));
});

t.test('an answer that is torn off shows nothing of the key', { skip }, async (t) => {
  const secret = newKey(t.testdir(), '-t', 'ed25519');
  const body = JSON.stringify({ SecretString: secret });
  unchanged(t, await boot(t, { secret, answer: { status: 200, body, cut: body.length - 20 } }));
});

t.test('only an Ed25519 key without a passphrase will do', { skip }, async (t) => {
  const wrong = {
    'another kind': newKey(t.testdir({ a: {} }), '-t', 'ecdsa'),
    'a passphrase': newKey(t.testdir({ b: {} }), '-t', 'ed25519', '-N', 'test-only'),
    'a public key': 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBAbZGTWFT1FgLZGd8TxYRTfl8yR5yEkxXvWfrvkOdnE test-only',
    'any text': 'test-only',
  };
  for (const [name, secret] of Object.entries(wrong)) {
    await t.test(name, async (t) => {
      const host = await boot(t, { secret });
      unchanged(t, host);
      t.match(host.said, 'the secret is not an Ed25519 key');
      t.strictSame(host.calls, [''], 'sshd is not touched');
    });
  }
});

t.test('sshd that does not take the key has its old one back', { skip }, async (t) => {
  const secret = newKey(t.testdir(), '-t', 'ed25519');
  const refused = await boot(t, { secret, sshd: 'exit 255' });
  unchanged(t, refused);
  t.strictSame(refused.calls, ['sshd -t', 'systemctl try-restart ssh.service']);
  t.match(refused.said, 'the random one is back');
});

t.test('so has one that does not start again', { skip }, async (t) => {
  const secret = newKey(t.testdir(), '-t', 'ed25519');
  const host = await boot(t, { secret, restart: 'exit 1' });
  unchanged(t, host);
  t.strictSame(host.calls, ['sshd -t', 'systemctl try-restart ssh.service', 'systemctl try-restart ssh.service']);
});

t.test('where there was no key before, none is left behind', { skip }, async (t) => {
  const host = await boot(t, { secret: newKey(t.testdir(), '-t', 'ed25519'), sshd: 'exit 255', old: false });
  t.equal(host.code, 1);
  t.strictSame([host.read(keyFile), host.read(`${keyFile}.pub`), host.read(settings)], ['', '', '']);
});
