import { at, type Body, list } from '../module.ts';
import type { Rule } from '../policy.ts';

const lifecycle = 'aws_s3_bucket_lifecycle_configuration.backup';
const bucket = ['${aws_s3_bucket.backup.arn}', '${aws_s3_bucket.backup.arn}/*'];

const ruleList = (body: Body | undefined) => list(body?.rule) as Body[];

/** A denial of everything, for everybody, on the bucket and all in it, under one condition. */
const denies = (statement: Body, condition: Body) =>
  statement.Effect === 'Deny' &&
  statement.Principal === '*' &&
  statement.Action === 's3:*' &&
  JSON.stringify(statement.Resource) === JSON.stringify(bucket) &&
  JSON.stringify(statement.Condition) === JSON.stringify(condition);

const statements = (policy: unknown) => list(at(policy, 'Statement')) as Body[];

export const backupRules: readonly Rule[] = [
  {
    // The oldest objects of an incremental repository belong to its newest backup.
    id: 'backup-never-expires',
    check: ({ resources }) =>
      ruleList(resources[lifecycle])
        .filter(({ expiration }) =>
          (list(expiration) as Body[]).some((body) =>
            Object.keys(body).some((key) => key !== 'expired_object_delete_marker'),
          ),
        )
        .map(({ id }) => [lifecycle, `${id} deletes backups that are in use`]),
  },
  {
    id: 'backup-stays-at-hand',
    check: ({ resources }) =>
      ruleList(resources[lifecycle])
        .filter((rule) => 'transition' in rule || 'noncurrent_version_transition' in rule)
        .map(({ id }) => [lifecycle, `${id} moves backups where reading them takes hours`]),
  },
  {
    id: 'backup-tidied',
    check: ({ resources }) => {
      const on = ruleList(resources[lifecycle]).filter(
        ({ status, filter }) => status === 'Enabled' && JSON.stringify(filter) === '[{}]',
      );
      const wanted: [string, unknown, string][] = [
        [
          'noncurrent_version_expiration.noncurrent_days',
          '${var.object_lock_days}',
          'deleted versions stay for ever, or go too soon',
        ],
        ['abort_incomplete_multipart_upload.days_after_initiation', 7, 'broken uploads are paid for ever'],
        ['expiration.expired_object_delete_marker', true, 'delete markers pile up'],
      ];
      return wanted
        .filter(([path, is]) => !on.some((rule) => at(rule, path) === is))
        .map(([path, , otherwise]) => [lifecycle, `${path}: ${otherwise}`]);
    },
  },
  {
    id: 'backup-encrypted-connections',
    check: ({ locals }) =>
      statements(locals.backup_bucket_policy).some((one) => denies(one, { Bool: { 'aws:SecureTransport': 'false' } }))
        ? []
        : [['local.backup_bucket_policy', 'lets plain HTTP through']],
  },
  {
    id: 'backup-modern-connections',
    check: ({ locals }) =>
      statements(locals.backup_bucket_policy).some((one) =>
        denies(one, { NumericLessThan: { 's3:TlsVersion': '1.2' } }),
      )
        ? []
        : [['local.backup_bucket_policy', 'lets TLS 1.0 and 1.1 through']],
  },
  {
    id: 'backup-policy-only-denies',
    check: ({ locals }) =>
      statements(locals.backup_bucket_policy)
        .filter(({ Effect }) => Effect !== 'Deny')
        .map(({ Sid }) => ['local.backup_bucket_policy', `${Sid} lets somebody in: that is for roles to do`]),
  },
  {
    id: 'backup-settings-on-the-bucket',
    check: ({ resources }) =>
      Object.entries(resources)
        .filter(
          ([where, body]) => /^aws_s3_bucket_\w+\.backup$/.test(where) && body.bucket !== '${aws_s3_bucket.backup.id}',
        )
        .map(([where]) => [where, 'is about another bucket']),
  },
];
