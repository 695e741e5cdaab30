#!/bin/sh
# The lab's certificate authority. Argument: address:port of the DNS server it validates with.
set -eu
mkdir -p /var/lib/acme
cd /var/lib/acme
if [ ! -s server.pem ]; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 -subj '/CN=acme.lab.test' \
    -addext 'subjectAltName=DNS:acme.lab.test,DNS:localhost,IP:127.0.0.1' \
    -addext 'basicConstraints=critical,CA:TRUE' -keyout server.key -out server.pem 2>/dev/null
fi
export PEBBLE_VA_NOSLEEP=1 PEBBLE_WFE_NONCEREJECT=0
exec pebble -config /etc/lab/pebble.json -dnsserver "$1"
