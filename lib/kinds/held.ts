import { quote } from '../core/quote.ts';
import type { HoldSpec } from '../core/spec.ts';

/** Seconds that requests under way get to come to their end. What takes longer is cut. */
const drain = 30;

/**
 * Seconds after which nobody waits for this restart any more, whatever became of who held: the flag's own time tells, so
 * that neither a killed program nor a host that died leaves requests waiting. The proxy holds nobody longer either.
 */
const longest = 120;

/**
 * A command that restarts what requests go to, as a script in which nobody notices: the proxy keeps new requests, those
 * under way come to their end, the command runs, and the first good answer lets all of them go on. Every restart goes
 * through here. The exit code is the command's.
 */
export function held(hold: HoldSpec, command: string): string {
  return `flag=${quote(hold.flag)}
watcher=
release() { rm -f -- "$flag"; [ -z "$watcher" ] || kill "$watcher" 2>/dev/null; }
trap release EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM PIPE
pid=$(docker inspect -f '{{.State.Pid}}' ${quote(hold.proxy)} 2>/dev/null) || pid=0
touch -d "@$(($(date +%s) + ${longest}))" -- "$flag"
if [ "$pid" -gt 0 ]; then
  # Who looked for the flag just before is on his way.
  sleep 0.3
  end=$(($(date +%s) + ${drain}))
  while n=$(${underWay(hold)}) && [ "$n" -gt 0 ] && [ "$(date +%s)" -lt "$end" ]; do sleep 0.1; done
  [ "\${n:-0}" -le 0 ] || echo "$n requests are still under way after ${drain} s and are cut"
fi
# Docker tells a container's health a second late; whoever waits is let go on as soon as it answers after it was away.
(
  away=
  while kill -0 $$ 2>/dev/null; do
    if curl -fsS -m 1 -o /dev/null ${quote(hold.health)} 2>/dev/null; then
      [ -z "$away" ] || { rm -f -- "$flag"; exit; }
    else away=1; fi
    sleep 0.2
  done
) </dev/null >/dev/null 2>&1 &
watcher=$!
(
${command}
)
exit $?`;
}

/**
 * How many requests the proxy has under way: its connections to what it serves, of which each carries one, without those
 * that never end. These take a way of their own and are counted there.
 */
function underWay({ address, ports, endless }: HoldSpec): string {
  // The kernel writes an address as the number that it is in memory: on all machines of ours the last byte first.
  const bytes = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
  const peers = ports.map((port) =>
    `${bytes.toReversed().join('')}:${port.toString(16).padStart(4, '0')}`.toUpperCase(),
  );
  const program = `FILENAME ~ /tcp$/ && $4 == "01" && $3 ~ /^(${peers.join('|')})$/ { n++ }
FILENAME ~ /unix$/ && $6 == "03" && $8 == ${JSON.stringify(endless)} { n-- }
END { print n + 0 }`;
  return `awk ${quote(program)} "/proc/$pid/net/tcp" "/proc/$pid/net/unix" 2>/dev/null`;
}
