#!/bin/bash
# Prepares a PostgreSQL data directory on the first start and hands over to the server. Keeps the contract of the official
# image: same variables, same refusals, same order.
set -Eeo pipefail

default_data=/var/lib/postgresql/$PG_MAJOR/docker

fail() {
  printf 'Error: %s\n' "$@" >&2
  exit 1
}

# value_of NAME [DEFAULT]: NAME may come from the variable or from the file in NAME_FILE, never from both.
value_of() {
  local name=$1 file_name="${1}_FILE" value=${2:-}
  if [ "${!name:-}" ] && [ "${!file_name:-}" ]; then
    fail "both $name and $file_name are set (but are exclusive)"
  fi
  if [ "${!name:-}" ]; then
    value=${!name}
  elif [ "${!file_name:-}" ]; then
    value=$(<"${!file_name}")
  fi
  export "$name=$value"
  unset "$file_name"
}

refuse_old_layout() {
  [ "$PGDATA" = "$default_data" ] || return 0
  local found=() place
  for place in /var/lib/postgresql /var/lib/postgresql/data /var/lib/postgresql/*/docker; do
    if [ -s "$place/PG_VERSION" ]; then found+=("$place"); fi
  done
  if [ ${#found[@]} -eq 0 ] && mountpoint -q /var/lib/postgresql/data; then
    found+=('/var/lib/postgresql/data (unused mount/volume)')
  fi
  [ ${#found[@]} -eq 0 ] || fail \
    "in 18+, these Docker images are configured to store database data in a format which is compatible with \"pg_ctlcluster\" (a single mount at /var/lib/postgresql)." \
    "counter to that, there appears to be PostgreSQL data in: ${found[*]}" \
    'this is usually the result of upgrading the image without upgrading the database with "pg_upgrade".'
}

require_password() {
  if [ -z "$POSTGRES_PASSWORD" ] && [ "$POSTGRES_HOST_AUTH_METHOD" != trust ]; then
    fail 'Database is uninitialized and superuser password is not specified.' \
      'set POSTGRES_PASSWORD (or POSTGRES_PASSWORD_FILE) to a non-empty value for the superuser.'
  fi
}

make_cluster() {
  local wal=()
  if [ "${POSTGRES_INITDB_WALDIR:-}" ]; then wal=(--waldir "$POSTGRES_INITDB_WALDIR"); fi
  # POSTGRES_INITDB_ARGS is shell text, as in the official image.
  eval 'initdb --username="$POSTGRES_USER" --pwfile=<(printf "%s\n" "$POSTGRES_PASSWORD") '"$POSTGRES_INITDB_ARGS"' "${wal[@]}"'
  {
    printf '\n'
    if [ "$POSTGRES_HOST_AUTH_METHOD" = trust ]; then printf '# warning: trust is enabled for all connections\n'; fi
    printf 'host all all all %s\n' "${POSTGRES_HOST_AUTH_METHOD:-$(postgres -C password_encryption)}"
  } >>"$PGDATA/pg_hba.conf"
}

sql() {
  local database=()
  if [ "${POSTGRES_DB:-}" ]; then database=(--dbname "$POSTGRES_DB"); fi
  PGHOST='' PGHOSTADDR='' psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --no-password --no-psqlrc "${database[@]}" "$@"
}

make_database() {
  local there
  there=$(POSTGRES_DB='' sql --dbname postgres --set db="$POSTGRES_DB" --tuples-only <<<"SELECT 1 FROM pg_database WHERE datname = :'db';")
  if [ -z "$there" ]; then
    POSTGRES_DB='' sql --dbname postgres --set db="$POSTGRES_DB" <<<'CREATE DATABASE :"db";'
  fi
}

run_init_files() {
  local file
  for file in /docker-entrypoint-initdb.d/*; do
    case $file in
      *.sh) echo "$0: running $file"; if [ -x "$file" ]; then "$file"; else . "$file"; fi ;;
      *.sql) echo "$0: running $file"; sql -f "$file" ;;
      *.sql.gz) echo "$0: running $file"; gunzip -c "$file" | sql ;;
      *) [ ! -e "$file" ] || echo "$0: ignoring $file" ;;
    esac
  done
}

initialise() {
  require_password
  refuse_old_layout
  make_cluster
  export PGPASSWORD=${PGPASSWORD:-$POSTGRES_PASSWORD}
  # Socket only: nothing outside this container may take the server for ready before it is set up.
  if [ "${1:-}" = postgres ]; then shift; fi
  set -- "$@" -c listen_addresses='' -p "${PGPORT:-5432}"
  NOTIFY_SOCKET='' PGUSER="$POSTGRES_USER" pg_ctl -D "$PGDATA" -o "$(printf '%q ' "$@")" -w start
  make_database
  run_init_files
  PGUSER="$POSTGRES_USER" pg_ctl -D "$PGDATA" -m fast -w stop
  unset PGPASSWORD
  printf '\nPostgreSQL init process complete; ready for start up.\n\n'
}

asks_for_help() {
  local argument
  for argument; do
    case $argument in -'?' | --help | --describe-config | -V | --version) return 0 ;; esac
  done
  return 1
}

# Under its second name it only sees to it that there is a database, as the official image's script of that name does.
only_initialise=
if [ "${0##*/}" = docker-ensure-initdb.sh ]; then
  only_initialise=1
  [ "${1:-}" = postgres ] || set -- postgres "$@"
fi
if [ "${1:0:1}" = - ]; then set -- postgres "$@"; fi
if [ "${1:-}" = postgres ] && ! asks_for_help "$@"; then
  value_of POSTGRES_PASSWORD
  value_of POSTGRES_USER postgres
  value_of POSTGRES_DB "$POSTGRES_USER"
  value_of POSTGRES_INITDB_ARGS
  : "${POSTGRES_HOST_AUTH_METHOD:=}"

  mkdir -p "$PGDATA"
  chmod 0700 "$PGDATA" || :
  mkdir -p /var/run/postgresql || :
  chmod 03775 /var/run/postgresql || :
  if [ "$(id -u)" = 0 ]; then
    find "$PGDATA" \! -user postgres -exec chown postgres '{}' +
    find /var/run/postgresql \! -user postgres -exec chown postgres '{}' +
    if [ "$POSTGRES_PASSWORD" ]; then export POSTGRES_PASSWORD; fi
    exec setpriv --reuid=postgres --regid=postgres --init-groups "$BASH_SOURCE" "$@"
  fi
  if [ -s "$PGDATA/PG_VERSION" ]; then
    printf '\nPostgreSQL Database directory appears to contain a database; Skipping initialization\n\n'
  else
    initialise "$@"
  fi
fi
[ -z "$only_initialise" ] || exit 0
exec "$@"
