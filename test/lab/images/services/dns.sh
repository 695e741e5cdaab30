#!/bin/sh
# The lab's name server: the names in /etc/lab/hosts.d (read again on SIGHUP), nothing else below .test, and the rest of
# the world from the machine's own resolver. Argument: the names at first, as lines of a hosts file.
set -eu
mkdir -p /etc/lab/hosts.d
[ -e /etc/lab/hosts.d/lab ] || printf '%s' "$1" >/etc/lab/hosts.d/lab
exec dnsmasq --keep-in-foreground --no-hosts --no-resolv --server=127.0.0.11 --local=/test/ --domain-needed \
  --user=root --log-facility=- --addn-hosts=/etc/lab/hosts.d --local-ttl=0 --no-negcache
