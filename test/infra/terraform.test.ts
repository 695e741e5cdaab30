import t from 'tap';
import { describeErrors, terraformEvents } from '../../lib/aws/terraform/events.ts';
import { cleanEnvironment } from '../../lib/aws/terraform/process.ts';
import { attribute, readState } from '../../lib/aws/terraform/state.ts';
import type { RunEvent } from '../../lib/core/event.ts';

function read(...lines: (string | object)[]) {
  const events: RunEvent[] = [];
  const { take, told } = terraformEvents((event) => events.push(event));
  for (const line of lines) take(typeof line === 'string' ? line : JSON.stringify(line));
  return { events, told: told() };
}

// As Terraform 1.15.9 printed them, shortened.
const hook = (type: string, more: object) => ({
  '@level': 'info',
  '@module': 'terraform.ui',
  type,
  hook: { resource: { addr: 'aws_instance.host' }, action: 'create', ...more },
});

t.test('progress', async (t) => {
  const { events } = read(
    { type: 'version', terraform: '1.15.9', ui: '1.3' },
    hook('apply_start', {}),
    hook('apply_progress', { elapsed_seconds: 30 }),
    hook('apply_complete', { id_key: 'id', id_value: 'i-1', elapsed_seconds: 42 }),
    hook('apply_errored', { action: 'delete', elapsed_seconds: 3 }),
    hook('apply_start', { action: 'read' }),
    { type: 'refresh_start', hook: { resource: { addr: 'a.b' } } },
    { type: 'something_new', hook: 5 },
  );
  t.same(events, [
    { type: 'step', text: 'aws_instance.host: creating' },
    { type: 'step', text: 'aws_instance.host: still creating, 30 s' },
    { type: 'step', text: 'aws_instance.host: created', took: 42_000 },
    { type: 'step', text: 'aws_instance.host: destroying failed', took: 3000 },
  ]);
});

t.test('errors with address and words, warnings not', async (t) => {
  const diagnostic = (severity: string, summary: string, detail = '', address?: string) => ({
    type: 'diagnostic',
    diagnostic: { severity, summary, detail, ...(address ? { address } : {}) },
  });
  const { told } = read(
    diagnostic('warning', 'deprecated'),
    diagnostic('error', 'creating EIP', 'no more\n', 'aws_eip.host'),
    diagnostic('error', 'execution halted'),
    diagnostic('error', 'execution halted'),
    { type: 'planned_change', change: { resource: { addr: 'aws_ebs_volume.data' }, action: 'replace' } },
    { type: 'planned_change', change: { resource: { addr: 'x.y' }, action: 'move' } },
  );
  t.equal(describeErrors(told), 'aws_eip.host: creating EIP: no more\nexecution halted');
  t.same(told.planned, [{ address: 'aws_ebs_volume.data', action: 'replace' }]);
  const many = read(
    ...Array.from({ length: 9 }, (_, index) => diagnostic('error', `e${index}`, 'x'.repeat(9000))),
  ).told;
  t.match(describeErrors(many), /and 4 more$/);
  t.ok(describeErrors(many).length < 9000);
});

t.test('lines that are no events', async (t) => {
  const { told, events } = read('', 'panic: oh', '{"half', '[1]', '{"a":1}', 'null');
  t.same([told.other, events], [['panic: oh', '{"half', '[1]', '{"a":1}', 'null'], []]);
  t.equal(describeErrors(told), 'panic: oh\n{"half\n[1]\n{"a":1}\nnull', 'the only words there are');
});

t.test('state', async (t) => {
  const state = readState(
    JSON.stringify({
      version: 4,
      resources: [
        { mode: 'data', type: 'aws_ssm_parameter', name: 'ami', instances: [{ attributes: {} }] },
        {
          mode: 'managed',
          type: 'aws_ebs_volume',
          name: 'data',
          instances: [{ attributes: { size: 50, id: 'vol-1' } }],
        },
        {
          mode: 'managed',
          type: 'aws_secretsmanager_secret',
          name: 'instance',
          instances: [{ index_key: 'a"b', attributes: {} }, { index_key: 'c' }],
        },
        {
          module: 'module.vpc.module.inner[0]',
          mode: 'managed',
          type: 'aws_vpc',
          name: 'this',
          instances: [{ index_key: 0, status: 'tainted', attributes: {} }],
        },
      ],
    }),
  );
  t.same(
    state.map(({ address, target, tainted }) => [address, target, tainted]),
    [
      ['aws_ebs_volume.data', 'aws_ebs_volume.data', false],
      ['aws_secretsmanager_secret.instance["a\\"b"]', 'aws_secretsmanager_secret.instance', false],
      ['aws_secretsmanager_secret.instance["c"]', 'aws_secretsmanager_secret.instance', false],
      ['module.vpc.module.inner[0].aws_vpc.this[0]', 'module.vpc', true],
    ],
  );
  t.equal(attribute(state, 'aws_ebs_volume.data', 'size', 'number'), 50);
  t.equal(attribute(state, 'aws_ebs_volume.data', 'size', 'string'), undefined);
  t.same(readState('\n'), []);
});

t.test('the environment that Terraform gets', async (t) => {
  const env = {
    PATH: '/bin',
    TF_VAR_name: 'x',
    TF_CLI_ARGS: '-destroy',
    TF_DATA_DIR: '/',
    TF_LOG: 'TRACE',
    TF_CLI_CONFIG_FILE: 'f',
    TF_PLUGIN_CACHE_DIR: 'd',
    AWS_PROFILE: 'p',
    GONE: undefined,
  };
  t.same(cleanEnvironment(env), { PATH: '/bin', TF_CLI_CONFIG_FILE: 'f', TF_PLUGIN_CACHE_DIR: 'd', AWS_PROFILE: 'p' });
});
