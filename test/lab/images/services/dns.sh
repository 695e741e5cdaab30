#!/bin/sh
# The lab's name server: the names in /etc/lab/hosts.d (read again on SIGHUP), nothing else below .test, and the rest of
# the world from the machine's own resolver. Argument: the names at first, as lines of a hosts file.
set -eu
mkdir -p /etc/lab/hosts.d
# A name as DNS writes it down: the length of each label and its letters, in hex.
wire() { printf '%s' "$1" | awk -F. '{ for (i = 1; i <= NF; i++) printf "%c%s", length($i), $i }' | od -An -v -tx1 | tr -d ' \n'; echo 00; }
delegated=
# The world is sent to these for lab.test: they are what the lab's Route 53 gives to every hosted zone.
for server in ns-2048.awsdns-64.com ns-2049.awsdns-65.net ns-2050.awsdns-66.org ns-2051.awsdns-67.co.uk; do
  delegated="$delegated --dns-rr=lab.test,2,$(wire "$server")"
done
[ -e /etc/lab/hosts.d/lab ] || printf '%s' "$1" >/etc/lab/hosts.d/lab
exec dnsmasq --keep-in-foreground --no-hosts --no-resolv --server=127.0.0.11 --local=/test/ --domain-needed \
  $delegated --user=root --log-facility=- --addn-hosts=/etc/lab/hosts.d --local-ttl=0 --no-negcache
