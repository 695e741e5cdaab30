// AWS through its SDK, against the lab's: the state bucket, the secrets, the records, and everything that can go wrong on the way.
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import t, { type Test } from 'tap';
import { s3, secretsManager } from '../../lib/aws/clients.ts';
import { delegation, nameServersFrom } from '../../lib/aws/delegation.ts';
import { checkAccount } from '../../lib/aws/identity.ts';
import type { Aws } from '../../lib/aws/settings.ts';
import { ensureStateBucket, stateBucket, stateKey, stateLock } from '../../lib/aws/state-bucket.ts';
import { waitInSync } from '../../lib/aws/zone-sync.ts';
import { findZone, upsertAddress } from '../../lib/aws/zones.ts';
import type { Config } from '../../lib/config/config.types.ts';
import type { RunbookError } from '../../lib/core/errors.ts';
import { type SecretName, secretNames } from '../../lib/core/secrets.ts';
import { delegationCheck } from '../../lib/jobs/delegation.ts';
import { awsStore } from '../../lib/secrets/aws-store.ts';
import { fileStore } from '../../lib/secrets/file-store.ts';
import { loadSecrets } from '../../lib/secrets/index.ts';
import { section } from '../unit/aws/cloud.ts';
import { type Fault, faultProxy } from './faults.ts';
import { run, theLab, variant } from './suite.ts';

t.setTimeout(0);
const lab = await theLab();
await lab.aws.reset();
Object.assign(process.env, lab.aws.env);
const faults = await faultProxy(lab.aws.endpoint);
t.teardown(() => faults.close());
t.beforeEach(() => faults.clear());

/** The section of an instance of its own, through the proxy. */
const instance = (name: string, values: Partial<Aws> = {}): Aws =>
  section({
    ...{ name, accountId: lab.aws.account, region: lab.aws.region, endpoint: faults.endpoint },
    stateBucket: `${name}-state-${lab.aws.account}`,
    ...values,
  });

const quiet = () => {};
const failure = (work: Promise<unknown>): Promise<RunbookError> =>
  work.then(
    () => {
      throw new Error('it did not fail');
    },
    (error) => error,
  );

const writes = () =>
  faults.seen.filter((operation) =>
    /^s3 (PUT|POST|DELETE)|secretsmanager (?!Get|Describe|List)|route53 POST/.test(operation),
  );

t.test('the state bucket is made with all that keeps it safe, and left alone after that', async (t) => {
  const aws = instance('made', { tags: { team: 'platform' } });
  t.equal(await stateBucket(aws), 'absent');
  t.same(writes(), [], 'a look writes nothing');
  t.equal(await ensureStateBucket(aws, quiet), 'made');
  await safe(t, aws);
  const tags = await (await s3(aws)).getBucketTagging({ Bucket: aws.stateBucket });
  t.match(new Map(tags.TagSet?.map(({ Key, Value }) => [Key, Value])), new Map([['team', 'platform']]));
  faults.clear();
  t.equal(await ensureStateBucket(aws, quiet), 'unchanged');
  t.equal(await stateBucket(aws), 'ours');
  t.same(writes(), []);
});

t.test('cut off at any of its writes, the next run takes the bucket over', async (t) => {
  // One write for the bucket itself and one for each setting that S3 has not of itself.
  for (let at = 0; at < 6; at++) {
    const aws = instance(`cut${at}`);
    let left = at;
    faults.clear();
    faults.on(/^s3 PUT/, async () => {
      if (left-- <= 0) throw new Error('cut off');
    });
    t.match(await failure(ensureStateBucket(aws, quiet)), { exitCode: 14, parts: { what: /no answer to s3:/ } });
    t.equal(writes().filter((operation) => operation.startsWith('s3 PUT')).length, at + 5, 'each try counts');
    faults.clear();
    t.equal(await ensureStateBucket(aws, quiet), at === 0 ? 'made' : 'taken over', `cut off at write ${at}`);
    await safe(t, aws);
    t.equal(await ensureStateBucket(aws, quiet), 'unchanged');
  }
});

t.test('a bucket whose making was not answered is ours all the same', async (t) => {
  const aws = instance('lost');
  faults.on(/^s3 PUT \/[^?]*$/, 'lost', 1);
  t.equal(await ensureStateBucket(aws, quiet), 'made');
  await safe(t, aws);
});

t.test('what somebody turned off is turned on again, and what they added stays', async (t) => {
  const aws = instance('drift');
  await ensureStateBucket(aws, quiet);
  const client = await s3(aws);
  const Bucket = aws.stateBucket;
  const own = {
    Sid: 'Own',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:DeleteBucket',
    Resource: `arn:aws:s3:::${Bucket}`,
  };
  await client.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: 'Suspended' } });
  await client.putBucketPolicy({ Bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement: own }) });
  const said: string[] = [];
  t.equal(await ensureStateBucket(aws, (event) => event.type === 'step' && said.push(event.text)), 'taken over');
  t.same(said, [`state bucket ${Bucket}: versioning`, `state bucket ${Bucket}: TLS only`]);
  await safe(t, aws);
  t.match((await client.getBucketPolicy({ Bucket })).Policy, /"Own"/);
});

