/** Seconds that another apt or dpkg may take: on the first boot of a cloud image its own updates run for minutes. */
const limit = 900;

/**
 * Shell function that runs a command of the package manager, again for as long as another program holds one of its locks.
 * apt waits for dpkg's by itself where it is told to, but never for that of the package lists, and dpkg for none.
 */
export const patiently = `until=$(($(date +%s) + ${limit}))
holder() {
  for lock in /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /var/lib/apt/lists/lock /var/cache/apt/archives/lock; do
    inode=$(stat -c %i "$lock" 2>/dev/null) || continue
    pid=$(awk -v end=":$inode" 'substr($6, length($6) - length(end) + 1) == end { print $5; exit }' /proc/locks)
    [ -n "$pid" ] || continue
    echo "$(cat "/proc/$pid/comm" 2>/dev/null || echo another program) (process $pid) holds $lock"
    return
  done
  echo 'another program held a lock of the package manager'
}
patiently() {
  errors=$(mktemp)
  while :; do
    code=0
    "$@" 2>"$errors" || code=$?
    said=$(cat "$errors")
    rm -f "$errors"
    [ "$code" -ne 0 ] || { printf '%s' "$said\${said:+
}"; return 0; }
    if ! printf '%s\\n' "$said" | grep -qE 'Could not get lock|Unable to (acquire|lock)|locked by another process' || [ "$(date +%s)" -ge "$until" ]; then
      printf '%s\\n' "$said"
      return "$code"
    fi
    echo "waiting, at most ${limit} s in all: $(holder)"
    sleep 3
  done
}`;
