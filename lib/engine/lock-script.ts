import { quote } from '../core/quote.ts';

/** `exclusive` runs alone. `shared` runs beside other shared ones, but not beside one that does the same. */
export type LockMode = 'exclusive' | 'shared';

/** Who holds the lock, as it stands beside it on the host. */
export interface Holder {
  readonly who: string;
  readonly what: string;
  readonly mode: LockMode;
  /** ISO 8601. */
  readonly since: string;
}

export const describeHolder = ({ what, who, since, mode }: Holder) =>
  `${what} by ${who} since ${since}${mode === 'shared' ? ' (shared)' : ''}`;

export const lockDirectory = '/run/gitea-runbooks';

/** What the guard says when the run has no lock any more, so that no exit code of a command can be taken for it. */
export const goneMark = 'gitea-runbooks: this run does not hold the lock any more';
export const goneExit = 76;

/** The file of one holder, and the one by which the commands of its run can be seen. */
export const holderFile = (directory: string, mode: LockMode, token: string) => `${directory}/holder.${mode}.${token}`;
export const workFile = (directory: string, mode: LockMode) => `${directory}/work.${mode}`;

/** Shell that prints the holders that live, one line each. A file that nobody has locked is what a killed one left. */
export const holdersScript = (directory = lockDirectory) => `for file in ${directory}/holder.*; do
  [ -s "$file" ] && ! flock -n -s 7 7<"$file" && cat "$file" && echo
done`;

/**
 * Takes the lock and holds it until the end of its standard input. Two files, both held by the kernel: `lock` is the door,
 * one run or several shared ones are inside; `work.<mode>` is held by each command that they start, for as long as it
 * lives. Whoever comes in first makes the commands of a run that has died refuse to start, then waits for those that
 * still run. Order matters: a command holds `work` before it looks whether its run is still there.
 *
 * First line: "held", and in base64 what `ask` prints then; "busy" and the holders; or "finishing" and what is still at work.
 */
export function holdScript(
  directory: string,
  holder: Holder,
  token: string,
  patience: { readonly door: number; readonly work: number },
  ask = '',
): string {
  const exclusive = holder.mode === 'exclusive';
  const others: readonly LockMode[] = exclusive ? ['exclusive', 'shared'] : ['exclusive'];
  const mine = quote(holderFile('.', holder.mode, token));
  return `umask 077
mkdir -p ${quote(directory)}
cd ${quote(directory)} || exit
chmod 0700 .
exec 9>>lock
chmod 0600 lock
busy() { printf 'busy'; { ${holdersScript('.')}; } | while read -r holder; do printf '\\t%s' "$holder"; done; echo; exit 0; }
flock ${exclusive ? '' : '-s '}-w ${patience.door} 9 || busy
${exclusive ? '' : `exec 6>>${quote(`job.${holder.what}`)}\nflock -n 6 || busy`}
rm -f ${others.map((mode) => `holder.${mode}.*`).join(' ')}
exec 7>>${mine}
flock 7
printf '%s' ${quote(JSON.stringify(holder))} >${mine}
for work in ${others.map((mode) => `work.${mode}`).join(' ')}; do
  exec 8>>"$work"
  flock -w ${patience.work} 8 || {
    exec 8>&-
    rm -f ${mine}
    find /proc/[0-9]*/fd -lname "$(pwd -P)/work.*" 2>/dev/null | cut -d/ -f3 | sort -un | while read -r id; do
      tr '\\000\\n' '  ' 2>/dev/null <"/proc/$id/cmdline" | cut -c1-100
    done | grep -v '^sh ' | head -n 1 | sed 's/^/finishing /' | grep . || echo 'finishing a script'
    exit 0
  }
done
exec 8>>work.${holder.mode} 8>&-
${ask === '' ? 'echo held' : `printf 'held\\t%s\\n' "$({ ${ask}\n} 2>/dev/null 9>&- 7>&- | base64 -w0)"`}
while read -r _; do :; done
rm -f ${mine}`;
}

/**
 * What every command of a run is started by: `sh -c GUARD guard HOLDER WORK command…`. The descriptor goes to the
 * command and to all that it starts, so the kernel knows how long it works, whatever becomes of the connection.
 */
export const guardScript = `gone() { echo ${quote(goneMark)} >&2; exit ${goneExit}; }
[ -e "$1" ] || gone
exec 8>>"$2"
flock -s -w 20 8 || gone
[ -e "$1" ] || gone
shift 2
exec "$@"`;
