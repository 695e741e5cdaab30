#!/bin/bash
# The container's defaults for path and config, unless the caller names a config.
config=(-c "${GITEA_APP_INI:-/etc/gitea/app.ini}")
for word in "$@"; do
  case "$word" in
    -c | -c=* | --config | --config=*) config=() ;;
  esac
done
export GITEA_WORK_DIR="${GITEA_WORK_DIR:-/var/lib/gitea}"
exec /app/gitea/gitea "${config[@]}" "$@"
