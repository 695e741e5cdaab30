import { readdirSync, rmSync } from 'node:fs';
import { counted } from '../../../core/counted.ts';
import { RunbookError } from '../../../core/errors.ts';
import type { Manifest } from '../../../core/generation.ts';
import type { Output } from '../../../host/port.ts';
import { backupPaths } from '../../../phases/layout.ts';
import { trim } from '../database/index.ts';
import { lastWords, readJson, type Work } from '../store/index.ts';
import { leftIn } from './left.ts';
import { retained } from './retention.ts';

/** What nothing needs any more goes, after a whole generation: never the newest two whole ones, and nothing that one rests on. */
export async function upkeep({ config, restic, tell }: Work): Promise<void> {
  const { generations, wal } = backupPaths(config);
  const known = readdirSync(generations)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => readJson<Manifest>(`${generations}/${name}`) ?? []);
  const { unnoted, halves } = await leftIn(restic, new Set(known.map(({ id }) => id)));
  const all = [...known, ...unnoted];
  const kept = retained(all, config.backup.retention);
  const going = all.filter(({ id }) => !kept.has(id));
  const [, before] = known.filter(({ kind }) => kind === 'full').sort((a, b) => b.id.localeCompare(a.id));
  const oldest = before?.database.bases.at(-1);
  if (oldest) trim(wal, oldest);
  if (going.length + halves.length > 0) {
    if (going.length > 0) tell(`removing what has served its time: ${counted(going.length, 'generation')}`);
    if (halves.length > 0)
      tell(`${halves.length} snapshots of runs that were cut off belong to no generation: they go`);
    const gone = (repository: 'archive' | 'recent') =>
      going.filter(({ kind }) => (kind === 'full') === (repository === 'archive')).map(({ id }) => id);
    const half = (name: string) => halves.filter(({ repository }) => repository === name).map(({ id }) => id);
    // Nobody else locks them on the host: what a run left behind that was killed would be in the way for good.
    const local = (['archive', 'recent'] as const)
      .filter((repository) => gone(repository).length + half(repository).length > 0)
      .flatMap((repository) => [
        `${repository} unlock --remove-all || exit`,
        ...(gone(repository).length > 0 ? [forget(repository, gone(repository))] : []),
        ...(half(repository).length > 0
          ? [
              `${repository} forget --unsafe-allow-remove-all ${half(repository)
                .map((id) => `--tag generation=${id}`)
                .join(' ')} || exit`,
            ]
          : []),
        `${repository} prune || exit`,
      ]);
    mustPrune(await restic({ what: 'prune', place: 'local', script: local.join('\n'), timeout: limit }));
    for (const { id } of going) rmSync(`${generations}/${id}.json`, { force: true });
  }
  if (config.backup.remote) await thinOut({ config, restic, tell }, going);
}

const limit = 6 * 3600;

function mustPrune(output: Output): void {
  if (output.code === 0) return;
  throw new RunbookError('changeFailed', {
    what: 'generations that have served their time could not be taken away; the new one is there',
    cause: lastWords(output),
    next: 'the next whole generation tries again by itself. On the host: df -h',
  });
}

/** Off the host only what is between the whole ones: those are for an operator to thin out. */
async function thinOut(
  { restic, tell }: Pick<Work, 'config' | 'restic' | 'tell'>,
  going: readonly Pick<Manifest, 'id' | 'kind'>[],
): Promise<void> {
  const partials = going.filter(({ kind }) => kind === 'partial').map(({ id }) => id);
  const script = [
    // Those of runs that are gone, by their age: the log of the database is on its way at any time.
    'recent unlock',
    ...(partials.length > 0 ? [forget('recent', partials)] : []),
    // Each whole generation has the log since the one before.
    'recent forget --tag wal --group-by host --keep-within 2d --keep-last 3 || exit',
    'recent prune --max-unused 20%',
  ].join('\n');
  const output = await restic({ what: 'thin-out', place: 'remote', script, timeout: limit });
  // Nothing is lost by it, and a place may be made so that the host can only add.
  if (output.code !== 0)
    tell(`the recent repository off the host could not be thinned out: ${lastWords(output).split('\n').at(-1)}`);
}

/** The manifest first: what is left without one is no generation. */
export const forget = (repository: string, ids: readonly string[]) =>
  ['manifest', 'generation']
    .map(
      (tag) =>
        `${repository} forget --unsafe-allow-remove-all ${ids.map((id) => `--tag ${tag}=${id}`).join(' ')} || exit`,
    )
    .join('\n');
