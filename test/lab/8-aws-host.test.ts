// A host on AWS from one file: infra, deploy, status, rotate-secrets, destroy, and nothing copied by hand in between. Terraform is
// the strict double here, the services behind it and the host are real; with the real one the same module is applied in 6-terraform.
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import t from 'tap';
import { parseDocument } from 'yaml';
import { s3, secretsManager } from '../../lib/aws/clients.ts';
import { quote } from '../../lib/core/quote.ts';
import { awsStore } from '../../lib/secrets/aws-store.ts';
import { installDouble } from '../double/install.ts';
import { section } from '../unit/aws/cloud.ts';
import { identity, person } from './instance.ts';
import { run, theLab } from './suite.ts';

const NAME = 'aws-1';
const domain = 'git-aws.lab.test';
const volume = 'vol-0a1b2c3d4e5f60718';
const disk = `nvme-Amazon_Elastic_Block_Store_${volume.replace('-', '')}`;

t.setTimeout(0);
const lab = await theLab();
await lab.aws.reset();
await lab.removeDisk(disk);
const known = lab.hosts.some(({ name }) => name === NAME);
const { address } = known ? await lab.wipeHost(NAME) : await lab.addHost(NAME);
await lab.setName(domain, address);
await lab.addDisk(NAME, disk, 3072);
const zone = await lab.aws.zone('lab.test');

// What the machine of an operator has: credentials, Terraform, and a folder with one file.
const folder = path.join(lab.dir, `variant-${NAME}-${Date.now()}`);
await mkdir(folder, { recursive: true });
Object.assign(process.env, lab.aws.env, {
  PATH: `${await installDouble(path.join(import.meta.dirname, '../../.tap/double-lab'))}:${process.env.PATH}`,
  DOUBLE_MAKE: 'moto',
  DOUBLE_ACCOUNT: lab.aws.account,
  DOUBLE_HOST_ADDRESS: address,
  DOUBLE_VOLUME_ID: volume,
});
const config = path.join(folder, 'gitea.config.yaml');
const document = parseDocument(await readFile(lab.configPath, 'utf8'));
const settings: Record<string, unknown> = {
  ...{ accountId: lab.aws.account, region: lab.aws.region, endpoint: lab.aws.endpoint },
  ...{ sshFrom: ['10.0.0.0/8'], dataVolumeGiB: 20 },
};
document.set('host', { provider: 'aws', unattendedUpgrades: false });
document.set('aws', settings);
document.set('domain', domain);
document.delete('secrets');
const caBundle = document.getIn(['tls', 'caBundle']);
document.setIn(['tls', 'caBundle'], path.resolve(lab.dir, String(caBundle)));
const write = async (more: Readonly<Record<string, unknown>> = {}) => {
  document.set('aws', { ...settings, ...more });
  await writeFile(config, String(document));
};
await write();

const aws = section({
  ...{ name: 'gitea', accountId: lab.aws.account, region: lab.aws.region, endpoint: lab.aws.endpoint },
});
const file = (name: string) => path.join(folder, name);
const book = (name: string, ...args: string[]) => run(lab, name, args, config);

/** Script in this file's host that must succeed; gives its output without the last line end. */
const on = async (script: string): Promise<string> => {
  const { code, stdout, stderr } = await lab.exec(NAME, script);
  if (code !== 0) throw new Error(`in the host: ${script}\n${stdout}${stderr}`);
  return stdout.trim();
};

/** What the cloud's image does at its first boot: its user takes the login key, sshd the key from Secrets Manager (test/unit/terraform/user-data.test.ts runs the real script). */
async function firstBoot(): Promise<void> {
  const login = (await readFile(file('gitea.id_ed25519.pub'), 'utf8')).trim();
  const secret = await (await secretsManager(aws)).getSecretValue({ SecretId: 'gitea/ssh_host_ed25519_key' });
  const { code, stderr } = await lab.exec(
    NAME,
    `set -e
id ubuntu >/dev/null 2>&1 || useradd --create-home --shell /bin/bash ubuntu
echo 'ubuntu ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/ubuntu
install -d -m 0700 -o ubuntu -g ubuntu /home/ubuntu/.ssh
echo ${quote(login)} >/home/ubuntu/.ssh/authorized_keys
chown ubuntu: /home/ubuntu/.ssh/authorized_keys
umask 077
printf '%s\\n' ${quote(String(secret.SecretString).trim())} >/etc/ssh/ssh_host_ed25519_key
ssh-keygen -y -f /etc/ssh/ssh_host_ed25519_key >/etc/ssh/ssh_host_ed25519_key.pub
printf 'HostKey /etc/ssh/ssh_host_ed25519_key\\n' >/etc/ssh/sshd_config.d/10-host-key.conf
systemctl restart ssh`,
  );
  if (code !== 0) throw new Error(`first boot: ${stderr}`);
}

