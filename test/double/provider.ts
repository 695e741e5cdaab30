/** What of the AWS provider a plan depends on: what cannot be changed in place, what is known only afterwards, what modules hold. */
import { randomBytes } from 'node:crypto';

/** Another value of these means another thing. */
export const forceNew: Readonly<Record<string, readonly string[]>> = {
  aws_instance: ['ami', 'key_name', 'subnet_id', 'user_data', 'root_block_device.encrypted'],
  aws_ebs_volume: ['availability_zone', 'encrypted'],
  aws_key_pair: ['key_name', 'public_key'],
  aws_eip: ['domain'],
  aws_eip_association: ['allocation_id', 'instance_id'],
  aws_volume_attachment: ['device_name', 'instance_id', 'volume_id'],
  aws_s3_bucket: ['bucket', 'object_lock_enabled'],
  aws_iam_role: ['name'],
  aws_iam_instance_profile: ['name'],
  aws_iam_policy: ['name'],
  aws_iam_role_policy: ['name', 'role'],
  aws_route53_record: ['name', 'type', 'zone_id'],
  aws_secretsmanager_secret: ['name'],
  aws_secretsmanager_secret_version: ['secret_id', 'secret_string_wo_version'],
};

/** These join two others, and are made anew with either of them. */
export const joins = new Set(['aws_eip_association', 'aws_volume_attachment']);

/** Never in plan or state. */
export const writeOnly = new Set(['secret_string_wo']);

const hex = (digits: number) => randomBytes(digits).toString('hex').slice(0, digits);

const ids: Readonly<Record<string, () => string>> = {
  aws_instance: () => `i-0${hex(16)}`,
  aws_ebs_volume: () => process.env.DOUBLE_VOLUME_ID ?? `vol-0${hex(16)}`,
  aws_eip: () => `eipalloc-0${hex(16)}`,
  aws_vpc: () => `vpc-0${hex(16)}`,
  aws_subnet: () => `subnet-0${hex(16)}`,
  aws_security_group: () => `sg-0${hex(16)}`,
};

/** What the provider adds when it has made a thing. */
export function computed(type: string, values: Record<string, unknown>): Record<string, unknown> {
  const region = process.env.AWS_REGION ?? 'us-east-1';
  const account = process.env.DOUBLE_ACCOUNT ?? '123456789012';
  const name = String(values.name ?? values.bucket ?? values.key_name ?? hex(8));
  const id = ids[type]?.() ?? name;
  switch (type) {
    case 'aws_eip':
      return { id, allocation_id: id, public_ip: process.env.DOUBLE_HOST_ADDRESS ?? '198.51.100.7' };
    case 'aws_instance':
      return { id, ami: `ami-0${hex(16)}`, ipv6_addresses: values.ipv6_address_count ? ['2001:db8::7'] : [] };
    case 'aws_s3_bucket':
      return { id, arn: `arn:aws:s3:::${name}` };
    case 'aws_iam_policy':
      return { id: `arn:aws:iam::${account}:policy/${name}`, arn: `arn:aws:iam::${account}:policy/${name}` };
    case 'aws_secretsmanager_secret': {
      const arn = `arn:aws:secretsmanager:${region}:${account}:secret:${name}-${hex(6)}`;
      return { id: arn, arn };
    }
    default:
      return { id };
  }
}

/** What the modules at these versions make for this configuration, as far as it is counted and named. */
export function moduleResources(module: string, vars: Readonly<Record<string, unknown>>): readonly string[] {
  if (module === 'module.vpc')
    return [
      'module.vpc.aws_vpc.this[0]',
      'module.vpc.aws_default_network_acl.this[0]',
      'module.vpc.aws_default_route_table.default[0]',
      'module.vpc.aws_default_security_group.this[0]',
      'module.vpc.aws_internet_gateway.this[0]',
      'module.vpc.aws_route.public_internet_gateway[0]',
      ...(vars.ipv6 ? ['module.vpc.aws_route.public_internet_gateway_ipv6[0]'] : []),
      'module.vpc.aws_route_table.public[0]',
      'module.vpc.aws_route_table_association.public[0]',
      'module.vpc.aws_subnet.public[0]',
    ];
  if (module === 'module.security_group') {
    const from = vars.access === 'ssh' ? (vars.ssh_from as readonly string[]) : [];
    const v4 = 3 + (from.some((one) => !one.includes(':')) ? 1 : 0);
    const v6 = vars.ipv6 ? 3 + (from.some((one) => one.includes(':')) ? 1 : 0) : 0;
    const rules = (kind: string, count: number) =>
      Array.from({ length: count }, (_, index) => `module.security_group.aws_security_group_rule.${kind}[${index}]`);
    return [
      'module.security_group.aws_security_group.this_name_prefix[0]',
      ...rules('egress_with_cidr_blocks', 1),
      ...rules('egress_with_ipv6_cidr_blocks', vars.ipv6 ? 1 : 0),
      ...rules('ingress_with_cidr_blocks', v4),
      ...rules('ingress_with_ipv6_cidr_blocks', v6),
    ];
  }
  throw new Error(`the double does not know what ${module} holds`);
}

/** Which module uses which: the firewall stands in the network. */
export const moduleNeeds: Readonly<Record<string, readonly string[]>> = { 'module.security_group': ['module.vpc'] };
