import { quote, quoteAll } from '../../core/quote.ts';
import { saidBy } from './said.ts';

/** Where a run of a unit stands. */
export interface UnitState {
  readonly running: boolean;
  /** systemd's identifier of this run; empty when it knows of none. */
  readonly invocation: string;
  /** How it ended, as a shell tells it: 0, the exit code, or 128 + the number of the signal. */
  readonly code: number;
  /** The words that it was started with. */
  readonly command: string;
}

const properties = ['ActiveState', 'SubState', 'InvocationID', 'ExecMainCode', 'ExecMainStatus', 'ExecStart'] as const;

export const stateScript = (unit: string) =>
  `systemctl show ${properties.map((name) => `-p ${name}`).join(' ')} ${quote(unit)}`;

/** A unit that has succeeded and remains ("active", "exited") does not run any more. */
const atRest = (active: string, sub: string) => ['inactive', 'failed'].includes(active) || sub === 'exited';

/** `CLD_EXITED` of sigaction(2), in which systemd tells how a process has ended; the others are signals. */
const exited = '1';

export function parseState(text: string): UnitState {
  const value = (name: (typeof properties)[number]) => new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1]?.trim() ?? '';
  const status = Number(value('ExecMainStatus') || 0);
  const bySignal = status !== 0 && value('ExecMainCode') !== exited;
  return {
    running: !atRest(value('ActiveState') || 'inactive', value('SubState')),
    invocation: value('InvocationID'),
    code: bySignal ? 128 + status : status,
    command: /argv\[\]=(.*?) ;/.exec(value('ExecStart'))?.[1] ?? '',
  };
}

/**
 * Starts the unit, unless it runs already, and prints its state. A transient one stays known to systemd after its end
 * (RemainAfterExit), so that how it ended can still be asked for; what an earlier run has left of it goes.
 */
export function startScript(
  unit: string,
  command: readonly string[] | undefined,
  description: string,
  settings: readonly string[] = [],
): string {
  const properties = quoteAll(['RemainAfterExit=yes', 'Type=exec', ...settings].map((one) => `--property=${one}`));
  const start = command
    ? `systemctl stop "$unit" 2>/dev/null
    systemctl reset-failed "$unit" 2>/dev/null
    systemd-run --quiet --unit="$unit" --description=${quote(description)} ${properties} ${quoteAll(command)} || code=$?`
    : 'systemctl start --no-block "$unit" || code=$?';
  return `unit=${quote(unit)}
code=0
show() { systemctl show --value -p "$1" "$unit"; }
before=$(show InvocationID)
case "$(show ActiveState) $(show SubState)" in
  *' exited'|inactive*|failed*)
    ${start}
    # It is queued first: until it has begun, what systemd tells is of the run before.
    for tick in $(seq 50); do
      [ "$code" -eq 0 ] && [ "$(show InvocationID)" = "$before" ] && sleep 0.1 || break
    done
    echo started ;;
  *) echo attached ;;
esac
${stateScript(unit)}
exit "$code"`;
}

/**
 * What a run has printed since a cursor, as soon as there is something or it has ended, after `seconds` at the latest. In the
 * end a line with the cursor, where there is one, and the state.
 */
export function followScript(unit: string, invocation: string, cursor: string | undefined, seconds: number): string {
  const after = cursor === undefined ? '--lines=1000' : `--after-cursor=${quote(cursor)}`;
  return `same() { [ "$(systemctl show --value -p InvocationID ${quote(unit)})" = ${quote(invocation)} ]; }
${saidBy(unit)}
read_journal() { said ${quote(invocation)} --show-cursor ${after}; }
runs() {
  same || return 1
  case "$(systemctl show -p ActiveState -p SubState ${quote(unit)})" in *=exited*|*=inactive*|*=failed*) return 1 ;; esac
}
for tick in $(seq ${seconds}); do
  runs || { journalctl --sync 2>/dev/null; break; }
  [ -z "$(read_journal | grep -v '^-- cursor: ')" ] || break
  sleep 1
done
read_journal
echo
echo ${quote(stateMark)}
${stateScript(unit)}
journalctl --quiet --no-pager --output=json --output-fields=EXIT_CODE,EXIT_STATUS INVOCATION_ID=${quote(invocation)} MESSAGE_ID=98e322203f7a4ed290d09fe03c09fe15 2>/dev/null | tail -n 1`;
}

const stateMark = '-- gitea-runbooks: state';
const cursorMark = '-- cursor: ';

export interface Slice {
  readonly lines: readonly string[];
  readonly cursor: string | undefined;
  readonly state: UnitState;
}

/** What `followScript` printed. Where another run of the unit has begun meanwhile, the journal tells how the one before ended. */
export function parseSlice(text: string, invocation: string): Slice {
  const at = text.lastIndexOf(`${stateMark}\n`);
  const lines = text.slice(0, Math.max(at, 0)).split('\n');
  while (lines.at(-1) === '') lines.pop();
  const cursor = lines.at(-1)?.startsWith(cursorMark) ? lines.pop()!.slice(cursorMark.length) : undefined;
  const rest = text.slice(Math.max(at, 0));
  const state = parseState(rest);
  if (state.invocation === invocation) return { lines, cursor, state };
  const ended = /^\{.*\}$/m.exec(rest);
  return { lines, cursor, state: { ...state, running: false, invocation, code: ended ? endOf(ended[0]) : 0 } };
}

/** The entry in which systemd tells how the main process ended: it writes one only for a failure. */
function endOf(json: string): number {
  const { EXIT_CODE, EXIT_STATUS } = JSON.parse(json) as { EXIT_CODE?: string; EXIT_STATUS?: string };
  const status = Number(EXIT_STATUS ?? 1);
  return EXIT_CODE === 'exited' ? status : 128 + status;
}