t.test('before anything is there', async (t) => {
  t.match(await book('deploy', '--yes'), {
    code: 22,
    json: { error: { what: /there is no host yet/, next: /infra\.mjs apply/ } },
  });
  const infra = await book('infra', 'plan', '--exit-code');
  t.equal(infra.code, 2, infra.said);
  t.ok(infra.json.summary.changes.length > 30);
  const plan = await book('plan', '--exit-code');
  t.equal(plan.code, 2, plan.said);
  t.ok(plan.json.infrastructure, 'infrastructure and host in one document');
  t.same((await (await s3(aws)).listBuckets({})).Buckets ?? [], [], 'looking made nothing');
  t.match(await book('infra', 'apply'), { code: 22, json: { error: { next: /--yes/ } } });
});

t.test('infra apply makes it, and says so in two files without a secret', async (t) => {
  const { code, json, said } = await book('infra', 'apply', '--yes');
  t.equal(code, 0, said);
  t.match(json, { outcome: 'changed', inventory: { address, user: 'ubuntu', dataVolumeId: volume, zoneId: zone } });
  t.match(await readFile(file('gitea.known_hosts'), 'utf8'), new RegExp(`^${address} ssh-ed25519 `));
  t.notOk(existsSync(file('gitea.secrets.yaml')));
  const state = await (await s3(aws)).getObject({
    Bucket: `gitea-state-${lab.aws.account}-${lab.aws.region}`,
    Key: 'gitea-runbooks/gitea/terraform.tfstate',
  });
  t.notMatch(await state.Body?.transformToString(), /PRIVATE KEY/, 'no key in the state');
  await firstBoot();
  t.match((await book('infra', 'apply', '--yes')).json, { outcome: 'converged', written: [] }, 'nothing is left to do');
});

t.test('deploy, onto the data volume, with its secrets at AWS', async (t) => {
  const { code, json, said } = await book('deploy', '--yes');
  t.equal(code, 0, said);
  t.match(json.changes[0], { title: 'data volume /srv/gitea', action: 'create' });
  t.same(
    json.checks.filter(({ status }: { status: string }) => status === 'fail'),
    [],
  );
  t.notOk(existsSync(file('gitea.secrets.yaml')), 'no secret on this machine');
  t.match((await book('deploy')).json, { outcome: 'converged', changes: [] });
  t.equal((await book('plan', '--exit-code')).code, 0, 'neither infrastructure nor host has anything to do');
  const status = await book('status');
  t.equal(status.code, 0, status.said);
  t.match(status.json, { healthy: true, pending: 0, rotation: [] });
});

t.test('a colleague with credentials and the file alone', async (t) => {
  const away = ['gitea.inventory.json', 'gitea.known_hosts'];
  const before = await Promise.all(away.map((name) => readFile(file(name), 'utf8')));
  for (const name of away) await writeFile(file(`${name}.away`), '');
  const { rename, rm } = await import('node:fs/promises');
  for (const name of away) await rename(file(name), file(`${name}.away`));
  const { code, said } = await book('infra', 'output');
  t.equal(code, 0, said);
  t.same(await Promise.all(away.map((name) => readFile(file(name), 'utf8'))), before);
  for (const name of away) await rm(file(`${name}.away`));
  t.equal((await book('plan', '--exit-code', '--host-only')).code, 0);
});

t.test('rotate-secrets, with both labels in order afterwards', async (t) => {
  const client = await secretsManager(aws);
  const current = async () => (await client.getSecretValue({ SecretId: 'gitea/postgres_password' })).SecretString;
  const before = await current();
  const { code, json, said } = await book('rotate-secrets', '--yes');
  t.equal(code, 0, said);
  t.same([...json.rotated].sort(), [
    'gitea_internal_token',
    'gitea_lfs_jwt_secret',
    'gitea_metrics_token',
    'postgres_password',
  ]);
  t.not(await current(), before);
  const { VersionIdsToStages = {} } = await client.describeSecret({ SecretId: 'gitea/postgres_password' });
  t.notOk(Object.values(VersionIdsToStages).flat().includes('AWSPENDING'));
  t.match((await book('deploy')).json, { outcome: 'converged', changes: [] });
});

