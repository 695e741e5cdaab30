/** Which local holds the policy of each place that has one. */
export const policies: Readonly<Record<string, readonly [argument: string, local: string]>> = {
  'aws_iam_role.host': ['assume_role_policy', 'host_trust'],
  'aws_iam_role_policy.backup': ['policy', 'backup_policy'],
  'aws_iam_role_policy.secrets': ['policy', 'secrets_policy'],
  'aws_iam_role_policy.session_manager': ['policy', 'session_manager_policy'],
  'aws_iam_policy.restore': ['policy', 'restore_policy'],
  'aws_iam_policy.prune': ['policy', 'prune_policy'],
  'aws_s3_bucket_policy.backup': ['policy', 'backup_bucket_policy'],
};

export const arn = '${aws_s3_bucket.backup.arn}';
const deletable = [`${arn}/locks/*`, `${arn}/*/locks/*`, `${arn}/recent/*`];

/** Every permission there is: action to the resources it is given on. */
export const allowed: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  host_trust: { 'sts:AssumeRole': [] },
  backup_policy: {
    's3:GetBucketLocation': [arn],
    's3:ListBucket': [arn],
    's3:AbortMultipartUpload': [`${arn}/*`],
    's3:GetObject': [`${arn}/*`],
    's3:PutObject': [`${arn}/*`],
    's3:DeleteObject': deletable,
  },
  secrets_policy: {
    'secretsmanager:GetSecretValue': ['${aws_secretsmanager_secret.host_key.arn}'],
  },
  // The actions of Session Manager know no resources.
  session_manager_policy: Object.fromEntries(
    [
      'ssm:UpdateInstanceInformation',
      'ssmmessages:CreateControlChannel',
      'ssmmessages:CreateDataChannel',
      'ssmmessages:OpenControlChannel',
      'ssmmessages:OpenDataChannel',
    ].map((action) => [action, ['*']]),
  ),
  restore_policy: {
    's3:GetBucketLocation': [arn],
    's3:ListBucket': [arn],
    's3:ListBucketVersions': [arn],
    's3:GetObject': [`${arn}/*`],
    's3:GetObjectVersion': [`${arn}/*`],
  },
  prune_policy: {
    's3:GetBucketLocation': [arn],
    's3:ListBucket': [arn],
    's3:AbortMultipartUpload': [`${arn}/archive/*`],
    's3:DeleteObject': [`${arn}/archive/*`],
    's3:GetObject': [`${arn}/archive/*`],
    's3:PutObject': [`${arn}/archive/*`],
  },
  backup_bucket_policy: {},
};

/** What the host is denied whatever else is attached to it: each would undo the protection of the backups. */
export const denied = [
  's3:BypassGovernanceRetention',
  's3:DeleteBucket',
  's3:DeleteBucketPolicy',
  's3:DeleteObjectVersion',
  's3:PutBucketObjectLockConfiguration',
  's3:PutBucketOwnershipControls',
  's3:PutBucketPolicy',
  's3:PutBucketPublicAccessBlock',
  's3:PutBucketVersioning',
  's3:PutEncryptionConfiguration',
  's3:PutLifecycleConfiguration',
  's3:PutObjectLegalHold',
  's3:PutObjectRetention',
];
