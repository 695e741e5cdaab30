import type { Config } from '../config/config.types.ts';
import type { RecordedDrill } from '../core/drill.ts';
import { agoText, secondsOf } from '../core/duration.ts';
import { sha256 } from '../core/hash.ts';
import { quote } from '../core/quote.ts';
import { backupMark } from './backup-watch.ts';
import { backupPaths } from './layout.ts';
import type { StatusLine } from './phase.ts';
import { drillRecord } from './proven.ts';

/** When it was last seen that everything comes back. */
export function drillStatus(config: Config): StatusLine[] {
  const { backup } = config;
  if (!backup.enabled) return [];
  return [
    {
      id: 'drill',
      title: 'Last proven restore',
      script: `echo "$(date +%s) $(hostname) $(stat -c %Y ${quote(`${backupPaths(config).root}/${backupMark}`)} 2>/dev/null)"
tail -n 30 ${quote(drillRecord(config))} 2>/dev/null`,
      read: (answer) => drillLine(answer, secondsOf(backup.drill.maxAge)),
    },
  ];
}

/** Signatures are looked at by `drill --list`; that a line follows the one before can be seen here. */
function drillLine(answer: string, maxAge: number): { good: boolean; text: string } {
  const [clocks = '', ...lines] = answer.split('\n').filter((line) => line !== '');
  const [seconds, here, made] = clocks.split(' ');
  const [clock, madeAt] = [Number(seconds), Number(made)];
  const since = (at: string) => clock - Date.parse(at) / 1000;
  const drills = lines.map(parsed);
  const torn = drills.some((drill, at) => !drill || (at > 0 && drill.before !== sha256(lines[at - 1]!)));
  const last = drills.at(-1);
  const proven = drills.findLast((drill) => drill?.result === 'passed');
  const troubles = [
    ...(torn ? ['the record was changed: npx zx runbooks/drill.mjs --list'] : []),
    ...(last?.result === 'failed'
      ? [
          `the last one failed ${agoText(since(last.at))} ago${last.host === here ? '' : ` on ${last.host}`}: ${last.problems[0]}`,
        ]
      : []),
  ];
  if (!proven) {
    const young = clock - (madeAt || Number.NaN) <= maxAge;
    return {
      good: young && troubles.length === 0,
      text: ['none yet: npx zx runbooks/drill.mjs', ...troubles].join('; '),
    };
  }
  const { at, host, generation, from, rto = 0, rpo = 0 } = proven;
  const age = since(at);
  const text = [
    `${agoText(age)} ago: ${generation} from ${from === 'remote' ? 'off the host' : 'this host'}${host === here ? '' : ` on ${host}`}`,
    `RTO ${agoText(rto / 1000)}, RPO ${agoText(rpo / 1000)}`,
    ...(age > maxAge ? [`longer ago than backup.drill.maxAge`] : []),
    ...troubles,
  ];
  return { good: age <= maxAge && troubles.length === 0, text: text.join('; ') };
}

function parsed(line: string): RecordedDrill | undefined {
  try {
    return JSON.parse(line) as RecordedDrill;
  } catch {
    return undefined;
  }
}
