// What infra refuses, with exit code and message, and that nothing was touched by then.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { failureOf, lockOf, setUp, setUpApplied } from './setup.ts';

t.setTimeout(120_000);

t.test('no Terraform, a broken one, one that is too old', async (t) => {
  const run = await setUp(t);
  const empty = join(run.folder, 'empty');
  mkdirSync(empty);
  const none = await failureOf(run.apply({ env: { ...run.env, PATH: empty } }));
  t.match(none, {
    exitCode: 14,
    parts: { what: 'there is no `terraform` on the PATH', next: /install Terraform 1\.11 or newer: https/ },
  });
  const old = await failureOf(run.apply({ env: { ...run.env, DOUBLE_VERSION: '1.10.5' } }));
  t.match(old, {
    exitCode: 14,
    parts: { what: 'the Terraform on the PATH is 1.10.5, 1.11.0 is the oldest that will do' },
  });
  const pre = await failureOf(run.plan({ env: { ...run.env, DOUBLE_VERSION: '1.11.0-rc1' } }));
  t.match(pre, { exitCode: 14 });
  const odd = await failureOf(run.plan({ env: { ...run.env, DOUBLE_VERSION: 'new' } }));
  t.match(odd, { exitCode: 14, parts: { what: '`terraform version -json` gives no version' } });
  writeFileSync(join(empty, 'terraform'), '#!/bin/sh\necho broken >&2\nexit 3\n', { mode: 0o755 });
  const broken = await failureOf(run.plan({ env: { ...run.env, PATH: `${empty}:/bin` } }));
  t.match(broken, { exitCode: 14, parts: { cause: 'broken' } });
  t.same(readdirSync(run.stateDir), []);
});

t.test('credentials of another account, before anything is touched', async (t) => {
  const run = await setUp(t, { trouble: { wrongAccount: true } });
  t.match(await failureOf(run.apply()), { exitCode: 14, message: /of account 999999999999/ });
  t.same([readdirSync(run.stateDir), existsSync(run.work)], [[], false]);
  t.same(run.commands(), ['version -json']);
});

t.test('a state bucket of somebody else', async (t) => {
  const run = await setUp(t, { trouble: { foreignBucket: true } });
  for (const call of [run.plan, run.apply, run.destroy, run.output])
    t.match(await failureOf(call()), { exitCode: 22, message: /belongs to another AWS account/ });
  t.notOk(existsSync(run.work));
});

t.test('a host that is not on AWS', async (t) => {
  const run = await setUp(t);
  const text = JSON.parse(readFileSync(run.file, 'utf8'));
  writeFileSync(run.file, JSON.stringify({ ...text, host: { address: '10.9.0.4' } }));
  t.match(await failureOf(run.apply()), { exitCode: 10, message: /host\.provider is existing/ });
});

t.test('the state is locked', async (t) => {
  const run = await setUpApplied(t);
  writeFileSync(run.lockFile, lockOf('alice@laptop'));
  for (const call of [run.apply, run.destroy]) {
    const failure = await failureOf(call());
    t.match(failure, {
      exitCode: 11,
      parts: {
        what: 'the state of gitea is locked by alice@laptop since 2026-11-23T20:14:23.407837638Z (apply)',
        next: new RegExp(`only when it is surely dead: \\(cd ${run.work} && terraform force-unlock 3c7d9c1e-`),
      },
    });
  }
  t.same(run.commands(), ['version -json', 'version -json'], 'nobody came as far as the state');
});

t.test('the state is locked between the look and the apply', async (t) => {
  const run = await setUpApplied(t);
  run.set({ dataVolumeGiB: 60 });
  const failure = await failureOf(run.apply({ approve: async () => writeFileSync(run.lockFile, lockOf('bob@desk')) }));
  t.match(failure, { exitCode: 11, parts: { what: /is locked by bob@desk/ } });
  t.ok(existsSync(run.lockFile), 'his lock is his');
});

t.test('the state moved on between the plan and the apply', async (t) => {
  const run = await setUpApplied(t);
  run.set({ dataVolumeGiB: 60 });
  const path = join(run.lockFile, '..', 'terraform.tfstate');
  const approve = async () => writeFileSync(path, JSON.stringify({ ...run.state(), serial: 99 }));
  const failure = await failureOf(run.apply({ approve }));
  t.match(failure, { exitCode: 20, parts: { cause: /^Saved plan is stale: /, next: /Run the same command again/ } });
});

