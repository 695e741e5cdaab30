import { existsSync } from 'node:fs';
import t from 'tap';
import { loadConfig } from '../../lib/config/load.ts';
import { connect } from '../../lib/host/connect.ts';
import { failureOf, setUp, setUpApplied } from './setup.ts';

t.setTimeout(120_000);

const all = 'host data-volume backup-bucket secrets';
const left = (state: { resources: { type: string }[] }) => [...new Set(state.resources.map(({ type }) => type))].sort();

t.test('what holds data stays', async (t) => {
  const run = await setUpApplied(t);
  t.match(await failureOf(run.destroy()), { exitCode: 22, message: /replaces or destroys the host/ });
  const report = await run.destroy(run.confirmed('host'));
  t.match(report, {
    outcome: 'destroyed',
    summary: { losses: ['host'], before: { total: 50.31 }, after: { total: 8.76 } },
  });
  t.same(left(run.state()), [
    'aws_ebs_volume',
    'aws_s3_bucket',
    'aws_s3_bucket_lifecycle_configuration',
    'aws_s3_bucket_object_lock_configuration',
    'aws_s3_bucket_ownership_controls',
    'aws_s3_bucket_policy',
    'aws_s3_bucket_public_access_block',
    'aws_s3_bucket_server_side_encryption_configuration',
    'aws_s3_bucket_versioning',
    'aws_secretsmanager_secret',
    'aws_secretsmanager_secret_version',
  ]);
  t.equal(report.kept.length, 20);
  t.equal(report.keptCost.total, 8.76);

  t.notOk(existsSync(run.inventory));
  t.match(await failureOf(connect(loadConfig(run.file).config)), { exitCode: 22, message: /there is no host yet/ });
  t.match(await failureOf(run.output()), { exitCode: 22, message: /there is no host yet/ }, 'though outputs are left');
  t.match(
    await run.destroy(),
    { outcome: 'converged', kept: { length: 20 } },
    'once more: nothing to do, nobody asked',
  );

  const volume = run.state().resources.find(({ type }: { type: string }) => type === 'aws_ebs_volume');
  const again = await run.apply();
  t.equal(again.inventory.dataVolumeId, volume.instances[0].attributes.id, 'the next apply takes the same volume');
});

t.test('with the data: all four names, an empty bucket', async (t) => {
  const run = await setUpApplied(t);
  const words: string[] = [];
  const refuse = async (_: string, wanted: string) => {
    words.push(wanted);
    throw await failureOf(run.output({ env: { PATH: '' } }));
  };
  await failureOf(run.destroy({ withData: true, approveLoss: refuse }));
  t.same(words, [all]);
  t.match(await failureOf(run.destroy({ withData: true, ...run.confirmed('host') })), {
    message: `wanted ${all}\nNext: `,
  });
  t.equal(run.state().resources.length > 20, true);
  const report = await run.destroy({ withData: true, ...run.confirmed(all) });
  t.match(report, { outcome: 'destroyed', kept: [], keptCost: { total: 0 } });
  t.same(run.state().resources, []);
  t.match(await run.destroy({ withData: true }), { outcome: 'converged' });
});

t.test('with the data: what the runbooks made beside Terraform goes as well', async (t) => {
  const ownSecrets = ['gitea/gitea_password_operator'];
  const run = await setUpApplied(t, { trouble: { ownSecrets } });
  t.match(await run.destroy(run.confirmed('host')), { secrets: [] });
  t.equal(ownSecrets.length, 1, 'it holds data: it stays with what stays');
  t.match(await run.destroy({ withData: true, ...run.confirmed('data-volume backup-bucket secrets') }), {
    secrets: ['gitea/gitea_password_operator'],
  });
  t.match(run.steps().at(-1), 'deleted as well, kept by AWS for 30 days: gitea/gitea_password_operator');
  t.same(ownSecrets, []);

  // Cut off after Terraform's part, the next run still asks for the word.
  ownSecrets.push('gitea/gitea_password_operator');
  t.match(await failureOf(run.destroy({ withData: true })), { exitCode: 22, message: /destroys the secrets/ });
  t.equal(ownSecrets.length, 1);
  t.match(await run.destroy({ withData: true, ...run.confirmed('secrets') }), { outcome: 'destroyed' });
  t.same(ownSecrets, []);
});

t.test('with the data: a bucket that is not empty is refused before Terraform is asked', async (t) => {
  const run = await setUpApplied(t, { trouble: { backups: { objects: 3, older: 10_000, atLeast: true } } });
  const failure = await failureOf(run.destroy({ withData: true, ...run.confirmed(all) }));
  t.match(failure, {
    exitCode: 22,
    message: /is not empty: at least 3 objects and 10000 older versions and delete markers/,
  });
  t.same(run.commands(), ['version -json']);
});

t.test('where nothing was ever made', async (t) => {
  const run = await setUp(t);
  t.match(await run.destroy(), { outcome: 'converged', kept: [] });
  t.same(run.commands(), ['version -json']);
});
