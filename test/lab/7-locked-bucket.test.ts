// The lab's S3 is as strict as a bucket whose objects are locked, and restic of the lab works with that from a host.
import { S3 } from '@aws-sdk/client-s3';
import t from 'tap';
import { convergedLab, inside } from './suite.ts';

t.setTimeout(0);
const lab = await convergedLab();
await lab.aws.reset();
const { endpoint, region, env } = lab.aws;
const settings = {
  ...{ endpoint, region, forcePathStyle: true },
  credentials: { accessKeyId: env.AWS_ACCESS_KEY_ID!, secretAccessKey: env.AWS_SECRET_ACCESS_KEY! },
};
const client = new S3(settings);
/** One that sends no sum of what it puts where it does not have to. */
const careless = new S3({ ...settings, requestChecksumCalculation: 'WHEN_REQUIRED' });
const Bucket = 'locked';
const place = (LocationConstraint: 'eu-central-1') => ({ CreateBucketConfiguration: { LocationConstraint } });
await client.createBucket({ Bucket, ObjectLockEnabledForBucket: true, ...place('eu-central-1') });
const DefaultRetention = { Mode: 'COMPLIANCE', Days: 30 } as const;
const ObjectLockConfiguration = { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention } } as const;
await client.putObjectLockConfiguration({ Bucket, ObjectLockConfiguration });
t.teardown(() => lab.aws.reset());

t.test('a PUT without a sum of its content is refused where objects are locked, and only there', async (t) => {
  await client.createBucket({ Bucket: 'unlocked', ...place('eu-central-1') });
  await t.resolves(careless.putObject({ Bucket: 'unlocked', Key: 'a/b', Body: 'text' }));
  await t.rejects(careless.putObject({ Bucket, Key: 'a/b', Body: 'text' }), {
    name: 'InvalidRequest',
    message: /Content-MD5 OR x-amz-checksum-/,
    $metadata: { httpStatusCode: 400 },
  });
  await t.resolves(client.putObject({ Bucket, Key: 'a/b', Body: 'text' }));
  const ContentMD5 = 'HLJR7A1WjeapKbUgxK7Y0Q==';
  await t.rejects(careless.putObject({ Bucket, Key: 'a/b', Body: 'text', ContentMD5: '' }), { name: 'InvalidRequest' });
  await t.resolves(careless.putObject({ Bucket, Key: 'a/c', Body: 'text', ContentMD5 }));
});

t.test('a locked version stays, a marker may lie on it', async (t) => {
  const { VersionId } = await client.putObject({ Bucket, Key: 'kept', Body: 'text' });
  await t.rejects(client.deleteObject({ Bucket, Key: 'kept', VersionId }), { name: 'AccessDenied' });
  t.match(await client.deleteObject({ Bucket, Key: 'kept' }), { DeleteMarker: true });
});

t.test('deletes can be limited to some keys', async (t) => {
  await lab.aws.limitDeletes(Bucket, ['*/locks/*']);
  await t.rejects(client.deleteObject({ Bucket, Key: 'p/archive/data/x' }), { name: 'AccessDenied' });
  await t.resolves(client.deleteObject({ Bucket, Key: 'p/archive/locks/x' }));
  const Objects = [{ Key: 'p/archive/data/x' }, { Key: 'p/archive/locks/y' }];
  const { Deleted = [], Errors = [] } = await client.deleteObjects({ Bucket, Delete: { Objects } });
  t.match([Deleted, Errors], [[{ Key: 'p/archive/locks/y' }], [{ Key: 'p/archive/data/x', Code: 'AccessDenied' }]]);
  await lab.aws.limitDeletes(Bucket, undefined);
  await t.resolves(client.deleteObject({ Bucket, Key: 'p/archive/data/x' }));
});

t.test(
  'restic in a container of a host: it may add, it may take its locks away, and it may prune where it may delete',
  async (t) => {
    await lab.aws.limitDeletes(Bucket, ['*/locks/*', '*/recent/*']);
    const { ref } = lab.images.find(({ role, used }) => role === 'restic' && used)!;
    const given = { ...env, AWS_DEFAULT_REGION: region, RESTIC_PASSWORD: 'lab-only' };
    const words = Object.entries(given).map(([name, value]) => `-e ${name}=${value}`);
    const restic = async (repository: string, command: string) => {
      const at = `-r s3:${endpoint}/${Bucket}/place/${repository} --no-cache -o s3.retries=1`;
      const script = `docker run --rm -v /etc/hostname:/source/file:ro ${words.join(' ')} ${ref} ${at} ${command} 2>&1`;
      return lab.exec(lab.hosts[0]!.name, `timeout 120 ${script}`, { timeout: 180 });
    };
    t.match(await inside(lab, `docker run --rm --entrypoint sh ${ref} -c 'restic version'`), /^restic \d/);
    for (const repository of ['archive', 'recent']) {
      for (const command of [
        'init',
        'backup --host gitea /source',
        'backup --host gitea --force /source',
        'check --read-data',
        'snapshots',
      ]) {
        const { code, stdout } = await restic(repository, command);
        t.equal(code, 0, `${repository}: ${command}: ${stdout.slice(-300)}`);
      }
      const { code, stdout } = await restic(repository, 'forget --keep-last 1 --prune');
      t.equal(code === 0, repository === 'recent', `${repository}: forget: ${stdout.slice(-300)}`);
      const { Contents = [] } = await client.listObjectsV2({ Bucket, Prefix: `place/${repository}/locks/` });
      t.same(Contents, [], 'no lock is left');
    }
  },
);
