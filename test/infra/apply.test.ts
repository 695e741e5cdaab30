import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { loadConfig } from '../../lib/config/load.ts';
import { failureOf, lockOf, setUp, setUpApplied } from './setup.ts';

t.setTimeout(120_000);

t.test('the first apply makes everything, and tells the other runbooks', async (t) => {
  const run = await setUp(t);
  const before = loadConfig(run.file);
  t.same([before.inventory, before.config.host.address], [undefined, '']);
  let asked = 0;
  const report = await run.apply({
    approve: async ({ changes, losses }) => {
      asked = changes.length;
      t.same(losses, []);
      t.notOk(existsSync(join(run.stateDir, 'gitea-state-210987654321-eu-central-1', 'gitea-runbooks')), 'nothing yet');
    },
  });
  t.equal(asked, 47);
  t.match(report, { outcome: 'changed', place: 'AWS account 210987654321, eu-central-1' });
  t.same(JSON.parse(readFileSync(run.inventory, 'utf8')), report.inventory);
  const volume = report.inventory.dataVolumeId.replace('-', '');
  t.match(report.inventory, {
    version: 1,
    accountId: '210987654321',
    name: 'gitea',
    address: '198.51.100.7',
    user: 'ubuntu',
    identityFile: 'gitea.id_ed25519',
    dataDevice: `/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${volume}`,
    backupBucket: 'gitea-backup-210987654321-eu-central-1',
    zoneId: 'Z0123456789ABCDEFGHIJ',
  });
  t.notOk(report.inventory.ipv6Address);
  const { config } = loadConfig(run.file);
  t.match(config.host, { address: '198.51.100.7', user: 'ubuntu', dataDevice: report.inventory.dataDevice });
  t.equal(statSync(config.host.identityFile!).mode & 0o777, 0o600);
  t.match(readFileSync(config.host.knownHosts, 'utf8'), /^198\.51\.100\.7 ssh-ed25519 AAAA\S+\n$/);
  t.ok(existsSync(join(run.folder, 'config', 'gitea.terraform.lock.hcl')), 'versions of the providers are kept');
  t.ok(run.steps().includes('aws_instance.host: creating') && run.steps().includes('aws_instance.host: created'));
});

t.test('nothing secret is left on this machine, and no plan', async (t) => {
  const run = await setUp(t);
  const hidden: string[] = [];
  await run.apply({ hide: (...secrets) => void hidden.push(...secrets.map((one) => one.reveal())) });
  const key = readFileSync(join(run.stateDir, 'secrets', 'gitea', 'ssh_host_ed25519_key'), 'utf8');
  t.match(key, /^-----BEGIN OPENSSH PRIVATE KEY-----\n/);
  t.ok(hidden.includes(key), 'told to the frame, which takes it out of all that is shown');
  const left = readDirectory(run.work);
  t.notOk(
    left.some(({ name }) => /tfplan|jsonl|lifted|pid/.test(name)),
    'no plan, no log',
  );
  const line = key.split('\n')[3]!;
  t.notOk(left.some(({ text }) => text.includes(line)) || JSON.stringify(run.state()).includes(line));
  t.equal(statSync(run.work).mode & 0o777, 0o700);
  t.equal(readFileSync(join(run.work, '..', '.gitignore'), 'utf8'), '*\n');
});

t.test('with nothing to do it writes nothing, and says so', async (t) => {
  const run = await setUpApplied(t);
  const [state, inventory] = [run.state(), statSync(run.inventory).mtimeMs];
  run.commands();
  const report = await run.apply({ approve: async () => void t.fail('nobody is asked') });
  t.match(report, { outcome: 'converged', written: [], summary: { changes: [], applies: false, unchanged: 47 } });
  t.same([run.state(), statSync(run.inventory).mtimeMs], [state, inventory]);
  const commands = run.commands().map((line) => line.split(' ')[0]);
  t.same(commands, ['version', 'init', 'state', 'plan', 'show', 'output'], 'no apply, and so no lock');
  rmSync(run.inventory);
  rmSync(join(run.folder, 'config', 'gitea.known_hosts'));
  const again = await run.apply();
  t.match(
    again,
    { outcome: 'converged', written: [run.inventory, /known_hosts$/] },
    'what a colleague lacks is written',
  );
});

