import { at } from '../module.ts';
import type { Rule } from '../policy.ts';

/** One argument that must have one value, and what is lost with another. */
export interface Fact {
  readonly where: string;
  readonly path: string;
  readonly is: unknown;
  readonly otherwise: string;
}

const ref = (text: string) => `\${${text}}`;

export const facts: readonly Fact[] = [
  ...of('module.vpc', {
    map_public_ip_on_launch: [false, 'a machine gets a public address that nobody asked for'],
    enable_nat_gateway: [false, 'a NAT gateway costs more than the host and serves nobody'],
    create_egress_only_igw: [false, 'there is no private subnet to serve'],
    public_subnet_enable_dns64: [false, 'without a NAT64 the host reaches no IPv4-only name'],
    manage_default_security_group: [true, 'the default security group stays open inside'],
    azs: [[ref('var.availability_zone')], 'host and data volume could be in different zones'],
  }),
  ...of('aws_instance.host', {
    'metadata_options.http_endpoint': ['enabled', 'the host cannot take its role'],
    'metadata_options.http_tokens': ['required', 'a forged request can read the credentials of the role'],
    'metadata_options.http_put_response_hop_limit': [1, 'containers can take the role of the host'],
    'metadata_options.instance_metadata_tags': ['disabled', 'tags can be read by every process'],
    'root_block_device.encrypted': [true, 'the system disk is not encrypted'],
    'root_block_device.volume_type': ['gp3', 'the disk is dearer and slower'],
    'root_block_device.delete_on_termination': [true, 'old system disks stay behind'],
    disable_api_termination: [true, 'a click ends the host'],
    ami: [ref('data.aws_ssm_parameter.ami.insecure_value'), 'the image is not the one of its owner'],
    vpc_security_group_ids: [[ref('module.security_group.security_group_id')], 'other doors are open'],
    iam_instance_profile: [ref('aws_iam_instance_profile.host.name'), 'the host has other rights'],
    ipv6_address_count: [ref('var.ipv6 ? 1 : 0'), 'turning IPv6 on replaces the host'],
  }),
  ...of('data.aws_ssm_parameter.ami', {
    name: [
      '/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id',
      'the image is not Ubuntu 24.04 as its owner publishes it',
    ],
  }),
  ...of('aws_eip_association.host', {
    allocation_id: [ref('aws_eip.host.id'), 'replacing the host loses its address'],
    instance_id: [ref('aws_instance.host.id'), 'the address leads nowhere'],
  }),
  ...of('aws_ebs_volume.data', {
    encrypted: [true, 'the data are not encrypted'],
    type: ['gp3', 'the disk is dearer and slower'],
    final_snapshot: [true, 'nothing is left of a volume that is destroyed'],
    'lifecycle.prevent_destroy': [true, 'a plan may destroy all data'],
    availability_zone: [ref('var.availability_zone'), 'it could be where the host is not'],
  }),
  ...of('aws_volume_attachment.data', {
    stop_instance_before_detaching: [true, 'the volume is torn off under a running database'],
    volume_id: [ref('aws_ebs_volume.data.id'), 'the host has another disk'],
  }),
  ...of('aws_s3_bucket.backup', {
    bucket: [ref('var.backup_bucket'), 'backups are elsewhere'],
    object_lock_enabled: [true, 'backups can be deleted'],
    'lifecycle.prevent_destroy': [true, 'a plan may destroy all backups'],
  }),
  ...of('aws_s3_bucket_versioning.backup', {
    'versioning_configuration.status': ['Enabled', 'an overwritten backup is gone'],
  }),
  ...of('aws_s3_bucket_object_lock_configuration.backup', {
    'rule.default_retention.mode': ['GOVERNANCE', 'nobody at all could delete, or anybody could'],
    'rule.default_retention.days': [ref('var.object_lock_days'), 'the lock is not the one of the configuration'],
  }),
  ...of('aws_s3_bucket_server_side_encryption_configuration.backup', {
    'rule.apply_server_side_encryption_by_default.sse_algorithm': [
      'AES256',
      'backups are not encrypted, or with a key that can be lost',
    ],
    'rule.bucket_key_enabled': [true, 'every object would cost a call, should a key ever be used'],
  }),
  ...of('aws_s3_bucket_public_access_block.backup', {
    block_public_acls: [true, 'an object can be made public'],
    block_public_policy: [true, 'the bucket can be made public'],
    ignore_public_acls: [true, 'an object that was made public stays so'],
    restrict_public_buckets: [true, 'a public policy would be obeyed'],
  }),
  ...of('aws_s3_bucket_ownership_controls.backup', {
    'rule.object_ownership': ['BucketOwnerEnforced', 'objects can belong to somebody else'],
  }),
  ...of('aws_secretsmanager_secret.instance', {
    'lifecycle.prevent_destroy': [true, 'a plan may destroy secrets'],
    recovery_window_in_days: [30, 'a deleted secret is gone at once'],
    name: [ref('local.secret_prefix') + ref('each.key'), 'the host may not read it'],
  }),
  ...of('aws_secretsmanager_secret.host_key', {
    'lifecycle.prevent_destroy': [true, 'a plan may destroy the host key, and clients see another host'],
    recovery_window_in_days: [30, 'a deleted key is gone at once'],
    name: [ref('local.host_key_secret'), 'the first boot does not find it'],
  }),
  ...of('aws_route53_record.address', {
    ttl: [ref('var.record_ttl'), 'a new address takes long to be known'],
    count: [ref('var.zone_id == null ? 0 : 1'), 'a record is made where the DNS is elsewhere'],
  }),
  ...of('aws_route53_record.address_v6', {
    ttl: [ref('var.record_ttl'), 'a new address takes long to be known'],
    count: [ref('var.zone_id != null && var.ipv6 ? 1 : 0'), 'a record is made where there is no address'],
  }),
];

function of(where: string, wanted: Readonly<Record<string, readonly [is: unknown, otherwise: string]>>): Fact[] {
  return Object.entries(wanted).map(([path, [is, otherwise]]) => ({ where, path, is, otherwise }));
}

export const idOf = ({ where, path }: Pick<Fact, 'where' | 'path'>) => `${where}: ${path}`;

export const factRules: readonly Rule[] = facts.map(({ where, path, is, otherwise }) => ({
  id: idOf({ where, path }),
  check: ({ resources, modules }) => {
    const body = where.startsWith('module.') ? modules[where.slice('module.'.length)] : resources[where];
    const found = at(body, path);
    return JSON.stringify(found) === JSON.stringify(is)
      ? []
      : [[where, `${path} is ${JSON.stringify(found)}, not ${JSON.stringify(is)}: ${otherwise}`]];
  },
}));