t.test('a bucket that is not ours is refused, and nothing is written', async (t) => {
  const refused = async (aws: Aws, what: RegExp) => {
    const before = writes().length;
    for (const ask of [() => stateBucket(aws), () => ensureStateBucket(aws, quiet)])
      t.match(await failure(ask()), { exitCode: 22, parts: { what, next: /aws\.stateBucket/ } });
    t.equal(writes().length, before);
  };
  faults.on(/^s3 HEAD \/foreign-/, 'foreign');
  await refused(instance('foreign'), /belongs to another AWS account/);
  faults.on(/^s3 PUT \/taken-[^?]*$/, 'foreign');
  t.match(await failure(ensureStateBucket(instance('taken'), quiet)), {
    exitCode: 22,
    parts: { what: /belongs to another AWS account/ },
  });
  const client = await s3(instance('used'));
  const make = async (Bucket: string) => {
    const CreateBucketConfiguration = { LocationConstraint: 'eu-central-1' as const };
    await client.createBucket({ Bucket, CreateBucketConfiguration });
  };
  const used = instance('used');
  await make(used.stateBucket);
  await client.putObject({ Bucket: used.stateBucket, Key: 'holiday.jpg', Body: 'x' });
  faults.clear();
  await refused(used, /does not carry the tags/);
  const other = instance('other', { stateBucket: instance('made').stateBucket });
  await refused(other, /is not the state bucket of other/);
});

t.test('the lock of the state', async (t) => {
  const aws = instance('made');
  const put = async (Body: string) =>
    (await s3(aws)).putObject({ Bucket: aws.stateBucket, Key: `${stateKey(aws)}.tflock`, Body });
  t.equal(await stateLock(aws), undefined);
  t.equal(await stateLock(instance('nothing')), undefined, 'no bucket, no lock');
  const lock = { ID: 'b5c8', Operation: 'OperationTypeApply', Info: '', Who: 'ops@desk', Version: '1.11.0' };
  await put(JSON.stringify({ ...lock, Created: '2026-11-23T10:00:00Z', Path: `${aws.stateBucket}/${stateKey(aws)}` }));
  const found = { id: 'b5c8', who: 'ops@desk', operation: 'OperationTypeApply', created: '2026-11-23T10:00:00Z' };
  t.same(await stateLock(aws), found);
  await put('{"ID": "b5');
  t.same(await stateLock(aws), { id: 'unknown', who: 'unknown', operation: 'unknown', created: 'unknown' });
});

t.test('credentials of another account', async (t) => {
  t.match(await checkAccount(instance('any')), { account: lab.aws.account });
  t.match(await failure(checkAccount(instance('any', { accountId: '123456789012' }))), {
    exitCode: 14,
    parts: { what: new RegExp(`of account ${lab.aws.account} .*aws.accountId is 123456789012`) },
  });
});

t.test('secrets: made by the first operator, with tags, and found by the second', async (t) => {
  const aws = instance('two');
  const first = await loadSecrets(awsStore(aws), { save: true });
  const before = await versions(aws);
  const second = await loadSecrets(awsStore(aws), { save: true });
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
    const all = await Promise.all([1, 2, 3].map(() => loadSecrets(awsStore(aws), { save: true })));
    const kept = await awsStore(aws).load();
    for (const set of all) for (const name of secretNames) t.equal(set[name].reveal(), kept[name], name);
    for (const [id, labels] of Object.entries(await versions(aws))) t.equal(Object.keys(labels).length, 1, id);
  }
});

t.test('secrets: refused, nothing changes and the text says what to do', async (t) => {
  const aws = instance('bad');
  await loadSecrets(awsStore(aws), { save: true });
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
    t.match(await failure(loadSecrets(awsStore(aws), { save: true })), { exitCode: 14 }, fault);
    faults.clear();
    t.same(await versions(aws), {}, 'nothing was made');
    await loadSecrets(awsStore(aws), { save: true });
  }
});

t.test('secrets: what passes is waited for, and an answer that is lost does no harm', async (t) => {
  const aws = instance('short');
  faults.on(/^secretsmanager GetSecretValue/, 'throttle', 4);
  faults.on(/^secretsmanager CreateSecret/, 'lost', 2);
  faults.on(/^secretsmanager CreateSecret/, 'throttle', 2);
  const made = await loadSecrets(awsStore(aws), { save: true });
  faults.clear();
  const kept = await awsStore(aws).load();
  for (const name of secretNames) t.equal(kept[name], made[name].reveal(), name);
  for (const [id, labels] of Object.entries(await versions(aws))) t.equal(Object.keys(labels).length, 1, id);
});

