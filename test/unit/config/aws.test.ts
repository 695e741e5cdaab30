import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { loadConfig, parseConfig } from '../../../lib/config/load.ts';
import type { RunbookError } from '../../../lib/index.ts';
import { problemsOf } from './sample.ts';

/** A file for a host on AWS that has no problem. */
const good = `host:
  provider: aws
aws:
  accountId: '210987654321'
  region: eu-central-1
  sshFrom: [10.20.0.0/16]
domain: git.corp.test
admin:
  username: gitadmin
  email: ops@corp.test
tls:
  email: ops@corp.test
`;

const with_ = (line: string) => good.replace('  region:', `  ${line}\n  region:`);
const sshFrom = (list: string) => good.replace('[10.20.0.0/16]', list);

t.strictSame(problemsOf(good), []);

const cases: readonly (readonly [name: string, text: string, ...expected: readonly string[]])[] = [
  [
    'the section is missing',
    good.replace(/aws:\n( {2}.*\n){3}/, ''),
    'f.yaml:2:13 host.provider: is aws, allowed together with a section aws (accountId, region and sshFrom)',
  ],
  [
    'an address as well',
    good.replace('provider: aws', 'provider: aws\n  address: 10.0.0.1'),
    'f.yaml:3:12 host.address: is set together with host.provider: aws, allowed is one of them - the inventory that `infra apply` writes knows it, remove the line',
  ],
  [
    'neither provider nor address',
    good.replace('host:\n  provider: aws', 'host: {}'),
    'f.yaml:1:1 host.address: is missing, allowed is an IP address or a host name that this machine can reach, not a loopback one, for example 203.0.113.10',
  ],
  [
    'another SSH port',
    good.replace('provider: aws', 'provider: aws\n  port: 2200'),
    'f.yaml:3:9 host.port: is 2200, allowed for a host on AWS is 22, where its image listens',
  ],
  [
    'an account without quotes',
    good.replace("'210987654321'", '210987654321'),
    'f.yaml:4:14 aws.accountId: is the number 210987654321, allowed is 12 digits, in quotes, for example 123456789012 - put it in quotes: "210987654321"',
  ],
  [
    'the account of the example',
    good.replace('210987654321', '123456789012'),
    'f.yaml:4:14 aws.accountId: placeholder value left in: 123456789012, allowed is your own - `aws sts get-caller-identity` shows it',
  ],
  [
    'a zone of another region',
    with_('availabilityZone: us-east-1a'),
    'f.yaml:5:21 aws.availabilityZone: is us-east-1a, which is not in eu-central-1, allowed is for example eu-central-1b',
  ],
  [
    'a machine that the deploy would refuse for its memory',
    with_('instanceType: t3.micro'),
    'f.yaml:5:17 aws.instanceType: is t3.micro, which has 1 GiB of memory at most, allowed are machines with 2 GiB or more, for example t3.small',
  ],
  ['the smallest that has enough', with_('instanceType: t3.small')],
  [
    'nothing but the hop limit keeps containers from the rights of the machine',
    `${good}network:\n  firewall: false\n`,
    "f.yaml:14:13 network.firewall: is false on AWS - containers are then kept from the machine's own credentials by the metadata service's hop limit alone",
  ],
  [
    'an ARM machine',
    with_('instanceType: t4g.medium'),
    'f.yaml:5:17 aws.instanceType: is t4g.medium, an ARM machine, allowed are x86-64 ones, for example t3.medium',
  ],
  ['not an ARM machine: the g stands elsewhere', with_('instanceType: g4dn.xlarge')],
  [
    'a generation without NVMe',
    with_('instanceType: t2.medium'),
    'f.yaml:5:17 aws.instanceType: is t2.medium, of a generation without NVMe disks, allowed are newer ones, for example t3.medium',
  ],
  [
    'one bucket for two things',
    with_('stateBucket: corp-x\n  backupBucket: corp-x'),
    'f.yaml:6:17 aws.backupBucket: is corp-x, the same as aws.stateBucket, allowed is a bucket of its own',
  ],
  [
    'nobody could log in',
    sshFrom('[]'),
    'f.yaml:6:12 aws.sshFrom: names no network, so nobody could log in, allowed are the networks of your operators, for example ["198.51.100.0/24"] - or set aws.access: ssm',
  ],
  ['nobody needs to', sshFrom('[]').concat('').replace('  sshFrom: []', '  access: ssm')],
  [
    'open to the world',
    sshFrom('[0.0.0.0/0]'),
    'f.yaml:6:13 aws.sshFrom.0: is the text "0.0.0.0/0", which lets the whole Internet try to log in, allowed is a prefix of 8 or more - name the networks of your operators, or set aws.access: ssm',
  ],
  [
    'open to the world in two halves, and over IPv6',
    sshFrom('[0.0.0.0/1, 128.0.0.0/1, "::/0"]'),
    'f.yaml:6:13 aws.sshFrom.0: is the text "0.0.0.0/1", which lets a large part of the Internet try to log in, allowed is a prefix of 8 or more - name the networks of your operators, or set aws.access: ssm',
    'f.yaml:6:24 aws.sshFrom.1: is the text "128.0.0.0/1", which lets a large part of the Internet try to log in, allowed is a prefix of 8 or more - name the networks of your operators, or set aws.access: ssm',
    'f.yaml:6:37 aws.sshFrom.2: is the text "::/0", which lets the whole Internet try to log in, allowed is a prefix of 16 or more - name the networks of your operators, or set aws.access: ssm',
  ],
  [
    'an address within its network',
    sshFrom('[10.20.30.40/16]'),
    'f.yaml:6:13 aws.sshFrom.0: is the text "10.20.30.40/16", an address within its network - did you mean "10.20.0.0/16"?',
  ],
  [
    'not a network at all',
    sshFrom('[office]'),
    'f.yaml:6:13 aws.sshFrom.0: is the text "office", allowed is a network such as 198.51.100.0/24, or 198.51.100.7/32 for one address',
  ],
  [
    'an example network',
    sshFrom('[198.51.100.0/24]'),
    'f.yaml:6:13 aws.sshFrom.0: placeholder value left in: 198.51.100.0, allowed is a real one - put your own here',
  ],
  [
    'networks that nobody uses',
    with_('access: ssm'),
    'f.yaml:7:12 aws.sshFrom: has no effect with aws.access: ssm, which closes port 22 - remove it',
  ],
  [
    'a tag of ours',
    with_('tags: {Instance: x}'),
    'f.yaml:5:10 aws.tags.Instance: is a tag called "Instance", which the project sets itself, allowed is any other name',
  ],
  [
    'a tag of theirs',
    with_('tags: {"aws:x": x}'),
    'f.yaml:5:10 aws.tags."aws:x": is a tag called "aws:x", allowed are names that do not begin with "aws:"',
  ],
  [
    'a tag that is a number',
    with_('tags: {cost: 12}'),
    'f.yaml:5:16 aws.tags.cost: is the number 12, allowed is a text of at most 256 characters - put it in quotes: "12"',
  ],
  [
    'secrets at AWS without the section',
    'host: {address: 10.0.0.1}\ndomain: git.corp.test\nadmin: {username: ops-lead, email: a@corp.test}\ntls: {email: a@corp.test}\nsecrets: {source: aws-secrets-manager}\n',
    'f.yaml:5:19 secrets.source: is aws-secrets-manager, allowed together with a section aws (accountId and region)',
  ],
];

