# Written by `infra` from gitea.config.yaml, which has been checked already. The rules here are the second lock: they hold
# for whoever runs Terraform by hand as well.

variable "region" {
  description = "Region that everything is made in."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "A region's code name, for example eu-central-1."
  }
}

variable "account_id" {
  description = "Account that everything is made in; credentials of any other are refused."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "Twelve digits."
  }
}

variable "name" {
  description = "What all names begin with."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,18}[a-z0-9]$", var.name))
    error_message = "2 to 20 lower-case letters, digits and -, beginning with a letter."
  }
}

variable "domain" {
  description = "Host name of the Gitea instance."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.domain) <= 253 && can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.domain))
    error_message = "A full host name in lower case, without scheme, port or trailing dot."
  }
}

variable "zone_id" {
  description = "Hosted zone of the domain; null where the DNS is elsewhere."
  type        = string
  default     = null

  validation {
    condition     = var.zone_id == null || can(regex("^[A-Z0-9]{1,32}$", var.zone_id))
    error_message = "The id of a hosted zone, for example Z0123456789ABCDEFGHIJ."
  }
}

variable "ipv6" {
  description = "Give the host an IPv6 address and the domain an AAAA record as well."
  type        = bool
  nullable    = false
}

variable "availability_zone" {
  description = "Zone of the host and the data volume. The volume cannot leave it."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.availability_zone, var.region) && can(regex("^[a-z]$", trimprefix(var.availability_zone, var.region)))
    error_message = "The region followed by one letter, for example eu-central-1a."
  }
}

variable "instance_type" {
  description = "Size of the host: x86-64, with NVMe disks."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*\\.[a-z0-9-]+$", var.instance_type))
    error_message = "An instance type, for example t3.medium."
  }
}

variable "root_volume_gib" {
  description = "Size of the system disk in GiB."
  type        = number
  nullable    = false

  validation {
    condition     = var.root_volume_gib >= 20 && var.root_volume_gib <= 1000 && floor(var.root_volume_gib) == var.root_volume_gib
    error_message = "A whole number from 20 to 1000."
  }
}

variable "data_volume_gib" {
  description = "Size of the data volume in GiB. It can grow, never shrink."
  type        = number
  nullable    = false

  validation {
    condition     = var.data_volume_gib >= 10 && var.data_volume_gib <= 16384 && floor(var.data_volume_gib) == var.data_volume_gib
    error_message = "A whole number from 10 to 16384."
  }
}

variable "access" {
  description = "How operators reach the host: ssh through port 22, ssm through Session Manager with port 22 closed."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["ssh", "ssm"], var.access)
    error_message = "ssh or ssm."
  }
}

variable "ssh_from" {
  description = "Networks that may reach port 22, IPv4 and IPv6."
  type        = list(string)
  nullable    = false

  validation {
    condition     = alltrue([for network in var.ssh_from : can(cidrhost(network, 0))])
    error_message = "Networks such as 198.51.100.0/24."
  }

  validation {
    # Two halves are the whole as well, so it is the width that counts.
    condition     = alltrue([for network in var.ssh_from : try(tonumber(split("/", network)[1]), 0) >= (strcontains(network, ":") ? 16 : 8)])
    error_message = "Not the whole Internet nor a large part of it: a prefix of at least 8 (IPv4) or 16 (IPv6)."
  }

  validation {
    condition     = var.access != "ssh" || length(var.ssh_from) > 0
    error_message = "With access = ssh at least one network, otherwise nobody can log in."
  }
}

variable "git_ssh_port" {
  description = "TCP port of git over SSH, open to all."
  type        = number
  nullable    = false

  validation {
    condition     = var.git_ssh_port >= 1 && var.git_ssh_port <= 65535 && floor(var.git_ssh_port) == var.git_ssh_port
    error_message = "A whole number from 1 to 65535."
  }

  validation {
    # It is open to the world: 22 here would open the host's own SSH.
    condition     = !contains([22, 80, 443], var.git_ssh_port)
    error_message = "Not 22, 80 or 443: these have other uses."
  }
}

variable "public_key" {
  description = "Public half of the operator's login key, in OpenSSH's format."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^ssh-(ed25519|rsa) [A-Za-z0-9+/]+=*( [^\\n]*)?$", var.public_key))
    error_message = "One line beginning with ssh-ed25519 or ssh-rsa: EC2 takes no other kind."
  }
}

variable "backup_bucket" {
  description = "Name of the bucket for backups."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.backup_bucket))
    error_message = "A bucket name: 3 to 63 lower-case letters, digits and -."
  }
}

variable "object_lock_days" {
  description = "Days during which a backup cannot be deleted, and for which a deleted one stays restorable."
  type        = number
  nullable    = false

  validation {
    condition     = var.object_lock_days >= 1 && var.object_lock_days <= 3650 && floor(var.object_lock_days) == var.object_lock_days
    error_message = "A whole number from 1 to 3650."
  }
}

variable "secret_names" {
  description = "Names of the instance's secrets, without prefix."
  type        = list(string)
  nullable    = false

  validation {
    condition     = alltrue([for name in var.secret_names : can(regex("^[a-z][a-z0-9_]*$", name))])
    error_message = "Lower-case letters, digits and _, beginning with a letter."
  }

  validation {
    condition     = !contains(var.secret_names, "ssh_host_ed25519_key")
    error_message = "ssh_host_ed25519_key is the host's own key, which has a place of its own."
  }
}

variable "tags" {
  description = "Tags on everything, besides the project's own."
  type        = map(string)
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.tags) : !contains(["Name", "Project", "Instance", "ManagedBy"], name) && !startswith(lower(name), "aws:")])
    error_message = "Not Name, Project, Instance or ManagedBy, which the project sets, and none that begins with aws:."
  }
}

variable "record_ttl" {
  description = "Seconds for which resolvers may keep the domain's record. Low, so that a new address is soon everywhere."
  type        = number
  default     = 60
  nullable    = false

  validation {
    condition     = var.record_ttl >= 30 && var.record_ttl <= 86400 && floor(var.record_ttl) == var.record_ttl
    error_message = "A whole number from 30 to 86400."
  }
}

variable "endpoint" {
  description = "URL of a stand-in of AWS, for rehearsals; null for AWS itself."
  type        = string
  default     = null

  validation {
    condition     = var.endpoint == null || can(regex("^https?://[^/?#'[:space:]]+/?$", var.endpoint))
    error_message = "An http:// or https:// URL without a path."
  }
}

variable "host_key" {
  description = "Private Ed25519 key of the host in OpenSSH's format. Needed only while AWS has none yet; kept nowhere."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = var.host_key == null || can(regex("^-----BEGIN OPENSSH PRIVATE KEY-----\n[A-Za-z0-9+/=\n]+\n-----END OPENSSH PRIVATE KEY-----\n?$", var.host_key))
    error_message = "A private key in OpenSSH's format."
  }
}
