// The Terraform module with a real Terraform and a real AWS provider, against moto: made, found unchanged, the host replaced,
// taken away. It needs a provider at hand, so it runs only where one is named:
//
//   TF_PROVIDER_DIR   filesystem mirror with hashicorp/aws in the version of versions.tf
//   TF_MODULES_DIR    folder with vpc/ and security-group/ of terraform-aws-modules; without it they come from the registry
//   LAB_MOTO_URL      a moto server (5.1.22; with 5.1.18, the lab's, the provider waits for ever) of its own; everything in it is
//                     forgotten
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateHostedZoneCommand, ListResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53';
import { GetBucketTaggingCommand, GetObjectLockConfigurationCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import t from 'tap';
import { secretNames } from '../../lib/core/secrets.ts';
import { renderTemplate } from '../unit/terraform/template.ts';
import { startCloudFront } from './cloud-front.ts';
import { texts, workshop } from './terraform.ts';

const { TF_PROVIDER_DIR: mirror, TF_MODULES_DIR: modules, LAB_MOTO_URL: moto = '' } = process.env;
const missing = [
  ...(mirror ? [] : ['TF_PROVIDER_DIR']),
  ...(moto ? [] : ['LAB_MOTO_URL']),
  ...(spawnSync('terraform', ['version']).status === 0 ? [] : ['terraform on PATH']),
];
if (missing.length > 0) {
  process.stderr.write(`# SKIPPED, the Terraform module was not tried: needs ${missing.join(', ')}\n`);
  t.plan(0, `needs ${missing.join(', ')}`);
  process.exit(0);
}

t.setTimeout(0);
const region = 'eu-central-1';
const client = { region, endpoint: moto, credentials: { accessKeyId: 'test-only', secretAccessKey: 'test-only' } };
const s3 = new S3Client({ ...client, forcePathStyle: true });
const secrets = new SecretsManagerClient(client);
const route53 = new Route53Client(client);
await fetch(new URL('/moto-api/reset', moto), { method: 'POST' });
const account = (await new STSClient(client).send(new GetCallerIdentityCommand({}))).Account!;
const zone = await route53.send(new CreateHostedZoneCommand({ Name: 'example.com', CallerReference: 'lab' }));
const front = await startCloudFront(moto, 'ami-1e749f67');
t.teardown(() => front.close());

const dir = t.testdir({});
const keyFile = join(dir, 'host');
execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test-only', '-f', keyFile]);
const hostKey = readFileSync(keyFile, 'utf8');
const bucket = `gitea-backup-${account}-${region}`;
const values = {
  region,
  account_id: account,
  name: 'gitea',
  domain: 'git.example.com',
  zone_id: zone.HostedZone!.Id!.replace('/hostedzone/', ''),
  ipv6: true,
  availability_zone: `${region}a`,
  instance_type: 't3.medium',
  root_volume_gib: 30,
  data_volume_gib: 50,
  access: 'ssh',
  ssh_from: ['198.51.100.0/24', '2001:db8:1::/48'],
  git_ssh_port: 2222,
  public_key: readFileSync(`${keyFile}.pub`, 'utf8').trim(),
  backup_bucket: bucket,
  object_lock_days: 30,
  secret_names: secretNames,
  tags: { team: 'platform' },
  endpoint: front.url,
};

const { PATH, HOME } = process.env;
const env = {
  PATH,
  HOME,
  TF_VAR_host_key: hostKey,
  AWS_ACCESS_KEY_ID: 'test-only',
  AWS_SECRET_ACCESS_KEY: 'test-only',
  AWS_ENDPOINT_URL: front.url,
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_MAX_ATTEMPTS: '3',
  HTTP_PROXY: front.url,
};
const { root, terraform, plan, apply, outputs, doors } = await workshop({ dir, values, mirror: mirror!, modules, env });

/** Answer of EC2 as XML. moto asks for no signature. */
const ec2 = async (words: Readonly<Record<string, string>>) => {
  const body = new URLSearchParams({ Version: '2016-11-15', ...words });
  const authorization = `AWS4-HMAC-SHA256 Credential=test-only/20260101/${region}/ec2/aws4_request, SignedHeaders=host, Signature=0`;
  return (await fetch(moto, { method: 'POST', body, headers: { authorization } })).text();
};

const everyone = ['0.0.0.0/0', '::/0'];

t.test('it is complete and valid', async (t) => {
  const { code, out } = await terraform(['init', '-no-color']);
  t.equal(code, 0, out);
  t.match((await terraform(['validate', '-no-color'])).out, 'The configuration is valid.');
});

t.test('values that open the host, or that make no sense, are refused before anything is made', async (t) => {
  const refused: [Readonly<Record<string, unknown>>, string][] = [
    [{ ssh_from: ['0.0.0.0/0'] }, 'Not the whole Internet'],
    [{ ssh_from: ['::/0'] }, 'Not the whole Internet'],
    [{ ssh_from: ['0.0.0.0/1', '128.0.0.0/1'] }, 'Not the whole Internet'],
    [{ ssh_from: ['2000::/3'] }, 'Not the whole Internet'],
    [{ ssh_from: ['198.51.100.7'] }, 'Networks such as'],
    [{ ssh_from: [] }, 'nobody can log in'],
    [{ git_ssh_port: 22 }, 'Not 22, 80 or 443'],
    [{ access: 'both' }, 'ssh or ssm'],
    [{ account_id: '000000000000' }, 'AWS account ID not allowed'],
    [{ availability_zone: 'eu-west-1a' }, 'The region followed by one letter'],
    [{ public_key: 'ecdsa-sha2-nistp256 AAAA' }, 'EC2 takes no other kind'],
    [{ data_volume_gib: 5 }, 'A whole number from 10 to 16384'],
    [{ object_lock_days: 0 }, 'A whole number from 1 to 3650'],
    [{ tags: { Name: 'x' } }, 'Not Name, Project'],
    [{ secret_names: ['ssh_host_ed25519_key'] }, 'has a place of its own'],
    [{ endpoint: 'http://aws.lab.test/x' }, 'without a path'],
  ];
  for (const [wrong, said] of refused) {
    const { code, out } = await plan(wrong);
    t.equal(code, 1, JSON.stringify(wrong));
    t.match(out.replace(/\s+/g, ' '), said);
  }
  const { out } = await plan({}, { TF_VAR_host_key: 'test-only' });
  t.match(out, "A private key in OpenSSH's format.");
  t.notMatch(out, 'test-only\n');
});

t.test('everything is made, and a second plan finds nothing to change', async (t) => {
  const made = await apply();
  t.equal(made.code, 0, made.out.slice(-2000));
  const second = await plan();
  t.equal(second.code, 0, second.out.slice(-2000));
  t.match(await outputs(), {
    address: /^[0-9.]+$/,
    ipv6_address: /:/,
    instance_id: /^i-/,
    data_volume_id: /^vol-/,
    backup_bucket: bucket,
    zone_id: values.zone_id,
    role_name: 'gitea-host',
    restore_policy_arn: `arn:aws:iam::${account}:policy/gitea-restore`,
    prune_policy_arn: `arn:aws:iam::${account}:policy/gitea-prune`,
    secret_arns: { postgres_password: `arn:aws:secretsmanager:${region}:${account}:secret:gitea/postgres_password-` },
  });
});

t.test('the key is in Secrets Manager and nowhere else', async (t) => {
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: 'gitea/ssh_host_ed25519_key' }));
  t.equal(SecretString, hostKey);
  const line = hostKey.split('\n')[1]!;
  t.notMatch(readFileSync(join(root, 'terraform.tfstate'), 'utf8'), line, 'not in the state');
  const { out } = await terraform(['plan', '-no-color', '-out=saved']);
  t.notMatch(out, line);
  t.notMatch(execFileSync('unzip', ['-p', join(root, 'saved')], { encoding: 'latin1' }), line, 'not in a saved plan');
});

