// The secrets in AWS, against the lab's: made, found, staged, promoted, and everything that can go wrong on the way.
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import t from 'tap';
import { secretsManager } from '../../lib/aws/clients.ts';
import { deleteSecrets, ownSecrets } from '../../lib/aws/own-secrets.ts';
import { type SecretName, secretNames } from '../../lib/core/secrets.ts';
import { awsStore } from '../../lib/secrets/aws-store.ts';
import { fileStore } from '../../lib/secrets/file-store.ts';
import { loadSecrets } from '../../lib/secrets/index.ts';
import { madeIn } from '../unit/secrets/made.ts';
import { awsSuite, failure } from './aws-suite.ts';
import type { Fault } from './faults.ts';
import { run, variant } from './suite.ts';

t.setTimeout(0);
const { lab, faults, instance, versions } = await awsSuite();

t.test('secrets: made by the first operator, with tags, and found by the second', async (t) => {
  const aws = instance('two');
  const first = await madeIn(awsStore(aws));
  const before = await versions(aws);
  const second = await madeIn(awsStore(aws));
  for (const name of secretNames) t.equal(second[name].reveal(), first[name].reveal(), name);
  t.same(await versions(aws), before);
  const { Tags = [] } = await (await secretsManager(aws)).describeSecret({ SecretId: 'two/gitea_secret_key' });
  t.match(Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])), {
    Project: 'gitea-runbooks',
    Instance: 'two',
    ManagedBy: 'gitea-runbooks',
  });
});

t.test('secrets: two operators at once end with the same ones', async (t) => {
  for (const terraform of [false, true]) {
    const aws = instance(`race-${terraform}`);
    // Terraform makes them empty.
    const client = await secretsManager(aws);
    if (terraform) for (const name of secretNames) await client.createSecret({ Name: `${aws.name}/${name}` });
    const all = await Promise.all([1, 2, 3].map(() => madeIn(awsStore(aws))));
    const kept = await awsStore(aws).load();
    for (const set of all) for (const name of secretNames) t.equal(set[name].reveal(), kept[name], name);
    for (const [id, labels] of Object.entries(await versions(aws))) t.equal(Object.keys(labels).length, 1, id);
  }
});

t.test('secrets: refused, nothing changes and the text says what to do', async (t) => {
  const aws = instance('bad');
  await madeIn(awsStore(aws));
  await awsStore(aws).stage({ postgres_password: 'staged' });
  const before = await versions(aws);
  const cases: [fault: Fault, what: RegExp, next: RegExp][] = [
    ['denied', /AWS denies secretsmanager:\w+ on bad\/\w+/, /in IAM/],
    ['expired', /have expired/, /log in again/],
    ['throttle', /still throttles secretsmanager:\w+ on bad\/\w+/, /wait a minute/],
    ['hang', /no answer to secretsmanager:\w+ on bad\/\w+/, /aws\.endpoint/],
    ['reset', /no answer to secretsmanager:\w+ on bad\/\w+/, /aws\.endpoint/],
  ];
  const actions: Record<string, () => Promise<unknown>> = {
    load: () => awsStore(aws).load(),
    pending: () => awsStore(aws).pending(),
    stage: () => awsStore(aws).stage({ gitea_metrics_token: 'x' }),
    promote: () => awsStore(aws).promote(['postgres_password']),
    discard: () => awsStore(aws).discard(['postgres_password']),
    save: () => awsStore(aws).save({ gitea_password_root: 'x' }),
  };
  for (const [fault, what, next] of cases) {
    faults.clear();
    faults.on(/^secretsmanager/, fault);
    // All at once: what hangs takes its time.
    const failed = await Promise.all(
      Object.entries(actions).map(async ([name, act]) => ({ name, error: await failure(act()) })),
    );
    for (const { name, error } of failed) {
      t.match(error, { exitCode: 14, parts: { what, next } }, `${name}, ${fault}: ${error.parts?.what}`);
      t.notMatch(error.message, /staged/);
    }
    faults.clear();
    t.same(await versions(aws), before, `${fault}: every version as before`);
  }
});

