import { quote } from '../../core/quote.ts';
import type { HoldSpec } from '../../core/spec.ts';

/** Seconds that what is under way gets to come to its end while everybody else is kept waiting. What takes longer is cut. */
const drain = 30;

/** Seconds after which somebody takes long. */
const long = 5;

/**
 * Seconds after which nobody waits for this restart any more, whatever became of who held: the flag's own time tells, so
 * that neither a killed program nor a host that died leaves requests waiting. The proxy holds nobody longer either.
 */
const longest = 120;

/**
 * A command that restarts what requests and SSH sessions go to, as a script in which nobody notices. While somebody takes
 * long it is put off (`patience`), and nobody waits for that. Then the proxy keeps all that is new, what is under way comes
 * to its end, the command runs, and the first good answer lets all of them go on. Whoever has outlived the patience is not
 * waited for a second time. Every restart goes through here. The exit code is the command's.
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
turn=0 n=0 seen=
look() { ${underWay(hold)}; n=\${seen%% *}; : "\${n:=0}"; turn=$((turn + 1)); }
old=0 patient=0
if [ "$pid" -gt 0 ]; then
  # Half a second a turn. Who is there in the first one has been so for who knows how long.
  n=1
  while [ "$n" -gt 0 ] && [ "$turn" -lt ${2 * hold.patience} ]; do
    old=$((turn > ${2 * long} ? turn - ${2 * long} : 0))
    look 0 "$old"
    [ "$n" -gt 0 ] || break
    [ $((turn % 20)) -ne ${2 * long + 1} ] || echo "$n requests or git sessions take long: the restart waits for them, up to ${hold.patience} s in all"
    sleep 0.5
  done
  [ "$n" -le 0 ] || patient=${hold.patience < drain ? 0 : '$((old + 1))'}
fi
touch -d "@$(($(date +%s) + ${longest}))" -- "$flag"
if [ "$pid" -gt 0 ]; then
  # Who looked for the flag just before is on his way.
  sleep 0.3
  end=$(($(date +%s) + ${drain}))
  while look "$patient" "$turn" && [ "$n" -gt 0 ] && [ "$(date +%s)" -lt "$end" ]; do sleep 0.1; done
  look 0 "$turn"
  [ "$n" -le 0 ] || echo "$n requests or git sessions are still under way and are cut"
fi
# Docker tells a container's health a second late; whoever waits is let go on as soon as it answers after it was away. Slow (28)
# is not away: what is about to be stopped may be that. On its way back it refuses before it answers.
(
  away=
  while kill -0 $$ 2>/dev/null; do
    curl -fsS -m 1 -o /dev/null ${quote(hold.health)} 2>/dev/null
    case $? in
      0) [ -z "$away" ] || { rm -f -- "$flag"; exit; } ;;
      28) ;;
      *) away=1 ;;
    esac
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
 * How many the proxy has under way that came in the turns from $1 to $2: its connections to what it serves, of which each
 * carries one, without those that never end. These take a way of their own and are counted there. The number stands in front
 * of `seen`, and behind it everything that is there now with the turn in which it came.
 */
function underWay({ address, ports, endless }: HoldSpec): string {
  // The kernel writes an address as the number that it is in memory: on all machines of ours the last byte first.
  const bytes = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
  const peers = ports.map((port) =>
    `${bytes.toReversed().join('')}:${port.toString(16).padStart(4, '0')}`.toUpperCase(),
  );
  const program = `BEGIN { words = split(seen, word); for (i = 2; i < words; i += 2) came[word[i]] = word[i + 1] }
function note(id, worth) {
  if (!(id in came)) came[id] = turn
  if (came[id] >= from && came[id] <= to) n += worth
  all = all " " id " " came[id]
}
FILENAME ~ /tcp$/ && $4 == "01" && $3 ~ /^(${peers.join('|')})$/ { note($2 $3, 1) }
FILENAME ~ /unix$/ && $6 == "03" && $8 == ${JSON.stringify(endless)} { note($7, -1) }
END { print n + 0 all }`;
  return `seen=$(awk -v turn="$turn" -v from="$1" -v to="$2" -v seen="$seen" ${quote(program)} "/proc/$pid/net/tcp" "/proc/$pid/net/unix" 2>/dev/null)`;
}
