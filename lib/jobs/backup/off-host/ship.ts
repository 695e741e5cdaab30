import { readdirSync } from 'node:fs';
import type { Config } from '../../../config/config.types.ts';
import { counted } from '../../../core/counted.ts';
import { RunbookError } from '../../../core/errors.ts';
import type { Manifest } from '../../../core/generation.ts';
import { backupPaths } from '../../../phases/layout.ts';
import {
  lastWords,
  manifestsIn,
  progressOf,
  readJson,
  shippedFull,
  stateOf,
  tellState,
  type Work,
} from '../store/index.ts';

/** Seconds for a copy: the first one takes all that there is through the line. */
const limit = 24 * 3600;

/**
 * Bring the newest generation off the host, and every whole one that is not there yet. It is copied from the local repository,
 * so a place that was away costs nothing but the copy. Throws `changeFailed`.
 */
export async function ship({ config, restic, tell }: Work, system: string): Promise<void> {
  const { generation, full } = stateOf(config, 'backup');
  if (!generation || !full) return;
  const before = shippedFull(config);
  if (before === undefined) await begin({ config, restic }, system);
  const parts = [
    ...(before === full.id ? [] : [copy('archive', wholeSince(config, before ?? '', full.id))]),
    ...(generation.kind === 'partial' ? [copy('recent', [generation.id])] : []),
  ];
  if (parts.length === 0) return;
  tell('copying it off the host');
  const output = await restic({
    ...{ what: 'ship', place: 'remote', script: parts.join('\n'), timeout: limit },
    onLine: progressOf(tell),
  });
  if (output.code !== 0) {
    throw new RunbookError('changeFailed', {
      what: `the generation ${generation.id} is on this host only: it could not be copied to ${config.backup.remote?.repository}`,
      cause: lastWords(output),
      next: 'the next run tries again by itself. npx zx runbooks/doctor.mjs; journalctl -u gitea-runbooks-backup on the host',
    });
  }
  const place = config.backup.remote?.repository;
  tellState(config, 'backup', { shipped: generation, shippedFull: full.id, ...(place ? { place } : {}) });
}

/** The whole generations of the host that came after one, up to another; those that have served their time are gone by then. */
function wholeSince(config: Config, after: string, last: string): readonly string[] {
  const { generations } = backupPaths(config);
  return readdirSync(generations)
    .flatMap((name) => (name.endsWith('.json') ? (readJson<Manifest>(`${generations}/${name}`) ?? []) : []))
    .filter(({ id, kind }) => kind === 'full' && id > after && id < last)
    .map(({ id }) => id)
    .sort()
    .concat(last);
}

/**
 * The first time: both repositories, with the chunks of the local ones, so that a copy finds again what is there. Those that
 * hold another database are left alone: a host that was made anew must not put an empty Gitea on top of what was lost.
 */
async function begin({ config, restic }: Pick<Work, 'config' | 'restic'>, system: string): Promise<void> {
  const output = await restic({ what: 'ship', place: 'remote', script: make, timeout: 900 });
  const place = config.backup.remote?.repository;
  if (output.code !== 0) {
    throw new RunbookError('changeFailed', {
      what: `the repositories could not be made at ${place}`,
      cause: lastWords(output),
      next: 'check backup.remote: the address, and what is needed to get there; then the next run tries again by itself',
    });
  }
  const there = await manifestsIn(restic, 'remote');
  if (there.length === 0 || there.some((one) => one.system === system)) return;
  throw new RunbookError('refused', {
    what: `${place} holds the backups of another Gitea: ${counted(there.length, 'generation')}, the newest is ${there
      .map(({ id }) => id)
      .sort()
      .at(-1)}`,
    next: 'nothing was sent there. If this host stands in for one that was lost: npx zx runbooks/restore.mjs --from remote. If not, set another backup.remote.repository',
  });
}

const make = (['archive', 'recent'] as const)
  .map(
    (name) => `said=$(timeout 120 restic -r "$base/${name}" init --copy-chunker-params $from_${name} 2>&1) ||
  case "$said" in *already*) ;; *) printf '%s\\n' "$said" | tail -n 5 >&2; exit 1 ;; esac`,
  )
  .join('\n');

/** The manifest only when all else is there. */
const copy = (repository: 'archive' | 'recent', ids: readonly string[]) => `answers ${repository}
${['generation', 'manifest']
  .map((tag) => `${repository} copy $from_${repository} ${ids.map((id) => `--tag ${tag}=${id}`).join(' ')} || exit`)
  .join('\n')}`;