t.test('secrets: only the writes fail, and the first one ends it', async (t) => {
  for (const [index, fault] of (['denied', 'expired', 'throttle', 'reset'] as const).entries()) {
    const aws = instance(`write${index}`);
    faults.clear();
    faults.on(/^secretsmanager (Put|Create)/, fault);
    t.match(await failure(madeIn(awsStore(aws))), { exitCode: 14 }, fault);
    faults.clear();
    t.same(await versions(aws), {}, 'nothing was made');
    await madeIn(awsStore(aws));
  }
});

t.test('secrets: what passes is waited for, and an answer that is lost does no harm', async (t) => {
  const aws = instance('short');
  faults.on(/^secretsmanager GetSecretValue/, 'throttle', 4);
  faults.on(/^secretsmanager CreateSecret/, 'lost', 2);
  faults.on(/^secretsmanager CreateSecret/, 'throttle', 2);
  const made = await madeIn(awsStore(aws));
  faults.clear();
  const kept = await awsStore(aws).load();
  for (const name of secretNames) t.equal(kept[name], made[name].reveal(), name);
  for (const [id, labels] of Object.entries(await versions(aws))) t.equal(Object.keys(labels).length, 1, id);
});

t.test('secrets: one that is scheduled for deletion is brought back, not made anew', async (t) => {
  const aws = instance('deleted');
  await madeIn(awsStore(aws));
  const client = await secretsManager(aws);
  const SecretId = 'deleted/gitea_secret_key';
  await client.deleteSecret({ SecretId, RecoveryWindowInDays: 30 });
  const before = await versions(aws);
  for (const act of [() => madeIn(awsStore(aws)), () => loadSecrets(awsStore(aws))])
    t.match(await failure(act()), {
      exitCode: 14,
      parts: {
        what: `the secret ${SecretId} is scheduled for deletion`,
        next: new RegExp(`restore-secret --secret-id ${SecretId}`),
      },
    });
  t.same(await versions(aws), before);
  await client.restoreSecret({ SecretId });
  await madeIn(awsStore(aws));
});

t.test('secrets: staged, promoted, and a promotion that is cut off anywhere', async (t) => {
  const aws = instance('staged');
  await madeIn(awsStore(aws));
  const { gitea_secret_key: key } = await awsStore(aws).load();
  const names: SecretName[] = ['postgres_password', 'gitea_metrics_token'];
  for (let at = 0; at < 7; at++) {
    const wanted = Object.fromEntries(names.map((name) => [name, randomUUID()]));
    const store = awsStore(aws);
    await store.stage({ postgres_password: 'given up' });
    await store.stage(wanted);
    t.same(await store.pending(), wanted);
    let left = at;
    faults.clear();
    faults.on(/^secretsmanager (Describe|Update)/, async () => {
      if (left-- <= 0) throw new Error('cut off');
    });
    const cut = await store.promote(names).then(
      () => false,
      () => true,
    );
    t.equal(cut, at < 6, 'three requests for each of two names');
    faults.clear();
    const [now, rest] = [await awsStore(aws).load(), await awsStore(aws).pending()];
    for (const name of names) t.not(name in rest, now[name] === wanted[name], `${at}: ${name} is staged or current`);
    await awsStore(aws).promote(names);
    t.match(await awsStore(aws).load(), { ...wanted, gitea_secret_key: key });
    t.same(await awsStore(aws).pending(), {});
  }
  const client = await secretsManager(aws);
  const { SecretString, VersionStages } = await client.getSecretValue({ SecretId: 'staged/postgres_password' });
  t.same(VersionStages, ['AWSCURRENT']);
  t.equal(SecretString, (await awsStore(aws).load()).postgres_password, 'also for who names no version');
});

