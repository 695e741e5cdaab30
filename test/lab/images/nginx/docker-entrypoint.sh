#!/bin/sh
# Runs what lies in /docker-entrypoint.d before the server starts, then the server.
set -e
case ${1:-} in
  nginx | nginx-debug)
    for file in /docker-entrypoint.d/*.sh; do
      [ -x "$file" ] && "$file"
    done
    ;;
esac
exec "$@"
