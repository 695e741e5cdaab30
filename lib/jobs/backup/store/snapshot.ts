import { RunbookError } from '../../../core/errors.ts';
import { quote } from '../../../core/quote.ts';
import type { Output } from '../../../host/port.ts';
import { generationRoot, leftOut } from './content.ts';
import { type Mount, type Restic, resticExit } from './restic.ts';
import { lastWords } from './words.ts';

/** A snapshot that restic has made. */
export interface Snapshot {
  readonly id: string;
  /** Hash of all that is in it. */
  readonly tree: string;
  /** Bytes that the repository grew by. */
  readonly added: number;
  /** Bytes of the files that are in it. */
  readonly bytes: number;
  /** What could not be read, in restic's words. */
  readonly unread: readonly string[];
}

export interface SnapshotOptions {
  readonly repository: 'archive' | 'recent';
  readonly tags: readonly string[];
  readonly mounts: readonly Mount[];
  /** A list of paths in the stage folder, each ended by a zero byte; without one all of the generation. */
  readonly list?: string;
  /** Snapshot whose files need not be read again. */
  readonly parent?: string | undefined;
  readonly onLine?: (line: string) => void;
}

/** Seconds: a first one may have terabytes to read. */
const limit = 24 * 3600;

/**
 * Take a snapshot. What vanishes while it is read is no error; what could not be read is tried again at once, as often as
 * `tries`, and told if it stays so.
 */
export async function takeSnapshot(restic: Restic, options: SnapshotOptions): Promise<Snapshot> {
  const { repository, tags, mounts, list, parent, onLine } = options;
  const words = [
    ...['--json', '--no-scan', '--host', 'gitea', ...tags.flatMap((tag) => ['--tag', tag])],
    ...(parent === undefined ? [] : ['--parent', parent]),
    ...leftOut.flatMap((path) => ['--exclude', path]),
    ...(list === undefined ? [generationRoot] : ['--files-from-raw', `${generationRoot}/stage/${list}`]),
  ];
  const make = `${repository} backup ${words.map(quote).join(' ')}`;
  const script = `${make}
code=$?
for try in 1 2; do [ $code = ${resticExit.incomplete} ] || break; ${make}; code=$?; done
[ $code = 0 ] || [ $code = ${resticExit.incomplete} ] || exit $code
${repository} snapshots --json --latest 1 --tag ${quote(tags[0]!)}
[ $code = 0 ] || exit ${resticExit.incomplete}`;
  const output = await restic({
    ...{ what: 'snapshot', place: 'local', script, mounts, timeout: limit },
    ...(onLine ? { onLine } : {}),
  });
  if (output.code !== 0 && output.code !== resticExit.incomplete) throw snapshotFailed(output);
  return readSnapshot(output);
}

interface Message {
  readonly message_type?: string;
  readonly snapshot_id?: string;
  readonly data_added_packed?: number;
  readonly total_bytes_processed?: number;
  readonly error?: { readonly message?: string };
  readonly item?: string;
}

/** What a run of `backup --json`, repeated or not, and the list behind it say; pure. */
export function readSnapshot({ stdout, stderr, code }: Pick<Output, 'stdout' | 'stderr' | 'code'>): Snapshot {
  const lines = stdout.split('\n').filter((line) => line.startsWith('{') || line.startsWith('['));
  const found = JSON.parse(lines.at(-1) ?? '[]') as { id: string; tree: string }[];
  const messages = lines.slice(0, -1).map((line) => JSON.parse(line) as Message);
  const summaries = messages.filter(({ message_type }) => message_type === 'summary');
  const newest = found.at(-1);
  if (!newest || summaries.length === 0) throw new Error(`restic has told of no snapshot: ${stdout.slice(-300)}`);
  const errors = stderr
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Message)
    .filter(({ message_type }) => message_type === 'error')
    .map(({ item = '', error }) => `${item}: ${error?.message ?? 'could not be read'}`);
  return {
    id: newest.id,
    tree: newest.tree,
    added: summaries.reduce((sum, { data_added_packed = 0 }) => sum + data_added_packed, 0),
    bytes: summaries.at(-1)!.total_bytes_processed ?? 0,
    unread: code === resticExit.incomplete ? [...new Set(errors)].slice(0, 10) : [],
  };
}

const snapshotFailed = (output: Output) =>
  new RunbookError('changeFailed', {
    what: 'restic could not store the generation',
    cause: lastWords(output),
    next: 'the generations before are untouched. On the host: df -h; journalctl -u gitea-runbooks-backup',
  });
