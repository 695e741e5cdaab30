# `infra` turns these into the inventory that the other runbooks read. None is a secret. An output that is null is absent.

output "address" {
  description = "Elastic IPv4 address of the host."
  value       = aws_eip.host.public_ip
}

output "ipv6_address" {
  description = "IPv6 address of the host; null without IPv6."
  value       = var.ipv6 ? one(aws_instance.host.ipv6_addresses) : null
}

output "instance_id" {
  description = "Id of the host."
  value       = aws_instance.host.id
}

output "data_volume_id" {
  description = "Id of the data volume. The host sees it below /dev/disk/by-id by this name."
  value       = aws_ebs_volume.data.id
}

output "backup_bucket" {
  description = "Name of the bucket for backups."
  value       = aws_s3_bucket.backup.bucket
}

output "zone_id" {
  description = "Hosted zone of the domain's record; null where the DNS is elsewhere."
  value       = var.zone_id
}

output "role_name" {
  description = "Name of the host's role."
  value       = aws_iam_role.host.name
}

output "restore_policy_arn" {
  description = "Policy to attach to whoever restores backups."
  value       = aws_iam_policy.restore.arn
}

output "prune_policy_arn" {
  description = "Policy to attach to whoever removes backups that have served their time."
  value       = aws_iam_policy.prune.arn
}

output "secret_arns" {
  description = "Where the instance's secrets are: name without prefix to ARN. No values."
  value       = { for name, secret in aws_secretsmanager_secret.instance : name => secret.arn }
}
