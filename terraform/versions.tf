terraform {
  # 1.11: write-only arguments, ephemeral variables, and the lock file of the S3 backend as a settled feature.
  required_version = ">= 1.11.0, < 2.0.0"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # The very version that this configuration was applied, planned again and destroyed with. A newer one is a change
      # of its own, tried before it is taken.
      version = "6.34.0"
    }
  }

  # bucket, key, region, encrypt and use_lockfile are given by `infra` when it initialises the working directory.
  backend "s3" {}
}
