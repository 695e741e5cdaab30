import { hostname, userInfo } from 'node:os';
import { quote } from '../core/quote.ts';
import type { RecordLine } from '../core/status.ts';
import type { Host } from '../host/port.ts';

export const recordPath = '/var/lib/gitea-runbooks/runs.jsonl';

/** "alice@laptop": who runs this. */
export const operator = () => `${userName()}@${hostname()}`;

/** In a container the user is often a number that no account has; then the system knows no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}

/** Append lines to the record. One write of whole lines, so that two writers cannot tear each other's. */
export async function appendRecord(host: Host, lines: readonly RecordLine[]): Promise<void> {
  const text = lines.map((line) => JSON.stringify(line)).join('\n');
  const directory = recordPath.slice(0, recordPath.lastIndexOf('/'));
  await host.run({ script: `umask 077\nmkdir -p ${directory}\nprintf '%s\\n' ${quote(text)} >> ${recordPath}` });
}

/** The end lines of the last runs, newest first; empty on a host without a record. */
export function lastRunsScript(count: number): string {
  return `grep '"event":"end"' ${recordPath} 2>/dev/null | tail -n ${count}; true`;
}

export function parseRuns(text: string): RecordLine[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as RecordLine];
      } catch {
        // A line that was cut off by a full disk is skipped; the others still tell their story.
        return [];
      }
    })
    .reverse();
}
