# Only where the domain's zone is in this account. A record that is there already is not taken over: Terraform refuses.
resource "aws_route53_record" "address" {
  count = var.zone_id == null ? 0 : 1

  zone_id = var.zone_id
  name    = var.domain
  type    = "A"
  ttl     = var.record_ttl
  records = [aws_eip.host.public_ip]
}

resource "aws_route53_record" "address_v6" {
  count = var.zone_id != null && var.ipv6 ? 1 : 0

  zone_id = var.zone_id
  name    = var.domain
  type    = "AAAA"
  ttl     = var.record_ttl
  records = aws_instance.host.ipv6_addresses
}