t.test('secrets: those that the runbooks made are found and deleted, and nobody else’s', async (t) => {
  const aws = instance('own', { tags: { team: 'platform' } });
  const client = await secretsManager(aws);
  // More than one page, whose size is 100.
  const made = Array.from({ length: 103 }, (_, index) => `own/gitea_password_person${String(index).padStart(3, '0')}`);
  await awsStore(aws).save(Object.fromEntries(made.map((id) => [id.slice('own/'.length), 'a first password'])));
  await awsStore(instance('own-too')).save({ gitea_password_operator: 'of another instance' });
  const tag = (Key: string, Value: string) => ({ Key, Value });
  const Tags = [tag('Project', 'gitea-runbooks'), tag('Instance', 'own')];
  await client.createSecret({ Name: 'own/inputs_key', Tags: [...Tags, tag('ManagedBy', 'terraform')] });
  await client.createSecret({ Name: 'own/of-somebody', SecretString: 'kept by hand' });
  await client.createSecret({ Name: 'elsewhere/own', Tags: [...Tags, tag('ManagedBy', 'gitea-runbooks')] });
  t.same(await ownSecrets(aws), made);

  faults.on(/^secretsmanager DeleteSecret/, async () => {}, 2);
  faults.on(/^secretsmanager DeleteSecret/, 'denied');
  t.match(await failure(deleteSecrets(aws, made)), {
    exitCode: 14,
    parts: { what: /denies secretsmanager:DeleteSecret/ },
  });
  faults.clear();
  t.same(await ownSecrets(aws), made.slice(2), 'what is deleted is not found again');
  await deleteSecrets(aws, [...made.slice(2), 'own/gone_already']);
  t.same(await ownSecrets(aws), []);
  const { DeletedDate } = await client.describeSecret({ SecretId: made[0] });
  const days = (Number(DeletedDate) - Date.now()) / 86_400_000;
  t.ok(days > 29 && days < 31, `AWS keeps it for ${days} days`);
  for (const SecretId of ['own/inputs_key', 'own/of-somebody', 'own-too/gitea_password_operator'])
    t.equal((await client.describeSecret({ SecretId })).DeletedDate, undefined, `${SecretId} stays`);
});

t.test('the runbooks with their secrets in AWS', async (t) => {
  const aws = instance('gitea');
  const first = await run(lab, 'deploy', ['--yes']);
  t.equal(first.code, 0, first.said);
  // The same values in the other place: on the host only the copy of the config changes.
  await awsStore(aws).save(await fileStore(path.join(lab.dir, 'gitea.secrets.yaml')).load());
  const config = await variant(lab, 'aws', {
    'secrets.source': 'aws-secrets-manager',
    aws: { accountId: aws.accountId, region: aws.region, endpoint: faults.endpoint, dns: 'external' },
  });
  const deployed = await run(lab, 'deploy', ['--yes'], config);
  const secretStore = 'AWS Secrets Manager (gitea/*, eu-central-1)';
  t.match(deployed, { code: 0, json: { secretStore } }, deployed.said);
  const changed = deployed.json.changes?.map(({ id }: { id: string }) => id);
  t.same(changed, ['file:/etc/gitea-runbooks/config.json']);
  t.notMatch(deployed.stderr, /NodeVersionSupportWarning/);
  const before = await versions(aws);
  faults.on(/^secretsmanager/, 'expired');
  for (const name of ['plan', 'deploy']) {
    const refused = await run(lab, name, name === 'deploy' ? ['--yes'] : [], config);
    t.match(refused, { code: 14, json: { error: { what: /have expired/, next: /log in again/ } } }, refused.said);
  }
  const status = await run(lab, 'status', [], config);
  t.match(
    status,
    { code: 21, json: { pendingTitles: [/have expired/], services: Array } },
    'the rest of the report is there',
  );
  faults.clear();
  t.same(await versions(aws), before);
});
