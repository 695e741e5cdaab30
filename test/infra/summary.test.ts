import t from 'tap';
import { monthlyCost, shapeOf } from '../../lib/aws/cost.ts';
import { prices } from '../../lib/aws/prices.ts';
import { holdsData, lossesOf, protectedThing } from '../../lib/aws/protected.ts';
import {
  type PlanJson,
  type ResourceChange,
  shrinks,
  summarise,
  summariseEvents,
} from '../../lib/aws/terraform/plan.ts';
import { renderCost, renderInfra } from '../../lib/report/infra.ts';

const change = (
  address: string,
  actions: string[],
  more: Partial<ResourceChange['change']> = {},
  reason = '',
): ResourceChange => ({
  address,
  mode: 'managed',
  ...(reason ? { action_reason: reason } : {}),
  change: { actions, before: {}, after: {}, ...more },
});
const plan = (...changes: ResourceChange[]): PlanJson => ({
  format_version: '1.2',
  resource_changes: changes,
  applyable: true,
});
const only = (one: ResourceChange) => summarise(plan(one), 'eu-central-1').changes[0];

t.test('actions, in the order of how bad they are', async (t) => {
  const { changes, unchanged } = summarise(
    plan(
      change('a.create', ['create'], { before: null }),
      change('a.update', ['update'], { before: { x: 1 }, after: { x: 2 } }),
      change('a.replace', ['delete', 'create']),
      change('a.first', ['create', 'delete']),
      change('a.destroy', ['delete'], { after: null }),
      change('a.forget', ['forget'], { after: null }),
      change('a.same', ['no-op']),
      change('a.read', ['read']),
      { ...change('data.a.b', ['read']), mode: 'data' },
    ),
    'eu-central-1',
  );
  t.same(
    changes.map(({ address, action }) => `${action} ${address}`),
    [
      'destroy a.destroy',
      'destroy a.forget',
      'replace a.replace',
      'replace a.first',
      'update a.update',
      'create a.create',
    ],
  );
  t.equal(unchanged, 2);
});

t.test('why', async (t) => {
  t.match(only(change('a.b', ['update'], { before: { size: 50, tags_all: 1 }, after: { size: 60, tags_all: 2 } })), {
    why: 'size 50 to 60',
  });
  t.match(only(change('a.b', ['update'], { before: { list: [1] }, after: { list: [2] } })), { why: 'list' });
  const secret = { before: { key: 'hush' }, after: { key: 'hush2' } };
  t.match(only(change('a.b', ['update'], { ...secret, after_sensitive: { key: true } })), { why: 'key' });
  t.match(only(change('a.b', ['update'], { ...secret, before_sensitive: true })), { why: 'key' });
  t.match(only(change('a.b', ['update'], { before: { arn: 'x' }, after: {}, after_unknown: { arn: true } })), {
    why: 'other settings',
  });
  t.match(
    only(
      change('a.b', ['delete', 'create'], { before: { az: 'a', id: 1 }, after: { az: 'b' }, replace_paths: [['az']] }),
    ),
    { why: 'az a to b' },
  );
  t.match(only(change('a.b', ['delete', 'create'], {}, 'replace_because_tainted')), { why: 'its making was cut off' });
  t.match(only(change('a.b', ['delete', 'create'], {}, 'replace_by_request')), { why: 'as asked for' });
  t.match(only(change('a.b', ['delete'], { after: null }, 'delete_because_no_resource_config')), {
    why: 'no longer wanted',
  });
  t.match(only({ ...change('a.b', ['delete'], { after: null }), deposed: 'abcd' }), {
    why: 'left over from an earlier replacement',
  });
});

t.test('impact', async (t) => {
  const impact = (address: string, actions: string[], more = {}) => only(change(address, actions, more))?.impact;
  const type = { before: { instance_type: 'a' }, after: { instance_type: 'b' } };
  t.equal(impact('aws_instance.host', ['update'], type), 'downtime');
  t.equal(impact('aws_instance.host', ['update'], { before: { tags: 1 }, after: { tags: 2 } }), 'none');
  t.equal(impact('aws_instance.host', ['delete', 'create']), 'downtime');
  t.equal(impact('aws_eip.host', ['delete']), 'downtime');
  t.equal(impact('aws_volume_attachment.data', ['delete', 'create']), 'downtime');
  t.equal(impact('aws_key_pair.operator', ['delete', 'create']), 'none');
  for (const address of ['aws_ebs_volume.data', 'aws_s3_bucket.backup', 'aws_secretsmanager_secret.instance["x"]'])
    t.equal(impact(address, ['delete']), 'destroys-data', address);
});

