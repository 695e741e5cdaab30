import type { Config } from '../../../config/config.types.ts';
import { RunbookError } from '../../../core/errors.ts';
import type { OnEvent } from '../../../core/event.ts';
import type { Host } from '../../../host/port.ts';
import type { Place } from '../../backup/index.ts';
import { resultOf, runUnit, unitState } from '../../unit/index.ts';
import { another, failed, mustBeOn, previewBy, type RestoreReport, unit } from '../operator.ts';

export interface RestoreRepositoryOptions {
  /** `owner/name`, as it is called now or was called at the moment of the generation. */
  readonly repo: string;
  /** `latest`, the name of a generation, or a moment: then the newest generation that is not after it. Default: `latest`. */
  readonly to?: string;
  /** Which copy. Default: the one on the host. */
  readonly from?: Place;
  /** `name` or `owner/name` of what comes back. Default: `owner/name-restored-<generation>`. */
  readonly as?: string;
  /** Set branches and tags of the repository in use back instead. */
  readonly refsOnly?: boolean;
  readonly onEvent?: OnEvent;
  /** When aborted the looking on ends; the host goes on. */
  readonly signal?: AbortSignal | undefined;
  /** Asked only where something in use changes (`refsOnly`), with what will change; throw to stop. */
  readonly approve?: (lines: readonly string[]) => Promise<void>;
}

type What = Pick<RestoreRepositoryOptions, 'repo' | 'to' | 'from' | 'as' | 'refsOnly'>;

const wordsOf = ({ repo, to = 'latest', from = 'local', as, refsOnly }: What) => [
  ...[refsOnly ? 'refs' : 'beside', repo, to, from],
  ...(as === undefined ? [] : [as]),
];

/** Seconds: a repository is fetched to be looked into. */
const limit = 3600;

/** What would come back, and what the repository in use has beside it, as lines. Changes nothing. */
export const restoreRepositoryPreview = (host: Host, what: What): Promise<readonly string[]> =>
  previewBy(host, ['repository', 'preview', ...wordsOf(what)], limit);

/**
 * Bring one repository back beside the one in use, or set the refs of that one back: the host does it, in the unit of all
 * restores, and this follows it. Throws `refused` (no such repository, a name that is taken, another restore under way),
 * `locked`, `changeFailed`, `interrupted`, and those of `connect`.
 */
export async function restoreRepository(
  config: Config,
  host: Host,
  options: RestoreRepositoryOptions,
): Promise<RestoreReport> {
  const { onEvent = () => {}, signal, approve } = options;
  mustBeOn(config);
  mustBeSensible(options);
  const started = performance.now();
  const words = ['restore', 'repository', ...wordsOf(options)];
  const under = await unitState(host, unit);
  if (under.running && !under.command.endsWith(` ${words.join(' ')}`)) throw another(host, under.command);
  if (!under.running && options.refsOnly) await approve?.(await restoreRepositoryPreview(host, options));
  const last: string[] = [];
  const { code } = await runUnit(host, {
    ...{ name: unit, words, signal },
    onAttached: (command) => onEvent({ type: 'warning', text: `under way already, following it: ${command}` }),
    onLine(line) {
      last.push(line);
      onEvent({ type: 'step', text: line });
    },
  });
  if (code !== 0) throw failed(host, code, last);
  return { host: host.label, result: resultOf('restore', last), took: performance.now() - started };
}

function mustBeSensible({ as, refsOnly }: What): void {
  if (as === undefined || !refsOnly) return;
  throw new RunbookError('refused', {
    what: '--as names what comes back, and with --refs-only nothing does',
    next: 'one of the two',
  });
}
