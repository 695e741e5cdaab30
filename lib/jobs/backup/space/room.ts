import { existsSync, readdirSync, statfsSync } from 'node:fs';
import type { Config } from '../../../config/config.types.ts';
import { RunbookError } from '../../../core/errors.ts';
import type { Manifest } from '../../../core/generation.ts';
import type { Host } from '../../../host/port.ts';
import { backupPaths, dataPaths } from '../../../phases/layout.ts';
import { readJson } from '../store/index.ts';

/** Bytes that stay for the log of the database, which comes to the same disk all the while. */
const reserve = 256 * 1024 ** 2;

/** A run may add more than the one before it. */
const more = 2;

/**
 * Throws `refused` where the disk of the backups cannot hold what a run may add: what the last of its kind added, twice; for
 * a whole one the database beside it, of which a new copy may be due; for the first one all that there is. What would fill the
 * disk would take the log of the database its room as well.
 */
export async function mustHaveRoom(config: Config, host: Host, wantFull: boolean, free = freeIn): Promise<void> {
  const { root } = backupPaths(config);
  const { postgres, giteaData } = dataPaths(config);
  const known = manifestsOf(config);
  const full = wantFull || known.length === 0;
  const last = known.filter(({ kind }) => (kind === 'full') === full).at(-1);
  const parts = [
    reserve,
    (last?.added ?? 0) * more,
    ...(full ? [await bytesOf(host, postgres)] : []),
    ...(known.length === 0 ? [await bytesOf(host, giteaData)] : []),
  ];
  const needed = parts.reduce((sum, part) => sum + part, 0);
  const left = free(root);
  if (left >= needed) return;
  throw new RunbookError('refused', {
    where: host.label,
    what: `the disk of ${root} has ${megabytes(left)} left, and ${full ? 'a whole generation' : 'a generation'} may need ${parts
      .filter((part) => part > 0)
      .map(megabytes)
      .join(' + ')}`,
    next: `nothing was begun. Make room on the host, or enlarge the disk of ${root}: df -h; du -xsh ${root}/*`,
  });
}

const megabytes = (bytes: number) => `${Math.ceil(bytes / 1e6)} MB`;

function freeIn(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** Those that the host has, oldest first. */
function manifestsOf(config: Config): readonly Manifest[] {
  const { generations } = backupPaths(config);
  return (existsSync(generations) ? readdirSync(generations) : [])
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap((name) => readJson<Manifest>(`${generations}/${name}`) ?? []);
}

async function bytesOf(host: Host, folder: string): Promise<number> {
  const { stdout } = await host.query({ argv: ['du', '-sb', '--', folder], timeout: 3600 });
  return Number.parseInt(stdout, 10) || 0;
}
