import type { Config } from '../../config/config.types.ts';
import { quote } from '../../core/quote.ts';
import type { Host } from '../../host/port.ts';
import { layout } from '../../phases/layout.ts';
import { saidBy } from '../unit/index.ts';
import { unitNotice } from './absence.ts';
import { type Places, settleAndTell } from './watch.ts';

/** How systemd names an end, as people say it. */
const ends: Readonly<Record<string, string>> = {
  'exit-code': 'it ended with a failure',
  timeout: 'it took too long and was ended',
  'oom-kill': 'it needed more memory than it may have, and was ended',
  signal: 'it was killed',
  'core-dump': 'it crashed',
  resources: 'it could not be started',
};

/**
 * A unit has failed: what systemd calls by `OnFailure=`, with the lock of the notices held. Told is what the run itself said
 * in the end, or how it ended where it said nothing. Gives the sentence.
 */
export async function tellFailed(
  config: Config,
  host: Host,
  unit: string,
  places: Pick<Places, 'notices' | 'noticeLog'> = layout,
): Promise<string> {
  const name = unit.replace(/\.service$/, '');
  const { stdout } = await host.query({ script: lastWordsScript(`${name}.service`) });
  const notice = unitNotice(name, `${name} has failed: ${reasonIn(stdout)}`, new Date().toISOString());
  await settleAndTell(config, host, places, [notice], new Date(), (id) => id === notice.id);
  return notice.what;
}

/** How the last run of a unit ended, and what it printed. systemd names the run where it starts us because of it. */
const lastWordsScript = (service: string) => `show() { systemctl show --value -p "$1" ${quote(service)}; }
show Result
${saidBy(service)}
said "\${MONITOR_INVOCATION_ID:-$(show InvocationID)}" --lines=50
true`;

/**
 * Our program says in one line what is wrong, `wal: the log …`, before the cause and the next step; pure. What comes behind the next
 * step is of what tidies up.
 */
export function reasonIn(text: string): string {
  const [result = '', ...lines] = text.split('\n');
  const end = lines.findLastIndex((line) => line.startsWith('Next: '));
  const said = lines
    .slice(0, end < 0 ? undefined : end)
    .findLast((line) => /^[a-z-]+: /.test(line))
    ?.replace(/^[a-z-]+: /, '');
  return said ?? ends[result] ?? `it ended as "${result}"`;
}
