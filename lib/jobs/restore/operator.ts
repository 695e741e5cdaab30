import type { Config } from '../../config/config.types.ts';
import { RunbookError } from '../../core/errors.ts';
import type { OnEvent } from '../../core/event.ts';
import { quoteAll } from '../../core/quote.ts';
import type { HostConfig } from '../../host/connect.ts';
import type { Host } from '../../host/port.ts';
import { lastLines } from '../../kinds/text.ts';
import { layout } from '../../phases/layout.ts';
import { settleWords } from '../../phases/restore-watch.ts';
import { nodeVersion } from '../../phases/runtime.ts';
import type { Place } from '../backup/index.ts';
import { failureOf, resultOf, runUnit, unitState } from '../unit/index.ts';

export interface RestoreOptions {
  /** `latest`, `end-of-log`, the name of a generation, or a moment (UTC where it says nothing else). Default: `latest`. */
  readonly to?: string;
  /** Which copy. Default: the one on the host. */
  readonly from?: Place;
  /** Default: the host itself. `scratch`: a Gitea of its own beside the one in use, for people to look at. */
  readonly into?: 'host' | 'scratch';
  /** Instead of a restore: put the data of before the last one back, or delete them. */
  readonly instead?: 'undo' | 'discard-old';
  readonly onEvent?: OnEvent;
  /** When aborted the looking on ends; the host goes on. */
  readonly signal?: AbortSignal | undefined;
  /** Given what will happen, as lines; throw to stop. Not asked when a restore is under way already: that one is followed. */
  readonly approve?: (lines: readonly string[]) => Promise<void>;
}

export interface RestoreReport {
  readonly host: string;
  /** What it came to, in a sentence. */
  readonly result: string;
  /** Milliseconds. */
  readonly took: number;
}

/** One at a time, whatever it restores. */
export const unit = 'gitea-runbooks-restore';

/** However it ends, what is in use is whole afterwards and the timers work again. */
const settings = [`ExecStopPost=${settleWords.join(' ')}`, 'TimeoutStopSec=1h'];

/**
 * Bring a generation back onto the host: the host does it, in a unit of its own, and this follows it. The same call again
 * follows one that is under way, and finishes one that was cut off. Throws `refused`, `locked`, `changeFailed`, `interrupted`,
 * and those of `connect`.
 */
export async function restore(config: Config, host: Host, options: RestoreOptions = {}): Promise<RestoreReport> {
  const { to = 'latest', from = 'local', into = 'host', instead, onEvent = () => {}, signal, approve } = options;
  mustBeOn(config);
  const started = performance.now();
  const under = await unitState(host, unit);
  const words = ['restore', ...(instead ? [instead] : [...(into === 'scratch' ? [into] : []), to, from])];
  if (under.running && !under.command.endsWith(` ${words.join(' ')}`)) throw another(host, under.command);
  // What touches nothing needs nobody's leave.
  if (!under.running && (instead || into === 'host'))
    await approve?.(instead ? [] : await restorePreview(host, { to, from }));
  const last: string[] = [];
  const { code } = await runUnit(host, {
    name: unit,
    words,
    settings,
    signal,
    onAttached: (command) => onEvent({ type: 'warning', text: `under way already, following it: ${command}` }),
    onLine(line) {
      last.push(line);
      onEvent({ type: 'step', text: line });
    },
  });
  const took = performance.now() - started;
  if (code === 0) return { host: host.label, result: tunnelFrom(resultOf('restore', last), config), took };
  throw failed(host, code, last);
}

/** The host prints the tunnel, and knows neither this machine's key and what it has pinned, nor its way to the host. */
function tunnelFrom(result: string, { host: { identityFile, knownHosts, proxyCommand } }: HostConfig): string {
  const words = [
    ...['ssh', '-N', '-o', `UserKnownHostsFile=${knownHosts}`],
    ...(identityFile === undefined ? [] : ['-i', identityFile]),
    ...(proxyCommand === undefined ? [] : ['-o', `ProxyCommand=${quoteAll(proxyCommand)}`]),
  ];
  return result.replace('ssh -N ', () => `${quoteAll(words)} `);
}

/** To follow it would make its result look like that of this one. */
export function another(host: Host, command: string): RunbookError {
  const [, way, repo] = / restore repository (beside|refs) (\S+) /.exec(command) ?? [];
  const [, to = '', from] =
    /(?:^| )restore (?:repository \S+ \S+ )?(.+?)(?: (local|remote)( \S+)?)?$/.exec(command) ?? [];
  const one = repo ? `--repo ${repo}${way === 'refs' ? ' --refs-only' : ''} ` : '';
  const words = from ? `${one}--to "${to}" --from ${from}` : `--${to}`;
  return new RunbookError('locked', {
    where: host.label,
    what: `another restore is under way (${words}), and not the one that was asked for`,
    next: `npx zx runbooks/restore.mjs ${words} follows it; this one can begin when it has ended`,
  });
}

/** What a restore would bring back and take back, as lines. Changes nothing. */
export async function restorePreview(
  host: Host,
  { to = 'latest', from = 'local' }: Pick<RestoreOptions, 'to' | 'from'>,
): Promise<readonly string[]> {
  return previewBy(host, ['preview', to, from], 900);
}

/** The lines that the host's own program prints of what it would do. `limit`: seconds. Throws as it does. */
export async function previewBy(host: Host, words: readonly string[], limit: number): Promise<readonly string[]> {
  const argv = [`${layout.node}/${nodeVersion}/bin/node`, layout.program, 'restore', ...words];
  const output = await host.query({ argv, timeout: limit });
  if (output.code === 0)
    return output.stdout
      .replace(/^restore: /, '')
      .trimEnd()
      .split('\n');
  throw failed(host, output.code, lastLines(output).split('\n'));
}

/** Throws `refused` where there are no backups to restore of. */
export function mustBeOn(config: Config): void {
  if (config.backup.enabled) return;
  throw new RunbookError('refused', {
    what: 'backups are turned off (backup.enabled)',
    next: 'set backup.enabled: true and run npx zx runbooks/deploy.mjs',
  });
}

/** The message of the host's own program, which has all parts of it. */
export const failed = (host: Host, code: number, lines: readonly string[]) =>
  failureOf(host, 'restore', code, lines, `journalctl -u ${unit} on the host; the same command again goes on`);
