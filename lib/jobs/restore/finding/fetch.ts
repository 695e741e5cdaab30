import { RunbookError } from '../../../core/errors.ts';
import type { Host } from '../../../host/port.ts';
import { generationRoot, lastWords, type Place, progressOf, type Restic } from '../../backup/index.ts';
import type { Found } from './catalog.ts';
import { mustFit } from './space.ts';

/** Seconds: terabytes through a line. */
const limit = 48 * 3600;

/**
 * Get all files of a generation out of restic into a folder, as `generation/...` below it: those of the whole one first, then
 * what has changed over them. What is there already of an earlier call is looked at and not read again. The lists of the whole
 * one come to lie in `below`. Throws `changeFailed`: not enough space, a damaged pack in restic's words.
 */
export async function fetchFiles(
  { host, restic, tell }: { host: Host; restic: Restic; tell: (text: string) => void },
  { what, place, found, folder }: { what: string; place: Place; found: Found; folder: string },
): Promise<void> {
  const { layers, manifest } = found;
  await mustFit(host, folder, await sizeOf(restic, place, found), `the generation ${manifest.id}`);
  tell(`getting the files of ${manifest.id}${layers.length > 1 ? `, over those of ${manifest.full}` : ''}`);
  const script = layers
    .map(({ repository, snapshot }, at) =>
      [
        // Of two queues only one may be there: their files would be mixed.
        ...(at > 0
          ? ['rm -rf /target/below', 'mv /target/generation/stage /target/below']
          : ['rm -rf /target/generation/stage']),
        `${repository} restore --no-lock ${snapshot} --target /target`,
      ].join('\n'),
    )
    .join(' || exit\n');
  const mounts = [{ source: folder, target: '/target', writable: true }];
  const output = await restic({
    what,
    place,
    script,
    mounts,
    restores: true,
    urgent: what === 'restore',
    timeout: limit,
    onLine: progressOf(tell),
  });
  if (output.code === 0) return;
  throw new RunbookError('changeFailed', {
    what: `the files of the generation ${manifest.id} could not all be restored`,
    where: host.label,
    cause: lastWords(output),
    next: `nothing in use was touched. The same command again goes on; --from ${place === 'local' ? 'remote' : 'local'} takes the other copy, an older generation may be sound`,
  });
}

/**
 * Bytes of all files, and of those of the database, which are put together beside where they were fetched to. What restic has
 * written down is not reckoned again: that would be a walk through all folders.
 */
async function sizeOf(restic: Restic, place: Place, { layers }: Found): Promise<number> {
  const known = layers.reduce((sum, { bytes = 0 }) => sum + bytes, 0);
  const script = layers
    .flatMap(({ repository, snapshot, bytes }) => [
      ...(bytes === undefined ? [`${repository} stats --no-lock --json --mode restore-size ${snapshot} || exit`] : []),
      `${repository} ls --no-lock --json --recursive ${snapshot} ${generationRoot}/base ${generationRoot}/wal | ${sumOfSizes}`,
    ])
    .join('\n');
  const output = await restic({ what: 'look', looks: true, place, script, timeout: 3600 });
  if (output.code !== 0) return known;
  return output.stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .reduce((sum, line) => sum + ((JSON.parse(line) as { total_size?: number }).total_size ?? 0), known);
}

const sumOfSizes = `sed -n 's/.*"type":"file".*"size":\\([0-9]*\\).*/\\1/p' | awk '{ sum += $1 } END { printf "{\\"total_size\\":%.0f}\\n", sum }'`;
