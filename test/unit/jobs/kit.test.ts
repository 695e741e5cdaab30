// The kit for the safe: whatever is in it comes out of it again, by nothing but a shell.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import { parse, stringify } from 'yaml';
import { parseConfig } from '../../../lib/config/load.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { secretNames } from '../../../lib/core/secrets.ts';
import { recoveryKit, writeNew } from '../../../lib/jobs/kit/index.ts';
import { unpack } from '../../../lib/jobs/kit/text.ts';

const made = new Date('2026-11-29T22:15:03Z');
const backupKey = 'AbCdE12345fGhIj67890KlMnO12345pQrSt67890';
const certificate = readFileSync('test/unit/outside/fixtures/test-only-root.crt', 'utf8');
const pins = '10.0.0.5 ssh-ed25519 AAAAC3Nz\n';
const text = `host: { address: 10.0.0.5, user: admin, identityFile: ~/.ssh/id, knownHosts: pins }
domain: git.corp.test
admin: { username: gitadmin, email: ops@corp.test }
tls: { email: ops@corp.test, caBundle: roots.pem }
mail: { host: smtp.corp.test, from: git@corp.test, user: git, password: { secret: mail_password } }
backup:
  remote:
    repository: rest:https://backup.corp.test/gitea/
    environment: { RESTIC_REST_USERNAME: "o'brien", RESTIC_REST_PASSWORD: { secret: backup_access } }
`;
const kept: Readonly<Record<string, string>> = {
  ...Object.fromEntries(secretNames.map((name) => [name, `value of ${name}`])),
  ...{ backup_key: backupKey, mail_password: '=== END \' : "x', backup_access: "pass 'word' $HOME" },
  gitea_password_gitadmin: 'first\n=== FILE /etc/passwd\n',
};

/** An operator's folder, with the config that was read there. */
function folder(t: Test, { config = text, secrets = kept, known = pins } = {}) {
  const dir = t.testdir({ 'gitea.secrets.yaml': stringify(secrets), 'roots.pem': certificate });
  chmodSync(`${dir}/gitea.secrets.yaml`, 0o600);
  if (known) writeFileSync(`${dir}/pins`, known);
  return { dir, config: parseConfig(config, `${dir}/gitea.config.yaml`, { placeholders: 'allow' }).config! };
}

t.test('what goes in comes out, by the command that stands in it', async (t) => {
  const { dir, config } = folder(t);
  const kit = await recoveryKit(config, made);
  t.same(kit.doubts, []);
  await writeNew(`${dir}/gitea.kit.txt`, kit.text, { insideGit: true });
  t.match(readFileSync(`${dir}/gitea.kit.txt`, 'utf8'), unpack, 'it says itself how');
  const other = t.testdir({ ...{}, 'gitea.kit.txt': kit.text.reveal() });
  const { status, stderr } = spawnSync('/bin/sh', ['-c', unpack], { cwd: other, encoding: 'utf8' });
  t.equal(status, 0, stderr);
  const read = (name: string) => readFileSync(`${other}/${name}`, 'utf8');
  t.same(parse(read('gitea.secrets.yaml')), kept, 'every secret, whatever stands in it');
  t.equal(statSync(`${other}/gitea.secrets.yaml`).mode & 0o777, 0o600);
  t.equal(read('gitea.known_hosts'), pins);
  t.equal(read('ca.pem').trim(), certificate.trim());
  const again = parseConfig(read('gitea.config.yaml'), `${dir}/gitea.config.yaml`);
  t.same(again.problems, [], 'a valid file');
  const { identityFile: _key, ...host } = config.host;
  t.same(again.config, {
    ...config,
    host: { ...host, knownHosts: `${dir}/gitea.known_hosts` },
    tls: { ...config.tls, caBundle: `${dir}/ca.pem` },
  });
});

t.test('the page says what one types, and fits on paper', async (t) => {
  const { config } = folder(t);
  const { page, text } = await recoveryKit(config, made);
  const said = page.reveal();
  t.ok(text.reveal().startsWith(said));
  t.match(
    said,
    /^RECOVERY KIT of https:\/\/git\.corp\.test\/ +made 2026-11-29 22:15 UTC\n\nWHOEVER HAS THIS HAS EVERYTHING/,
  );
  t.match(said, 'AbCdE 12345 fGhIj 67890\n  KlMnO 12345 pQrSt 67890\n');
  t.match(
    said,
    `40 characters. printf %s KEY | sha256sum begins with ${createHash('sha256').update(backupKey).digest('hex').slice(0, 8)}`,
  );
  for (const words of [
    'off the host rest:https://backup.corp.test/gitea/',
    "RESTIC_REST_PASSWORD=pass 'word' $HOME",
    'on the host  /var/backups/gitea, at 10.0.0.5 port 22, user admin',
    'restic    restic/restic:0.19.1',
    'npx zx runbooks/deploy.mjs',
    'npx zx runbooks/restore.mjs --from remote',
    'restic -r rest:https://backup.corp.test/gitea/archive snapshots',
  ])
    t.ok(said.includes(words), words);
  t.ok(said.split('\n').length < 66, 'one page');
  t.ok(
    said.split('\n').every((line) => line.length <= 110),
    'no line that a printer cuts off',
  );
  // What one types by hand gives the shell what was meant.
  const exported = said.split('\n').filter((line) => line.trim().startsWith('export '));
  const { stdout } = spawnSync('/bin/sh', ['-c', `${exported.join('\n')}\nenv`], { encoding: 'utf8', env: {} });
  for (const line of [
    `RESTIC_PASSWORD=${backupKey}`,
    "RESTIC_REST_USERNAME=o'brien",
    "RESTIC_REST_PASSWORD=pass 'word' $HOME",
  ])
    t.ok(stdout.split('\n').includes(line), line);
});

