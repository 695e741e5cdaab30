import { type Body, type Module, strings } from '../module.ts';
import type { Rule } from '../policy.ts';

/** What `infra`, its guard and the tests rely on. A change here is a change for all of them. */
const resources = [
  'data.aws_ssm_parameter.ami',
  'aws_key_pair.operator',
  'aws_instance.host',
  'aws_eip.host',
  'aws_eip_association.host',
  'aws_ebs_volume.data',
  'aws_volume_attachment.data',
  'aws_s3_bucket.backup',
  'aws_s3_bucket_versioning.backup',
  'aws_s3_bucket_server_side_encryption_configuration.backup',
  'aws_s3_bucket_public_access_block.backup',
  'aws_s3_bucket_ownership_controls.backup',
  'aws_s3_bucket_policy.backup',
  'aws_s3_bucket_lifecycle_configuration.backup',
  'aws_s3_bucket_object_lock_configuration.backup',
  'aws_iam_role.host',
  'aws_iam_instance_profile.host',
  'aws_iam_role_policy.backup',
  'aws_iam_role_policy.secrets',
  'aws_iam_role_policy.session_manager',
  'aws_iam_policy.restore',
  'aws_iam_policy.prune',
  'aws_route53_record.address',
  'aws_route53_record.address_v6',
  'aws_secretsmanager_secret.instance',
  'aws_secretsmanager_secret.host_key',
  'aws_secretsmanager_secret_version.host_key',
];

const variables: Readonly<Record<string, string>> = {
  region: 'string',
  account_id: 'string',
  name: 'string',
  domain: 'string',
  zone_id: 'string',
  ipv6: 'bool',
  availability_zone: 'string',
  instance_type: 'string',
  root_volume_gib: 'number',
  data_volume_gib: 'number',
  access: 'string',
  ssh_from: '${list(string)}',
  git_ssh_port: 'number',
  public_key: 'string',
  backup_bucket: 'string',
  object_lock_days: 'number',
  secret_names: '${list(string)}',
  tags: '${map(string)}',
  record_ttl: 'number',
  endpoint: 'string',
  host_key: 'string',
};

/** Variables that may be left out, and their values then. */
const defaults: Readonly<Record<string, unknown>> = { zone_id: null, record_ttl: 60, endpoint: null, host_key: null };

const outputs = [
  'address',
  'ipv6_address',
  'instance_id',
  'data_volume_id',
  'backup_bucket',
  'zone_id',
  'role_name',
  'restore_policy_arn',
  'prune_policy_arn',
  'secret_arns',
];

const typeOf = ({ type }: Body) => String(type).replace(/^\$\{(\w+)\}$/, '$1');

function sameNames(what: string, found: object, wanted: readonly string[]): [string, string][] {
  const names = Object.keys(found);
  return [
    ...wanted
      .filter((name) => !names.includes(name))
      .map((name): [string, string] => [name, `this ${what} is missing`]),
    ...names
      .filter((name) => !wanted.includes(name))
      .map((name): [string, string] => [name, `nobody knows this ${what}`]),
  ];
}

const lacking = (all: Readonly<Record<string, Body>>, key: string, unless: (body: Body) => boolean = () => false) =>
  Object.entries(all)
    .filter(([, body]) => body[key] === undefined && !unless(body))
    .map(([name]): [string, string] => [name, `has no ${key}`]);

export const contractRules: readonly Rule[] = [
  { id: 'contract-resources', check: (module) => sameNames('resource', module.resources, resources) },
  { id: 'contract-modules', check: (module) => sameNames('module', module.modules, ['vpc', 'security_group']) },
  { id: 'contract-variables', check: (module) => sameNames('variable', module.variables, Object.keys(variables)) },
  { id: 'contract-outputs', check: (module) => sameNames('output', module.outputs, outputs) },
  {
    id: 'variable-typed',
    check: (module) =>
      Object.entries(module.variables)
        .filter(([name, body]) => typeOf(body) !== variables[name])
        .map(([name, body]) => [name, `is of type ${typeOf(body)}, not ${variables[name]}`]),
  },
  {
    id: 'variable-default',
    check: (module) =>
      Object.entries(module.variables)
        .filter(
          ([name, body]) =>
            'default' in body !== name in defaults || (body.default ?? null) !== (defaults[name] ?? null),
        )
        .map(([name, body]) => [
          name,
          `its default is ${JSON.stringify(body.default)}, not ${JSON.stringify(defaults[name])}`,
        ]),
  },
  { id: 'variable-described', check: (module) => lacking(module.variables, 'description') },
  {
    id: 'variable-validated',
    check: (module) => lacking(module.variables, 'validation', (body) => typeOf(body) === 'bool'),
  },
  { id: 'variable-used', check: (module) => unused(module) },
  { id: 'output-described', check: (module) => lacking(module.outputs, 'description') },
];

/** Asked for and thrown away: the operator would believe that it counts. */
function unused({ variables, resources, modules, providers, locals, outputs }: Module): [string, string][] {
  const text = strings([resources, modules, providers, locals, outputs]).join('\n');
  return Object.keys(variables)
    .filter((name) => !new RegExp(`\\bvar\\.${name}\\b`).test(text))
    .map((name) => [name, 'nothing uses it']);
}