t.test('what the host runs at its first boot is the script that is tested', async (t) => {
  const { instance_id: id } = await outputs();
  const xml = await ec2({ Action: 'DescribeInstanceAttribute', InstanceId: String(id), Attribute: 'userData' });
  const text = Buffer.from(/<userData>\s*<value>([^<]*)/.exec(xml)?.[1] ?? '', 'base64').toString();
  const rendered = renderTemplate(texts()['user-data.sh.tftpl']!, {
    region,
    secret_id: 'gitea/ssh_host_ed25519_key',
    metadata_url: 'http://169.254.169.254',
    secretsmanager_url: front.url,
    root: '',
    tries: '120',
  });
  t.equal(text, rendered);
});

t.test('who reaches which port', async (t) => {
  t.strictSame(await doors(), {
    '80-80': everyone,
    '443-443': everyone,
    '2222-2222': everyone,
    '22-22': values.ssh_from.toSorted(),
  });
});

t.test('the bucket keeps what it is given, and the record leads to the host', async (t) => {
  const lock = await s3.send(new GetObjectLockConfigurationCommand({ Bucket: bucket }));
  t.match(lock.ObjectLockConfiguration, {
    ObjectLockEnabled: 'Enabled',
    Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 30 } },
  });
  const { TagSet = [] } = await s3.send(new GetBucketTaggingCommand({ Bucket: bucket }));
  t.strictSame(Object.fromEntries(TagSet.map(({ Key, Value }) => [Key, Value])), {
    Project: 'gitea-runbooks',
    Instance: 'gitea',
    ManagedBy: 'terraform',
    team: 'platform',
  });
  const { ResourceRecordSets = [] } = await route53.send(
    new ListResourceRecordSetsCommand({ HostedZoneId: values.zone_id }),
  );
  const { address, ipv6_address: v6 } = await outputs();
  const records = ResourceRecordSets.filter(({ Name }) => Name === 'git.example.com.');
  t.strictSame(
    records.map(({ Type, TTL, ResourceRecords }) => [Type, TTL, ResourceRecords?.[0]?.Value]),
    [
      ['A', 60, address],
      ['AAAA', 60, v6],
    ],
  );
});

