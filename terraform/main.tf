# One host and what it needs, for one instance of Gitea. All values come from gitea.config.yaml: `infra` writes them into
# terraform.tfvars.json. Nothing is meant to be edited here, and nothing is entered twice.

provider "aws" {
  region = var.region

  # Credentials of any other account are refused before anything is planned.
  allowed_account_ids = [var.account_id]

  # A stand-in of AWS serves its buckets by path, not by host name.
  s3_use_path_style = var.endpoint != null

  default_tags {
    tags = merge(var.tags, {
      Project   = "gitea-runbooks"
      Instance  = var.name
      ManagedBy = "terraform"
    })
  }
}

locals {
  # Derived from the region, where a data source would need a call for what never changes.
  partition  = startswith(var.region, "cn-") ? "aws-cn" : startswith(var.region, "us-gov-") ? "aws-us-gov" : "aws"
  dns_suffix = local.partition == "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com"

  # Secret ids begin with the instance's name and a slash, so `gitea` does not see the secrets of `gitea-staging`.
  secret_prefix    = "${var.name}/"
  host_key_secret  = "${local.secret_prefix}ssh_host_ed25519_key"
  secrets_endpoint = var.endpoint == null ? "https://secretsmanager.${var.region}.${local.dns_suffix}" : trimsuffix(var.endpoint, "/")
}