t.test('on AWS the files are those of an instance whose account is gone', async (t) => {
  const aws = text
    .replace('address: 10.0.0.5, user: admin,', 'provider: aws,')
    .replace(
      /backup:.*$/s,
      "aws: { accountId: '210987654321', region: eu-central-1, sshFrom: [10.0.0.0/8] }\nsecrets: { source: file }\n",
    );
  const { config } = folder(t, { config: aws });
  const { page, text: whole } = await recoveryKit(config, made);
  t.match(page.reveal(), 's3:https://s3.eu-central-1.amazonaws.com/gitea-backup-210987654321-eu-central-1');
  t.match(page.reveal(), 'in the AWS account 210987654321: it takes credentials of that account');
  t.match(page.reveal(), 'for a machine elsewhere remove host.provider and aws');
  const [, file = ''] = /=== FILE gitea\.config\.yaml\n(.*?)=== END/s.exec(whole.reveal()) ?? [];
  t.same(parse(file).secrets, { source: 'file', file: 'gitea.secrets.yaml' });
  t.same(parseConfig(file, 'f.yaml').problems, []);
});

t.test('a kit that lacks something is none, or says so', async (t) => {
  const { backup_key: _key, ...others } = kept;
  const { config } = folder(t, { secrets: others });
  await t.rejects(recoveryKit(config), { exitCode: 22, message: /there is no backup_key yet.*\nNext: .*deploy/ });
  const { mail_password: _mail, ...without } = kept;
  await t.rejects(recoveryKit(folder(t, { secrets: without }).config), { exitCode: 10, message: /mail_password/ });
  const plain = text.replace(/backup:.*$/s, '');
  const rotating = { ...kept, pending: { gitea_metrics_token: 'x' } } as never;
  const { doubts } = await recoveryKit(folder(t, { config: plain, secrets: rotating, known: '' }).config);
  t.match(doubts, [
    /backup\.remote is not set/,
    /the key of the host is not in it/,
    /rotation of secrets is not finished/,
  ]);
  t.match((await recoveryKit(folder(t, { config: `${plain}backup: { enabled: false }\n` }).config)).doubts, [
    /nothing to restore from/,
    /.*/,
  ]);
  t.equal(JSON.stringify(await recoveryKit(config).catch(() => ({}))).includes(backupKey), false);
});

t.test('a file for its owner alone, that was not there, and that nobody commits', async (t) => {
  const dir = t.testdir({
    tree: { '.git': {}, deep: {} },
    linked: { '.git': 'gitdir: elsewhere' },
    there: 'the only kit',
  });
  const text = new Secret('kit', 'content\n');
  const outside = { insideGit: true };
  await writeNew(`${dir}/new`, text, outside);
  t.equal(readFileSync(`${dir}/new`, 'utf8'), 'content\n');
  t.equal(statSync(`${dir}/new`).mode & 0o777, 0o600);
  await t.rejects(writeNew(`${dir}/there`, text, outside), { exitCode: 22, message: /there is a file already/ });
  t.equal(readFileSync(`${dir}/there`, 'utf8'), 'the only kit');
  symlinkSync(`${dir}/nowhere`, `${dir}/link`);
  await t.rejects(writeNew(`${dir}/link`, text, outside), { exitCode: 22, message: /there is a file/ });
  t.notOk(existsSync(`${dir}/nowhere`), 'a link is not followed');
  for (const path of ['tree/kit', 'tree/deep/kit', 'linked/kit']) {
    await t.rejects(writeNew(`${dir}/${path}`, text), {
      exitCode: 22,
      message: /git work tree.*\nNext: .*--inside-git/,
    });
    t.notOk(existsSync(`${dir}/${path}`));
  }
  await writeNew(`${dir}/tree/kit`, text, outside);
  await t.rejects(writeNew(`${dir}/no/folder`, text, outside), { exitCode: 14, message: /could not be written/ });
});