t.test('a change: size and type, with what it means', async (t) => {
  const run = await setUpApplied(t);
  run.set({ dataVolumeGiB: 80, instanceType: 'm7i.large' });
  const { summary } = await run.plan();
  t.match(summary.changes, [
    { address: 'aws_ebs_volume.data', action: 'update', why: 'size 50 to 80', impact: 'none' },
    { address: 'aws_instance.host', action: 'update', why: 'instance_type t3.medium to m7i.large', impact: 'downtime' },
  ]);
  t.same([summary.before.total, summary.after.total], [50.31, 106.27]);
  t.match(await run.apply(), { outcome: 'changed' });
  t.match((await run.plan()).summary, { changes: [], applies: false });
});

t.test('IPv6 and Session Manager', async (t) => {
  const run = await setUp(t, { aws: { ipv6: true, access: 'ssm', sshFrom: [] } });
  const report = await run.apply();
  t.equal(report.inventory.ipv6Address, '2001:db8::7');
  const made = report.summary.changes.map(({ address }) => address);
  t.ok(made.includes('aws_iam_role_policy.session_manager[0]') && made.includes('aws_route53_record.address_v6[0]'));
});

t.test('a DNS of one’s own needs no zone', async (t) => {
  const run = await setUp(t, { aws: { dns: 'external' } });
  const report = await run.apply();
  t.notOk(report.inventory.zoneId);
  t.notOk(report.summary.changes.some(({ address }) => address.startsWith('aws_route53_record')));
});

t.test('a plan before anything is there writes nothing at all', async (t) => {
  const run = await setUp(t);
  const { summary } = await run.plan();
  t.equal(summary.changes.length, 47);
  t.match(summary, { applies: true, losses: [], before: { total: 0 }, after: { total: 50.31 } });
  t.same(readDirectory(run.stateDir), []);
  const config = readDirectory(join(run.folder, 'config'), false).map(({ name }) => name);
  t.same(config.sort(), ['gitea.config.yaml'], 'no key, no inventory, no lock file');
});

t.test('a plan takes no lock and tells of one', async (t) => {
  const run = await setUpApplied(t);
  writeFileSync(run.lockFile, lockOf('alice@laptop'));
  const { summary } = await run.plan();
  t.match(summary, { applies: false });
  t.match(run.steps().at(-1), /the plan is of a moment: the state of gitea is locked by alice@laptop since 2026/);
});

t.test('who reads the host’s key, but lacks the login key, is told', async (t) => {
  const run = await setUpApplied(t);
  rmSync(join(run.folder, 'config', 'gitea.id_ed25519'));
  const report = await run.apply();
  t.match(report, { outcome: 'converged' }, 'the public half is taken from the state: no new key, no new host');
  t.match(run.steps().at(-1), /the login key .*gitea\.id_ed25519 is not on this machine/);
});

t.test('output writes the inventory and the pin anew', async (t) => {
  const run = await setUp(t);
  t.match(await failureOf(run.output()), {
    kind: 'refused',
    message: /there is no host yet\nNext: .*infra\.mjs apply/,
  });
  const { inventory } = await run.apply();
  rmSync(run.inventory);
  rmSync(join(run.folder, 'config', 'gitea.known_hosts'));
  run.commands();
  const report = await run.output();
  t.same(report.inventory, inventory);
  t.equal(report.written.length, 2);
  t.same(run.commands(), ['version -json', 'init -input=false -reconfigure -json', 'state pull', 'output -json']);
});

t.test('drift is shown, and put back', async (t) => {
  const run = await setUpApplied(t);
  run.script({
    drift: { 'aws_instance.host': { instance_type: 't3.large' }, 'aws_route53_record.address[0]': 'gone' },
  });
  const { summary } = await run.plan();
  t.match(summary.drift, [
    { address: 'aws_instance.host', what: 'instance_type t3.medium to t3.large' },
    { address: 'aws_route53_record.address[0]', what: 'gone' },
  ]);
  t.match(summary.changes, [
    { address: 'aws_instance.host', why: 'instance_type t3.large to t3.medium', impact: 'downtime' },
    { address: 'aws_route53_record.address[0]', action: 'create' },
  ]);
});

t.test('lines that are no events, and events of later versions, do no harm', async (t) => {
  const run = await setUp(t);
  run.script({ noise: true });
  t.match(await run.apply(), { outcome: 'changed' });
});

function readDirectory(folder: string, deep = true): { name: string; text: string }[] {
  return readdirSync(folder, { recursive: deep, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name, parentPath }) => ({ name, text: readFileSync(join(parentPath, name), 'utf8') }));
}
