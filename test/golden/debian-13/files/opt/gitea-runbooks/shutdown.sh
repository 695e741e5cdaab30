# Managed by gitea-runbooks: changes made here are overwritten by the next deploy.
# `stop` when the host goes down: each container after those that use it, with the grace time of the compose file.
# `start` when it is up again: Docker starts no container by itself that was stopped. What somebody else has stopped before
# stays stopped, and what a power cut has ended is started by Docker.
stopped=/var/lib/gitea-runbooks/stopped-by-shutdown

each() {
  for name in "$@"; do
    printf '%s\n' "$containers" | grep -qxF -- "$name" && printf '%s\n' "$name"
  done
}
# Whatever else there is of the project.
others() { printf '%s\n' "$containers" | grep -vxF -e gitea-proxy-1 -e gitea-wal-1 -e gitea-gitea-1 -e gitea-database-1; }

case "$1" in
  stop)
    # A unit also stops when it is restarted or taken away, and then the containers go on.
    [ "$(systemctl is-system-running)" = stopping ] || exit 0
    containers=$(docker ps --filter label=com.docker.compose.project=gitea --format '{{.Names}}') || exit 1
    [ -n "$containers" ] || exit 0
    # On the disk before the first one stops: the power may go in the middle.
    printf '%s\n' "$containers" > "$stopped.next" && sync "$stopped.next" && mv -f "$stopped.next" "$stopped" || exit 1
    for name in $(others; each gitea-proxy-1 gitea-wal-1 gitea-gitea-1 gitea-database-1); do docker stop "$name"; done
    ;;
  start)
    [ -e "$stopped" ] || exit 0
    docker version >/dev/null || exit 1
    containers=$(cat "$stopped")
    # One that is gone meanwhile is for the next deploy to make.
    for name in $(each gitea-database-1 gitea-gitea-1 gitea-wal-1 gitea-proxy-1; others); do docker start "$name"; done
    rm -f "$stopped"
    ;;
esac
