locals {
  # Open to all: this is what the host is for. Constant entries come first, because the module numbers its rules.
  public_ports = [
    { from_port = 80, to_port = 80, protocol = "tcp", description = "HTTP: certificate challenges, redirect to HTTPS" },
    { from_port = 443, to_port = 443, protocol = "tcp", description = "HTTPS" },
    { from_port = var.git_ssh_port, to_port = var.git_ssh_port, protocol = "tcp", description = "git over SSH, served by Gitea" },
  ]

  # The host's own SSH: from the operators' networks alone, and not at all with Session Manager.
  ssh_from_v4 = [for network in var.ssh_from : network if var.access == "ssh" && !strcontains(network, ":")]
  ssh_from_v6 = [for network in var.ssh_from : network if var.access == "ssh" && var.ipv6 && strcontains(network, ":")]
  ssh_port    = { from_port = 22, to_port = 22, protocol = "tcp", description = "SSH of the operators" }

  everything = { from_port = 0, to_port = 0, protocol = "-1", description = "packages, images, certificates, mirrors" }
}

module "security_group" {
  source  = "terraform-aws-modules/security-group/aws"
  version = "5.3.1"

  name        = "${var.name}-host"
  description = "Gitea host ${var.name}"
  vpc_id      = module.vpc.vpc_id

  ingress_with_cidr_blocks = concat(
    [for rule in local.public_ports : merge(rule, { cidr_blocks = "0.0.0.0/0" })],
    length(local.ssh_from_v4) > 0 ? [merge(local.ssh_port, { cidr_blocks = join(",", local.ssh_from_v4) })] : [],
  )
  ingress_with_ipv6_cidr_blocks = concat(
    [for rule in local.public_ports : merge(rule, { ipv6_cidr_blocks = "::/0" }) if var.ipv6],
    length(local.ssh_from_v6) > 0 ? [merge(local.ssh_port, { ipv6_cidr_blocks = join(",", local.ssh_from_v6) })] : [],
  )

  egress_with_cidr_blocks      = [merge(local.everything, { cidr_blocks = "0.0.0.0/0" })]
  egress_with_ipv6_cidr_blocks = [for rule in [local.everything] : merge(rule, { ipv6_cidr_blocks = "::/0" }) if var.ipv6]
}