t.test('two runs in one working directory', async (t) => {
  const run = await setUpApplied(t);
  writeFileSync(join(run.work, 'run.pid'), '1\n');
  t.match(await failureOf(run.plan()), { exitCode: 11, message: /another run on this machine \(process 1\)/ });
  writeFileSync(join(run.work, 'run.pid'), '99999999\n');
  t.match(await run.plan(), { summary: { applies: false } }, 'a dead one holds nothing');
  t.notOk(existsSync(join(run.work, 'run.pid')));
});

t.test('replacing the host needs its name', async (t) => {
  const run = await setUpApplied(t);
  const question = /^This replaces or destroys the host \(.*the data volume stays\)\.$/;
  let asked: unknown;
  const refuse = async (...words: string[]) => {
    asked = words;
    throw await failureOf(run.output({ env: { PATH: '' } }));
  };
  await failureOf(
    run.apply({ replaceHost: true, approve: async () => void t.fail('not a plain yes'), approveLoss: refuse }),
  );
  t.match(asked, [question, 'host']);
  t.match(await failureOf(run.apply({ replaceHost: true })), { exitCode: 22, message: /nobody was asked/ });
  const before = run.state().resources.find(({ type }: { type: string }) => type === 'aws_instance');
  const report = await run.apply({ replaceHost: true, ...run.confirmed('host') });
  t.match(report.summary, { losses: ['host'] });
  t.match(
    report.summary.changes.map(({ address, action, impact }) => [address, action, impact]),
    [
      ['aws_eip_association.host', 'replace', 'downtime'],
      ['aws_instance.host', 'replace', 'downtime'],
      ['aws_volume_attachment.data', 'replace', 'downtime'],
    ],
  );
  const after = run.state().resources.find(({ type }: { type: string }) => type === 'aws_instance');
  t.not(before.instances[0].attributes.id, after.instances[0].attributes.id);
  t.equal(report.inventory.address, '198.51.100.7', 'address and key stay');
});

