import type { InfraChange, ProtectedThing } from '../core/infra.ts';

/** What each protected thing is called in a sentence, and what it means when it goes. */
export const protectedThings: Readonly<Record<ProtectedThing, string>> = {
  host: 'the host (its system disk goes, Gitea is down until the next deploy; the data volume stays)',
  'data-volume': 'the data volume (all repositories and the database; a snapshot is left)',
  'backup-bucket': 'the backup bucket',
  secrets: 'the secrets (AWS keeps them for 30 days)',
};

/** The order in which the words are typed. */
export const protectedOrder = Object.keys(protectedThings) as readonly ProtectedThing[];

/** Which protected thing a resource is, if any. A setting of the bucket is not the bucket. */
export function protectedThing(address: string): ProtectedThing | undefined {
  if (address === 'aws_instance.host') return 'host';
  if (address === 'aws_ebs_volume.data') return 'data-volume';
  if (address === 'aws_s3_bucket.backup') return 'backup-bucket';
  return address.startsWith('aws_secretsmanager_secret.') ? 'secrets' : undefined;
}

/** What of the protected would be replaced or destroyed, in the order of the words. */
export function lossesOf(changes: readonly Pick<InfraChange, 'address' | 'action'>[]): ProtectedThing[] {
  const gone = changes.filter(({ action }) => action === 'replace' || action === 'destroy');
  const things = new Set(gone.map(({ address }) => protectedThing(address)));
  return protectedOrder.filter((thing) => things.has(thing));
}

/** The words that approve the loss: "host data-volume". */
export const wordsFor = (losses: readonly ProtectedThing[]) => losses.join(' ');

/** Whether a resource holds data, or is a setting or a value of what does. These stay when the instance is destroyed. */
export function holdsData(address: string): boolean {
  return /^aws_(ebs_volume\.data|s3_bucket(_[a-z_]+)?\.backup|secretsmanager_secret(_version)?\.)/.test(address);
}

const names: readonly (readonly [RegExp, string])[] = [
  [/^aws_instance\.host$/, 'host'],
  [/^aws_ebs_volume\.data$/, 'data volume'],
  [/^aws_volume_attachment\./, 'data volume at the host'],
  [/^aws_eip\.host$/, 'public address'],
  [/^aws_eip_association\./, 'public address at the host'],
  [/^aws_key_pair\./, 'login key'],
  [/^aws_s3_bucket\.backup$/, 'backup bucket'],
  [/^aws_s3_bucket_/, 'a setting of the backup bucket'],
  [/^aws_iam_policy\.restore$/, 'policy for restoring'],
  [/^aws_iam_policy\.prune$/, 'policy for removing old backups'],
  [/^aws_iam_/, "the host's rights"],
  [/^aws_route53_record\./, 'DNS record'],
  [/^aws_secretsmanager_secret\.host_key$/, "secret with the host's SSH key"],
  [/^aws_secretsmanager_secret_version\.host_key$/, "the host's SSH key"],
  [/^aws_secretsmanager_secret\./, 'secret'],
  [/^module\.vpc\./, 'network'],
  [/^module\.security_group\./, 'firewall'],
];

/** What a resource is for people; its own type where it is none of ours. */
export const nameOf = (address: string) => names.find(([pattern]) => pattern.test(address))?.[1] ?? address;
