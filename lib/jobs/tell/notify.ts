import { readFileSync, statSync } from 'node:fs';
import type { Config } from '../../config/config.types.ts';
import type { ToldNotice } from '../../core/notice.ts';
import type { Host } from '../../host/port.ts';
import { layout } from '../../phases/layout.ts';
import { writeWhole } from '../backup/index.ts';

/** A way by which a notice reaches somebody. Throws where it could not be handed over. */
type Sink = (config: Config, host: Host, notice: ToldNotice) => Promise<void>;

/** Under this identifier notices stand in the journal, whoever tells them. */
export const journalName = 'gitea-runbooks-notice';

/** Bytes of the log of notices; of what is longer the newer half stays. */
const longest = 1_000_000;

const journal: Sink = async (_config, host, notice) => {
  const priority = notice.event === 'over' ? 'notice' : notice.severity === 'error' ? 'err' : 'warning';
  const argv = ['logger', '-t', journalName, '-p', `daemon.${priority}`, '--', textOf(notice)];
  const { code, stderr } = await host.run({ argv });
  if (code !== 0) throw new Error(`logger: ${stderr.trim()}`);
};

const log =
  (path: string): Sink =>
  async (_config, host, notice) => {
    const line = JSON.stringify(notice);
    const script = 'umask 077; printf "%s\\n" "$1" >>"$2"';
    const { code, stderr } = await host.run({ argv: ['sh', '-c', script, 'log', line, path] });
    if (code !== 0) throw new Error(stderr.trim());
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) <= longest) return;
    const text = readFileSync(path);
    writeWhole(path, text.subarray(text.indexOf('\n', text.length / 2) + 1));
  };

/** One line for people. */
export const textOf = ({ event, what, since, next }: ToldNotice): string =>
  event === 'over' ? `over: ${what} (since ${since})` : `${what} (since ${since}). Next: ${next}`;

/** Where each notice goes. What brings it off the host comes in here. */
const sinks = (path: string): readonly Sink[] => [journal, log(path)];

/**
 * Hand a notice to all who are to know, on the host. One way that fails does not keep it from the others. Throws when none
 * took it.
 */
export async function notify(
  config: Config,
  host: Host,
  notice: ToldNotice,
  path: string = layout.noticeLog,
): Promise<void> {
  const ways = sinks(path);
  const ends = await Promise.allSettled(ways.map((sink) => sink(config, host, notice)));
  const failures = ends.flatMap((end) => (end.status === 'rejected' ? [String(end.reason)] : []));
  if (failures.length === ways.length) throw new Error(`nobody could be told: ${failures.join('; ')}`);
}
