#!/bin/sh
# Setup first, then the given command, else the web server.
if ! /usr/local/bin/docker-setup.sh; then
  echo 'docker setup failed'
  exit 1
fi
if [ $# -eq 0 ]; then
  set -- /usr/local/bin/gitea -c "$GITEA_APP_INI" web
fi
exec "$@"