t.test('secrets: one that is scheduled for deletion is brought back, not made anew', async (t) => {
  const aws = instance('deleted');
  await loadSecrets(awsStore(aws), { save: true });
  const client = await secretsManager(aws);
  const SecretId = 'deleted/gitea_secret_key';
  await client.deleteSecret({ SecretId, RecoveryWindowInDays: 30 });
  const before = await versions(aws);
  for (const act of [
    () => loadSecrets(awsStore(aws), { save: true }),
    () => loadSecrets(awsStore(aws), { save: false }),
  ])
    t.match(await failure(act()), {
      exitCode: 14,
      parts: {
        what: `the secret ${SecretId} is scheduled for deletion`,
        next: new RegExp(`restore-secret --secret-id ${SecretId}`),
      },
    });
  t.same(await versions(aws), before);
  await client.restoreSecret({ SecretId });
  await loadSecrets(awsStore(aws), { save: true });
});

t.test('secrets: staged, promoted, and a promotion that is cut off anywhere', async (t) => {
  const aws = instance('staged');
  await loadSecrets(awsStore(aws), { save: true });
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

t.test('zones: the longest name, none, several; records that come through', async (t) => {
  const aws = instance('zones');
  t.match(await failure(findZone(aws, 'git.lab.test')), { exitCode: 22, parts: { what: /no public hosted zone/ } });
  const id = await lab.aws.zone('lab.test');
  await lab.aws.zone('deep.lab.test');
  t.same(await findZone(aws, 'git.lab.test'), { id, name: 'lab.test' });
  t.match(await findZone(aws, 'git.deep.lab.test'), { name: 'deep.lab.test' });
  t.same(await findZone({ ...aws, zoneId: id }, 'git.deep.lab.test'), { id, name: 'lab.test' });
  const change = await upsertAddress(aws, id, 'git.lab.test', ['203.0.113.10', '2001:db8::10']);
  await waitInSync(aws, change!);
  faults.clear();
  t.equal(await upsertAddress(aws, id, 'git.lab.test', ['203.0.113.10', '2001:db8::10']), undefined);
  t.same(writes(), []);
  await waitInSync(aws, (await upsertAddress(aws, id, 'git.lab.test', ['203.0.113.11']))!);
  const { wanted, found } = await delegation(aws, id, nameServersFrom(lab.dnsServer));
  t.same(found, wanted);
  t.equal(wanted.length, 4);
  const config = { host: { provider: 'aws' }, aws, domain: 'git.lab.test', verify: { dnsServer: lab.dnsServer } };
  t.match(await delegationCheck(config as Config), [{ id: 'aws.delegation', status: 'pass' }]);
  for (const [fault, what] of [
    ['denied', /denies route53:/],
    ['expired', /have expired/],
  ] as const) {
    faults.on(/^route53/, fault, 1);
    t.match(await failure(upsertAddress(aws, id, 'git.lab.test', ['203.0.113.12'])), { exitCode: 14, parts: { what } });
  }
  t.same(writes().length, 1, 'the one that came through');
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

/** Everything that has to be so on a state bucket, as S3 tells it. */
async function safe(t: Test, aws: Aws): Promise<void> {
  const client = await s3(aws);
  const Bucket = { Bucket: aws.stateBucket };
  t.equal((await client.getBucketVersioning(Bucket)).Status, 'Enabled');
  const { PublicAccessBlockConfiguration: access } = await client.getPublicAccessBlock(Bucket);
  t.same(Object.values(access ?? {}), [true, true, true, true]);
  t.match(await client.getBucketOwnershipControls(Bucket), {
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
  });
  const { ServerSideEncryptionConfiguration: encryption } = await client.getBucketEncryption(Bucket);
  t.match(encryption?.Rules, [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }]);
  t.match((await client.getBucketPolicy(Bucket)).Policy, /"Effect":"Deny".*"aws:SecureTransport":"false"/);
  const { TagSet = [] } = await client.getBucketTagging(Bucket);
  const tags = Object.fromEntries(TagSet.map(({ Key, Value }) => [Key, Value]));
  t.match(tags, { ManagedBy: 'gitea-runbooks', Instance: aws.name, Project: 'gitea-runbooks' });
}

/** Each secret of an instance with its versions and what they are labelled, straight from the service. */
async function versions(aws: Aws): Promise<Record<string, Record<string, string[]>>> {
  const client = await secretsManager({ ...aws, endpoint: lab.aws.endpoint });
  const Filters = [{ Key: 'name' as const, Values: [`${aws.name}/`] }];
  const { SecretList = [] } = await client.listSecrets({ Filters, IncludePlannedDeletion: true, MaxResults: 100 });
  const all = SecretList.map(async ({ Name = '' }) => {
    const { Versions = [] } = await client.listSecretVersionIds({ SecretId: Name, IncludeDeprecated: true });
    const labels = Versions.map(
      ({ VersionId = '', VersionStages = [] }) => [VersionId, [...VersionStages].sort()] as const,
    );
    return [Name, Object.fromEntries(labels)] as const;
  });
  return Object.fromEntries(await Promise.all(all));
}
