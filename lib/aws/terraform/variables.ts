import type { Config } from '../../config/config.types.ts';
import { secretNames } from '../../core/secrets.ts';
import { settingsOf } from '../settings-of.ts';

export interface VariableInput {
  /** Hosted zone of the domain; without one the DNS is elsewhere. */
  readonly zoneId?: string;
  /** The operator's public key, one line as OpenSSH writes it. */
  readonly publicKey: string;
}

/** The values of Terraform's variables, all from the YAML. None is a secret: they are written into a file. */
export function terraformVariables(config: Config, { zoneId, publicKey }: VariableInput): Record<string, unknown> {
  const aws = settingsOf(config);
  return {
    region: aws.region,
    account_id: aws.accountId,
    name: aws.name,
    domain: config.domain,
    zone_id: zoneId ?? null,
    ipv6: aws.ipv6,
    availability_zone: aws.availabilityZone,
    instance_type: aws.instanceType,
    root_volume_gib: aws.rootVolumeGiB,
    data_volume_gib: aws.dataVolumeGiB,
    access: aws.access,
    ssh_from: aws.sshFrom,
    git_ssh_port: config.gitea.sshPort,
    public_key: publicKey,
    backup_bucket: aws.backupBucket,
    object_lock_days: aws.objectLockDays,
    secret_names: config.secrets.source === 'aws-secrets-manager' ? secretNames : [],
    tags: aws.tags,
    record_ttl: 60,
    endpoint: aws.endpoint ?? null,
  };
}
