# Only the containers. Their values are written by the runbooks and are in no state, plan or log of Terraform's.
resource "aws_secretsmanager_secret" "instance" {
  for_each = toset(var.secret_names)

  name                    = "${local.secret_prefix}${each.key}"
  description             = "Gitea instance ${var.name}: ${each.key}"
  recovery_window_in_days = 30

  lifecycle {
    prevent_destroy = true
  }
}

# The host's own SSH key. The first boot fetches it, so the operator can pin its public half before the host exists.
resource "aws_secretsmanager_secret" "host_key" {
  name                    = local.host_key_secret
  description             = "Gitea instance ${var.name}: private SSH key of the host"
  recovery_window_in_days = 30

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_secretsmanager_secret_version" "host_key" {
  secret_id = aws_secretsmanager_secret.host_key.id

  # Write-only: sent to AWS once, kept nowhere. Empty once the key is there, and an empty first value is refused by AWS.
  secret_string_wo         = var.host_key == null ? "" : var.host_key
  secret_string_wo_version = 1
}