t.test('a data volume becomes larger, and never smaller', async (t) => {
  await write({ dataVolumeGiB: 30 });
  t.match((await book('infra', 'apply', '--yes')).json, {
    summary: { changes: [{ address: 'aws_ebs_volume.data', action: 'update' }] },
  });
  await write();
  t.match(await book('infra', 'apply', '--yes'), { code: 22, json: { error: { what: /cannot become smaller/ } } });
  await write({ dataVolumeGiB: 30 });
});

t.test('a new host finds the old one’s data, and has its key', async (t) => {
  t.match(await book('infra', 'apply', '--replace-host', '--yes'), {
    code: 22,
    json: { error: { next: /--confirm 'host'/ } },
  });
  const alice = await person(t, lab, { on, domain, address }, 'alice');
  const push = await alice.push();
  const whole = async () => ({ ...(await identity(on)), secrets: await awsStore(aws).load() });
  const before = await whole();
  const { code, said } = await book('infra', 'apply', '--replace-host', '--confirm', 'host');
  t.equal(code, 0, said);
  await lab.wipeHost(NAME);
  t.equal(await on('command -v docker || echo bare'), 'bare');
  await firstBoot();
  const deployed = await book('deploy', '--yes');
  t.equal(deployed.code, 0, deployed.said);
  t.match(deployed.json.changes[0], { title: 'data volume /srv/gitea', why: /^not mounted\. What its ext4 holds/ });
  const titles: string[] = deployed.json.changes.map(({ title }: { title: string }) => title);
  t.same(
    titles.filter((title) => /^\/srv\/gitea|placeholder|certificate for/.test(title)),
    [],
    'nothing that is on the volume was made again',
  );
  t.same(deployed.json.delivered, [], 'nobody got a new password');
  // Accounts are in the plan, because nobody can be asked before Gitea runs; none is made.
  t.same(await whole(), before, 'the same database, certificate, users, repositories and secrets');
  t.equal(await push.remoteHead(), push.head, 'what was pushed is there, and the token of then still works');
  t.match((await book('deploy')).json, { outcome: 'converged', changes: [] });
  t.match((await book('status')).json, { healthy: true, certificate: { placeholder: false } });
});

t.test('destroy keeps what holds data, unless all of it is named', async (t) => {
  t.match(await book('infra', 'destroy', '--yes'), { code: 22, json: { error: { next: /--confirm 'host'/ } } });
  const { code, json, said } = await book('infra', 'destroy', '--confirm', 'host');
  t.equal(code, 0, said);
  t.ok(json.kept.includes('aws_ebs_volume.data'));
  t.ok(json.kept.includes('aws_s3_bucket.backup'));
  t.match(await book('deploy', '--yes'), { code: 22, json: { error: { what: /there is no host yet/ } } });

  const bucket = { Bucket: `gitea-backup-${lab.aws.account}-${lab.aws.region}`, Key: 'one' };
  const client = await s3(aws);
  const { VersionId } = await client.putObject({ ...bucket, Body: 'a backup' });
  const words = 'data-volume backup-bucket secrets';
  const full = await book('infra', 'destroy', '--with-data', '--confirm', words);
  t.match(full, { code: 22, json: { error: { what: /is not empty: 1 objects/ } } });
  await client.deleteObject({ ...bucket, VersionId });
  t.match(await book('infra', 'destroy', '--with-data', '--yes'), {
    code: 22,
    json: { error: { next: new RegExp(`--confirm '${words}'`) } },
  });
  const all = await book('infra', 'destroy', '--with-data', '--confirm', words);
  t.equal(all.code, 0, all.said);
  t.match(all.json, { outcome: 'destroyed', kept: [], secrets: ['gitea/gitea_password_labadmin'] });
  const { SecretList } = await (await secretsManager(aws)).listSecrets({});
  t.same(SecretList, [], 'no first password of a Gitea that is gone');
  t.match((await book('infra', 'destroy', '--with-data', '--confirm', words)).json, { outcome: 'converged' });
});
