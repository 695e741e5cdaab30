// AWS through its SDK, against the lab's: the state bucket, the account, the records, and what can go wrong on the way.
import t, { type Test } from 'tap';
import { s3 } from '../../lib/aws/clients.ts';
import { delegation, nameServersFrom } from '../../lib/aws/delegation.ts';
import { checkAccount } from '../../lib/aws/identity.ts';
import type { Aws } from '../../lib/aws/settings.ts';
import { ensureStateBucket, stateBucket, stateKey, stateLock } from '../../lib/aws/state-bucket.ts';
import { waitInSync } from '../../lib/aws/zone-sync.ts';
import { findZone, upsertAddress } from '../../lib/aws/zones.ts';
import type { Config } from '../../lib/config/config.types.ts';
import { delegationCheck } from '../../lib/jobs/doctor/delegation.ts';
import { awsSuite, failure } from './aws-suite.ts';

t.setTimeout(0);
const { lab, faults, instance, writes } = await awsSuite();
const quiet = () => {};

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
