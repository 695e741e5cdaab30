// A host that dies inside a script: after its n-th command, as by kill -9, a full stop of the machine, or the kernel's own kill.
import type { Command, FilePut, Guard, Host, Output, Reconnectable } from '../../lib/host/port.ts';

/**
 * bash runs a script as `sh` does, and a function of ours before each command. In the shell of the script itself the
 * commands are counted, those of functions and loops included; a pipe or a subshell is one. Before the command that comes
 * after the n-th the whole process group is killed, with whatever runs in it. Gets the words of a command: `sh -s`,
 * `sh -c SCRIPT …` or others, which are one command. In place of a number: `after SECONDS`, wherever the script is then.
 */
const cutter = `at=$1; shift
case "$at" in 'after '*)
  ( sleep "\${at#after }"; kill -KILL 0 ) </dev/null >/dev/null 2>&1 8>&- &
  exec "$@" ;;
esac
case "$1 $2" in
  'sh -s') script=$(cat); set -- sh ;;
  'sh -c') script=$3; shift 3 ;;
  *) [ "$at" -eq 1 ] || exec "$@"; "$@"; kill -KILL 0; sleep 60 ;;
esac
exec bash --posix -c "cut_count=0
cut_here() { [ \\$BASH_SUBSHELL -eq 0 ] || return 0; cut_count=\\$((cut_count + 1)); [ \\$cut_count -le $at ] || { kill -KILL 0; sleep 60; }; }
set -T
trap 'cut_here' DEBUG
$script" "$@"`;

/** After so many commands, or so many seconds. */
type At = number | { readonly seconds: number };

/** Where a script is cut. Asked for each script, each put and each program; undefined lets it run to its end. */
export type Cut = (script: string) => At | undefined;

/** What the script of a call is, for `Cut`: of a put the path alone, for all puts run the same one. */
const scriptOf = (call: Command | FilePut): string => {
  if ('path' in call) return `put ${call.path}`;
  return call.script ?? call.argv!.join(' ');
};

/** A failure of the machine and not of the script: with the first cut all is over, as when it loses its power. */
export class Killed extends Error {}

/** `host`, whose scripts are cut where `cut` says. After the first that was cut nothing is run on it any more. */
export function cutting<H extends Host | Reconnectable>(host: H, cut: Cut): H & { readonly wasCut: () => boolean } {
  let dead = false;
  const guardOf = (call: Command | FilePut): { guard?: Guard } => {
    if (dead) throw new Killed('nothing runs after the cut');
    const at = cut(scriptOf(call));
    const outer = call.guard;
    if (at === undefined) return outer ? { guard: outer } : {};
    const where = typeof at === 'number' ? `${at}` : `after ${at.seconds}`;
    const failure = (output: Output) => {
      if (output.code === 137) {
        dead = true;
        return new Killed(`at ${where}`) as never;
      }
      return outer?.failure(output);
    };
    return { guard: { words: [...(outer?.words ?? []), 'bash', '-c', cutter, 'cut', where], failure } };
  };
  const mine: Host = {
    label: host.label,
    query: (command) => host.query(command),
    run: async (command) => host.run({ ...command, ...guardOf(command) }),
    put: async (file) => host.put({ ...file, ...guardOf(file) }),
    hold: (script) => host.hold(script),
    close: () => host.close(),
  };
  const more = 'reconnect' in host ? { reconnect: () => host.reconnect() } : {};
  return Object.assign(mine, more, { wasCut: () => dead }) as H & { readonly wasCut: () => boolean };
}
