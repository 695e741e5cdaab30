# The owner's own parameter, so no search by name can ever find somebody else's image.
data "aws_ssm_parameter" "ami" {
  name = "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id"
}

resource "aws_key_pair" "operator" {
  key_name   = var.name
  public_key = var.public_key
}

resource "aws_instance" "host" {
  ami           = data.aws_ssm_parameter.ami.insecure_value
  instance_type = var.instance_type
  key_name      = aws_key_pair.operator.key_name

  subnet_id              = module.vpc.public_subnets[0]
  vpc_security_group_ids = [module.security_group.security_group_id]
  iam_instance_profile   = aws_iam_instance_profile.host.name

  # A number, not an address: with an address of our choice, turning IPv6 on would replace the host.
  ipv6_address_count = var.ipv6 ? 1 : 0

  ebs_optimized = true
  monitoring    = false # by the minute costs extra, and the instance's own monitoring sees more

  # Nobody ends the host by a click or a script of their own. Terraform may: its plan was shown and confirmed.
  # force_destroy lifts just this protection, and the disk that goes with the host holds nothing that a deploy does not put back.
  disable_api_termination = true
  force_destroy           = true

  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = "required"
    # The answer dies at the first router, which is the host itself for a container: the role is the host's alone.
    http_put_response_hop_limit = 1
    instance_metadata_tags      = "disabled"
  }

  root_block_device {
    volume_type           = "gp3"
    volume_size           = var.root_volume_gib
    encrypted             = true
    delete_on_termination = true
    tags                  = { Name = "${var.name}-root" }
  }

  # Readable by everyone who may describe the instance: there is no secret in it.
  user_data = templatefile("${path.module}/user-data.sh.tftpl", {
    region             = var.region
    secret_id          = local.host_key_secret
    metadata_url       = "http://169.254.169.254"
    secretsmanager_url = local.secrets_endpoint
    root               = ""
    tries              = 120 # five seconds apart: ten minutes
  })

  tags = { Name = "${var.name}-host" }

  # The host boots only when its key can be read, and when there is a way out.
  depends_on = [
    aws_iam_role_policy.secrets,
    aws_secretsmanager_secret_version.host_key,
    module.vpc,
  ]

  lifecycle {
    # A newer image or another first boot is for the next host: this one must not be replaced by the next apply.
    ignore_changes = [ami, user_data]
  }
}

# Address and association apart, so that replacing the host keeps the address.
resource "aws_eip" "host" {
  domain = "vpc"

  tags = { Name = "${var.name}-host" }
}

resource "aws_eip_association" "host" {
  allocation_id = aws_eip.host.id
  instance_id   = aws_instance.host.id
}