t.test('what must not replace the host does not', async (t) => {
  front.image = 'ami-35e92e4c';
  t.equal((await plan()).code, 0, 'a newer image');
  t.equal((await plan({}, { TF_VAR_host_key: undefined })).code, 0, 'the key, which AWS has by now, is not at hand');
  for (const change of [{ ipv6: false }, { access: 'ssm' }, { data_volume_gib: 80 }, { instance_type: 't3.large' }]) {
    const { code, out } = await plan(change);
    t.equal(code, 2, JSON.stringify(change));
    t.notMatch(out, /aws_(instance|ebs_volume|eip)\.\w+ (must|will) be (replaced|destroyed)/);
  }
  const moved = await plan({ availability_zone: `${region}b` });
  t.equal(moved.code, 1, 'another zone would need another data volume');
  t.match(moved.out, /aws_ebs_volume\.data.*prevent_destroy/s);
});

t.test('with Session Manager port 22 is closed, and opened again without it', async (t) => {
  t.equal((await apply({ access: 'ssm' })).code, 0);
  t.notHas(await doors(), { '22-22': [] });
  t.match((await terraform(['state', 'list'])).out, 'aws_iam_role_policy.session_manager[0]');
  t.equal((await apply()).code, 0);
  t.strictSame((await doors())['22-22'], values.ssh_from.toSorted());
});

t.test('a host that is replaced keeps its address, its data and its key', async (t) => {
  const before = await outputs();
  const { code, out } = await apply({}, '-replace=aws_instance.host');
  t.equal(code, 0, out.slice(-2000));
  const after = await outputs();
  t.not(after.instance_id, before.instance_id);
  t.equal(after.address, before.address);
  t.equal(after.data_volume_id, before.data_volume_id);
  t.equal((await plan()).code, 0, 'and nothing is left to change');
});

t.test('what holds data is not destroyed, unless somebody lifts its protection', async (t) => {
  const refused = await terraform(['destroy', '-no-color', '-auto-approve']);
  t.equal(refused.code, 1);
  const kept = [
    'aws_ebs_volume.data',
    'aws_s3_bucket.backup',
    'aws_secretsmanager_secret.host_key',
    'aws_secretsmanager_secret.instance',
  ];
  const said = refused.out.replace(/\s+/g, ' ');
  for (const address of kept) {
    const one = address.replace('.instance', '.instance["postgres_password"]');
    t.match(said, `Resource ${one} has lifecycle.prevent_destroy set`);
  }
  const lift = kept.map((address) => {
    const [type, name] = address.split('.');
    return `resource "${type}" "${name}" {\n  lifecycle {\n    prevent_destroy = false\n  }\n}\n`;
  });
  writeFileSync(join(root, 'protect_override.tf'), lift.join(''));
  const { data_volume_id: volume } = await outputs();
  const { code, out } = await terraform(['destroy', '-no-color', '-auto-approve']);
  t.equal(code, 0, out.slice(-2000));
  t.equal((await terraform(['state', 'list'])).out.trim(), '');
  const snapshots = await ec2({
    Action: 'DescribeSnapshots',
    'Filter.1.Name': 'volume-id',
    'Filter.1.Value.1': String(volume),
  });
  t.match(snapshots, '<snapshotId>snap-', 'the data volume leaves a snapshot');
  rmSync(join(root, 'protect_override.tf'));
});