t.test('what is protected', async (t) => {
  const destroyed = (address: string) => ({ address, action: 'destroy' as const });
  t.same(lossesOf([destroyed('aws_secretsmanager_secret.host_key'), destroyed('aws_instance.host')]), [
    'host',
    'secrets',
  ]);
  t.same(lossesOf([{ address: 'aws_instance.host', action: 'update' }, destroyed('aws_eip.host')]), []);
  t.equal(protectedThing('aws_s3_bucket_policy.backup'), undefined);
  t.equal(protectedThing('aws_ebs_volume.other'), undefined);
  const stays = [
    'aws_s3_bucket.backup',
    'aws_s3_bucket_policy.backup',
    'aws_secretsmanager_secret_version.host_key',
    'aws_ebs_volume.data',
  ];
  t.ok(stays.every(holdsData));
  t.notOk(
    ['aws_instance.host', 'aws_iam_policy.restore', 'aws_volume_attachment.data', 'module.vpc.aws_vpc.this[0]'].some(
      holdsData,
    ),
  );
});

t.test('a volume that would shrink', async (t) => {
  const sizes = (from: unknown, to: unknown) =>
    plan(change('aws_ebs_volume.data', ['update'], { before: { size: from }, after: { size: to } }));
  t.same(shrinks(sizes(50, 40)), { from: 50, to: 40 });
  t.equal(shrinks(sizes(50, 60)), undefined);
  t.equal(shrinks(sizes(50, undefined)), undefined);
  t.equal(shrinks({}), undefined);
});

t.test('cost', async (t) => {
  const host = {
    address: 'aws_instance.host',
    values: { instance_type: 't3.medium', root_block_device: [{ volume_size: 30 }] },
  };
  const all = [
    host,
    { address: 'aws_ebs_volume.data', values: { size: 50 } },
    { address: 'aws_eip.host', values: {} },
    { address: 'aws_secretsmanager_secret.host_key', values: {} },
  ];
  t.equal(monthlyCost('us-east-1', shapeOf(all)).total, 40.82, '30.37 + 2.40 + 4.00 + 3.65 + 0.40');
  t.same(monthlyCost('eu-west-1', shapeOf([])), { total: 0, items: [], unknown: [] });
  const odd = shapeOf([{ ...host, values: { ...host.values, instance_type: 'c7i.large' } }]);
  t.same(monthlyCost('eu-west-1', odd).unknown, ['c7i.large in eu-west-1']);
  t.match(
    renderCost(monthlyCost('eu-west-1', odd)),
    '2.64 USD a month and what is not in the table of prices: c7i.large in eu-west-1',
  );
  t.match(monthlyCost('ap-south-2', shapeOf(all)), { total: undefined, unknown: { length: 3 } });
  for (const [region, { instances, gp3, s3 }] of Object.entries(prices)) {
    t.equal(Object.keys(instances).length, 16, region);
    t.ok(
      gp3 > 0.05 &&
        gp3 < 0.2 &&
        s3 > 0.02 &&
        s3 < 0.03 &&
        Object.values(instances).every((usd) => usd > 0.01 && usd < 1),
    );
  }
});

t.test('as text', async (t) => {
  const summary = summarise(
    {
      ...plan(
        change('aws_instance.host', ['delete', 'create'], {}, 'replace_by_request'),
        change('aws_eip.\u001b[31mhost', ['no-op']),
      ),
      resource_drift: [change('aws_iam_role.host', ['update'], { before: { path: '/' }, after: { path: '/x\u001b' } })],
    },
    'eu-central-1',
  );
  t.equal(
    renderInfra('AWS account 123456789012, eu-central-1', summary),
    `Plan for AWS account 123456789012, eu-central-1: 1 to replace, 1 unchanged, 1 changed outside — impact: downtime (host)
  ± aws_instance.host  (host: as asked for) [downtime]
Changed outside of Terraform since the last apply:
  ! aws_iam_role.host  (the host's rights: path / to /x\\x1b)
Cost: 3.65 USD a month = public IPv4 address 3.65
      plus 0.0245 USD per GiB of backups stored, traffic. List prices of 2026-11, without tax; a month has 730 hours.`,
  );
  t.equal(
    renderInfra('here', summarise({ applyable: false }, 'eu-central-1')),
    'Plan for here: nothing to do, 0 unchanged',
  );
  const refused = summariseEvents(
    [
      { address: 'a.b', action: 'create' },
      { address: 'aws_ebs_volume.data', action: 'destroy' },
    ],
    'eu-west-1',
  );
  t.match(
    renderInfra('here', refused, { color: true }),
    /1 to create, 1 to destroy, 0 unchanged — impact: destroys-data \(data volume\)/,
  );
  t.same(refused.losses, ['data-volume']);
});
