import { quote } from '../../core/quote.ts';

/**
 * A shell function `said RUN [OPTION ...]`: what a run of a unit has printed, by its identifier, with options of journalctl. A
 * journal that is busy learns of the first lines of a run after its end, and does not know any more which run they were of: by
 * its process they are found all the same, as long as no other run has begun.
 */
export const saidBy = (unit: string) => `said() {
  run=$1
  shift
  pid=0
  [ "$(systemctl show --value -p InvocationID ${quote(unit)})" != "$run" ] || pid=$(systemctl show --value -p ExecMainPID ${quote(unit)})
  journalctl --boot --quiet --no-pager --output=cat "$@" _SYSTEMD_INVOCATION_ID="$run" + _SYSTEMD_UNIT=${quote(unit)} _PID="$pid" 2>/dev/null
}`;