t.test('a plan that would replace the data volume', async (t) => {
  const run = await setUpApplied(t);
  run.set({ availabilityZone: 'eu-central-1b' });
  const failure = await failureOf(run.apply());
  t.match(failure, {
    exitCode: 22,
    message: /replaces or destroys the data volume \(all repositories and the database/,
  });
  t.notOk(
    readdirSync(run.work).some((name) => name.includes('lifted')),
    "Terraform's own protection was not lifted",
  );
  const { summary } = await run.plan();
  t.match(summary, { losses: ['data-volume'] });
  t.match(summary.changes[0], {
    address: 'aws_ebs_volume.data',
    impact: 'destroys-data',
    why: 'availability_zone eu-central-1a to eu-central-1b',
  });
  t.match(await failureOf(run.apply(run.confirmed('host'))), { message: /wanted data-volume/ });
  const report = await run.apply(run.confirmed('data-volume'));
  t.match(report.summary.losses, ['data-volume']);
  t.notOk(
    readdirSync(run.work).some((name) => name.includes('lifted')),
    'in force again',
  );
});

t.test('a plan that would replace the bucket, or drop the secrets', async (t) => {
  const full = { objects: 12, older: 3, atLeast: false };
  const run = await setUpApplied(t, { trouble: { backups: full } });
  run.set({ backupBucket: 'another-bucket' });
  const failure = await failureOf(run.apply(run.confirmed('backup-bucket')));
  t.match(failure, { exitCode: 22, message: /another-bucket is not empty: 12 objects and 3 older versions/ });
  run.set({});
  const text = JSON.parse(readFileSync(run.file, 'utf8'));
  writeFileSync(run.file, JSON.stringify({ ...text, secrets: { source: 'file' } }));
  t.match(await failureOf(run.apply(run.confirmed('host'))), { message: /wanted secrets/ });
});

t.test('a smaller data volume, before Terraform makes a plan', async (t) => {
  const run = await setUpApplied(t);
  run.set({ dataVolumeGiB: 20 });
  for (const call of [run.plan, run.apply]) {
    const failure = await failureOf(call());
    t.match(failure, {
      exitCode: 22,
      parts: { what: /is 20, and the data volume has 50 GiB/, next: 'set aws.dataVolumeGiB to 50 or more' },
    });
  }
  t.notOk(run.commands().some((line) => line.startsWith('plan')));
});

t.test('a data volume that somebody made larger', async (t) => {
  const run = await setUpApplied(t);
  run.script({ drift: { 'aws_ebs_volume.data': { size: 100 } } });
  t.match(await failureOf(run.apply()), { exitCode: 22, message: /has 100 GiB/ });
});

t.test('a state that could not be saved is not lost', async (t) => {
  const run = await setUp(t);
  const failure = await failureOf(run.apply({ env: { ...run.env, DOUBLE_SAVE: 'fails' } }));
  const rescue = join(run.work, 'errored.tfstate');
  t.match(failure, {
    exitCode: 22,
    parts: { what: new RegExp(`${rescue} is the only record`), next: /terraform state push errored\.tfstate/ },
  });
  t.match(await failureOf(run.apply()), { exitCode: 22 }, 'and the next run goes nowhere before it is pushed');
  t.ok(existsSync(rescue));
});

t.test('what Terraform refuses is told in its own words', async (t) => {
  const run = await setUp(t);
  run.script({ planFails: { summary: 'no zone', detail: 'nowhere' } });
  const plan = await failureOf(run.plan());
  t.match(plan, { exitCode: 14, parts: { what: 'terraform plan failed', cause: 'no zone: nowhere' } });
  run.script({
    fail: { address: 'aws_eip.host', summary: 'creating EIP: AddressLimitExceeded', detail: 'five are enough' },
  });
  const apply = await failureOf(run.apply());
  t.match(apply, {
    exitCode: 20,
    parts: {
      what: 'terraform apply failed',
      cause: 'aws_eip.host: creating EIP: AddressLimitExceeded: five are enough',
      next: /what was made stays/,
    },
  });
  run.script({});
  t.match(await run.apply(), { outcome: 'changed' }, 'and the next one goes on');
});

t.test('what stands in the environment does not change a plan', async (t) => {
  const run = await setUpApplied(t);
  const env = {
    ...run.env,
    TF_VAR_data_volume_gib: '99',
    TF_CLI_ARGS_plan: '-destroy',
    TF_WORKSPACE: 'other',
    TF_LOG: 'TRACE',
  };
  t.match(await run.plan({ env }), { summary: { applies: false } });
});

t.test('what Terraform gets, and what is told of its words', async (t) => {
  const run = await setUp(t, { aws: { profile: 'ops' } });
  const folder = join(run.folder, 'fake');
  mkdirSync(folder);
  const dump = join(run.folder, 'environment');
  const script = `#!/bin/sh
[ "$1" = version ] && { echo '{"terraform_version": "1.14.2"}'; exit 0; }
env -0 >'${dump}'
echo "the key is"
printenv TF_VAR_host_key
exit 1
`;
  writeFileSync(join(folder, 'terraform'), script, { mode: 0o755 });
  const keys = { AWS_ACCESS_KEY_ID: 'other', AWS_SECRET_ACCESS_KEY: 'other', AWS_SESSION_TOKEN: 'other' };
  const env = { ...run.env, ...keys, TF_LOG: 'TRACE', PATH: `${folder}:/usr/bin:/bin` };
  const failure = await failureOf(run.apply({ env }));
  t.match(failure, { exitCode: 14, parts: { what: 'terraform init failed', cause: /^the key is\n-----BEGIN/ } });
  t.match(failure.parts.cause, '<secret ssh_host_ed25519_key>');
  const given = new Map(
    readFileSync(dump, 'utf8')
      .split('\0')
      .map((line): [string, string] => [line.split('=', 1)[0]!, line.slice(line.indexOf('=') + 1)]),
  );
  const key = given.get('TF_VAR_host_key')!;
  t.match(key, /^-----BEGIN OPENSSH PRIVATE KEY-----\n/);
  for (const line of key.split('\n').slice(1, -2)) t.notOk(failure.message.includes(line), 'no line of it');
  t.match(Object.fromEntries(given), {
    AWS_PROFILE: 'ops',
    AWS_REGION: 'eu-central-1',
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
  });
  t.notOk(['AWS_ACCESS_KEY_ID', 'AWS_SESSION_TOKEN', 'TF_LOG', 'AWS_ENDPOINT_URL'].some((name) => given.has(name)));
});
