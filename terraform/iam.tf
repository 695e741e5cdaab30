# What the host may do, and nothing else. The policies stand in locals as plain data, so that a test can read every
# statement of them.

locals {
  host_trust = {
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "TheInstanceItself"
        Effect    = "Allow"
        Principal = { Service = "ec2.amazonaws.com" }
        Action    = "sts:AssumeRole"
      },
    ]
  }

  # Enough to write backups. An object is deleted only where a repository keeps its locks, and in the repository of what came
  # between two whole backups (`recent/`), which the host thins out by itself so that the number of objects stays bounded.
  # Even that leaves a delete marker over a version that stays for its days. The whole backups (`archive/`) are thinned out
  # with an operator's credentials: who breaks into the host cannot even hide them. Why: docs/adr/0031.
  backup_policy = {
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "FindBackups"
        Effect   = "Allow"
        Action   = ["s3:GetBucketLocation", "s3:ListBucket"]
        Resource = [aws_s3_bucket.backup.arn]
      },
      {
        Sid      = "WriteBackups"
        Effect   = "Allow"
        Action   = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"]
        Resource = ["${aws_s3_bucket.backup.arn}/*"]
      },
      {
        Sid      = "ReleaseRepositoryLocks"
        Effect   = "Allow"
        Action   = ["s3:DeleteObject"]
        Resource = ["${aws_s3_bucket.backup.arn}/locks/*", "${aws_s3_bucket.backup.arn}/*/locks/*"]
      },
      {
        Sid      = "ThinOutWhatIsRecent"
        Effect   = "Allow"
        Action   = ["s3:DeleteObject"]
        Resource = ["${aws_s3_bucket.backup.arn}/recent/*"]
      },
      {
        # Also against a policy that somebody attaches later: a denial wins.
        Sid    = "NeverUndoTheProtection"
        Effect = "Deny"
        Action = [
          "s3:BypassGovernanceRetention",
          "s3:DeleteBucket",
          "s3:DeleteBucketPolicy",
          "s3:DeleteObjectVersion",
          "s3:PutBucketObjectLockConfiguration",
          "s3:PutBucketOwnershipControls",
          "s3:PutBucketPolicy",
          "s3:PutBucketPublicAccessBlock",
          "s3:PutBucketVersioning",
          "s3:PutEncryptionConfiguration",
          "s3:PutLifecycleConfiguration",
          "s3:PutObjectLegalHold",
          "s3:PutObjectRetention",
        ]
        Resource = [aws_s3_bucket.backup.arn, "${aws_s3_bucket.backup.arn}/*"]
      },
    ]
  }

  # All that a host reads by itself, at its first boot. What Gitea needs is delivered by the operator's own credentials.
  secrets_policy = {
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "ReadItsOwnHostKey"
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue"]
        Resource = [aws_secretsmanager_secret.host_key.arn]
      },
    ]
  }

  # What a session needs, action by action. AmazonSSMManagedInstanceCore also lets the host read every parameter of the
  # account and lets others run commands on it.
  session_manager_policy = {
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "TakeSessions"
        Effect = "Allow"
        Action = [
          "ssm:UpdateInstanceInformation",
          "ssmmessages:CreateControlChannel",
          "ssmmessages:CreateDataChannel",
          "ssmmessages:OpenControlChannel",
          "ssmmessages:OpenDataChannel",
        ]
        # These actions know no resources.
        Resource = ["*"]
      },
    ]
  }

  # For whoever restores: attach it to an operator or to another host. Reads all versions, changes nothing.
  restore_policy = {
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "FindBackups"
        Effect   = "Allow"
        Action   = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketVersions"]
        Resource = [aws_s3_bucket.backup.arn]
      },
      {
        Sid      = "ReadBackups"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:GetObjectVersion"]
        Resource = ["${aws_s3_bucket.backup.arn}/*"]
      },
    ]
  }

  # For whoever removes whole backups that have served their time (`backup --prune`): attach it to an operator, never to a host.
  # What is removed is a delete marker over a version that stays for its days, so even with these rights nothing goes at once.
  prune_policy = {
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "FindBackups"
        Effect   = "Allow"
        Action   = ["s3:ListBucket", "s3:GetBucketLocation"]
        Resource = [aws_s3_bucket.backup.arn]
      },
      {
        # What is still needed of a pack is written again.
        Sid      = "RewriteWholeBackups"
        Effect   = "Allow"
        Action   = ["s3:PutObject", "s3:GetObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]
        Resource = ["${aws_s3_bucket.backup.arn}/archive/*"]
      },
    ]
  }
}

resource "aws_iam_role" "host" {
  name               = "${var.name}-host"
  description        = "Gitea host ${var.name}: writes backups, reads its own SSH key"
  assume_role_policy = jsonencode(local.host_trust)
}

resource "aws_iam_instance_profile" "host" {
  name = "${var.name}-host"
  role = aws_iam_role.host.name
}

resource "aws_iam_role_policy" "backup" {
  name   = "backup"
  role   = aws_iam_role.host.id
  policy = jsonencode(local.backup_policy)
}

resource "aws_iam_role_policy" "secrets" {
  name   = "secrets"
  role   = aws_iam_role.host.id
  policy = jsonencode(local.secrets_policy)
}

resource "aws_iam_role_policy" "session_manager" {
  count = var.access == "ssm" ? 1 : 0

  name   = "session-manager"
  role   = aws_iam_role.host.id
  policy = jsonencode(local.session_manager_policy)
}

resource "aws_iam_policy" "restore" {
  name        = "${var.name}-restore"
  description = "Read the backups of ${var.name}, in all their versions"
  policy      = jsonencode(local.restore_policy)
}

resource "aws_iam_policy" "prune" {
  name        = "${var.name}-prune"
  description = "Remove whole backups of ${var.name} that have served their time; their versions stay for their days"
  policy      = jsonencode(local.prune_policy)
}
