# One public subnet: a single host needs no NAT gateway (the dearest part of most small networks) and no private half.
module "vpc" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "6.6.0"

  name = var.name
  cidr = "10.20.0.0/16"
  azs  = [var.availability_zone]

  public_subnets          = ["10.20.0.0/24"]
  map_public_ip_on_launch = false # the Elastic IP is the only address

  enable_nat_gateway = false

  enable_ipv6                                                  = var.ipv6
  public_subnet_ipv6_prefixes                                  = var.ipv6 ? [0] : []
  create_egress_only_igw                                       = false # for private subnets
  public_subnet_enable_dns64                                   = false # needs a NAT64; without one, IPv4-only names would lead nowhere
  public_subnet_enable_resource_name_dns_aaaa_record_on_launch = false

  # Whatever lands in the default security group by mistake is closed in both directions.
  manage_default_security_group  = true
  default_security_group_ingress = []
  default_security_group_egress  = []
}