for (const [name, text, ...expected] of cases) t.strictSame(problemsOf(text), expected, name);

t.test('what follows from the rest', async (t) => {
  const { config } = parseConfig(good, '/team/f.yaml');
  t.match(config, {
    host: { provider: 'aws', address: '' },
    aws: {
      availabilityZone: 'eu-central-1a',
      stateBucket: 'gitea-state-210987654321-eu-central-1',
      backupBucket: 'gitea-backup-210987654321-eu-central-1',
      inventory: '/team/gitea.inventory.json',
    },
    secrets: { source: 'aws-secrets-manager' },
  });
  t.match(parseConfig(`${good}secrets: {source: file}\n`, 'f.yaml').config, { secrets: { source: 'file' } });
});

t.test('the inventory', async (t) => {
  const inventory = {
    version: 1,
    accountId: '210987654321',
    region: 'eu-central-1',
    name: 'gitea',
    address: '10.9.8.7',
    user: 'ubuntu',
    identityFile: 'gitea.id_ed25519',
    instanceId: 'i-0abc',
    dataVolumeId: 'vol-0abc',
    dataDevice: '/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0abc',
    backupBucket: 'corp-backup',
  };
  const folder = (found?: unknown) => {
    const path = t.testdir({ 'f.yaml': good });
    if (found !== undefined)
      writeFileSync(join(path, 'gitea.inventory.json'), typeof found === 'string' ? found : JSON.stringify(found));
    return path;
  };
  const load = (path: string, text = good) => {
    writeFileSync(join(path, 'f.yaml'), text);
    return loadConfig(join(path, 'f.yaml'));
  };
  const fails = (path: string, expected: RegExp) => {
    try {
      load(path);
      t.fail(`no error: ${expected}`);
    } catch (error) {
      const { kind, message } = error as RunbookError;
      t.equal(kind, 'configInvalid');
      t.match(message, expected);
      t.match(message, /\nNext: \S/);
    }
  };

  const none = load(folder());
  t.equal(none.inventory, undefined);
  t.equal(none.config.host.address, '', 'no host yet');

  const path = folder(inventory);
  const { config } = load(path);
  t.match(config.host, { address: '10.9.8.7', user: 'ubuntu', dataDevice: inventory.dataDevice });
  t.equal(config.host.identityFile, join(path, 'gitea.id_ed25519'));
  const own = load(path, good.replace('provider: aws', 'provider: aws\n  identityFile: /k'));
  t.equal(own.config.host.identityFile, '/k', 'what the file says goes first');

  fails(
    folder({ ...inventory, region: 'us-east-1' }),
    /of another instance than the configuration\n.*:1:\d+ region: is us-east-1, and aws.region in the configuration is eu-central-1/,
  );
  for (const name of ['other', 'gitea2', 'gite'])
    fails(
      folder({ ...inventory, name }),
      new RegExp(`another instance .*\n.* name: is ${name}, and aws.name in the configuration is gitea$`, 'm'),
    );
  fails(
    folder({ ...inventory, accountId: '210987654320' }),
    /accountId: is 210987654320, and aws.accountId .* is 210987654321/,
  );
  fails(folder({ ...inventory, name: 'bb', region: 'eu-central-2' }), /region: is eu-central-2.*\n.* name: is bb/);
  const named = load(folder({ ...inventory, name: 'gitea2' }), with_('name: gitea2'));
  t.equal(named.config.host.address, '10.9.8.7', 'that of the name that the configuration has');
  if (process.getuid?.() !== 0) {
    const closed = folder(inventory);
    chmodSync(join(closed, 'gitea.inventory.json'), 0);
    fails(closed, /the inventory cannot be read/);
  }
});
