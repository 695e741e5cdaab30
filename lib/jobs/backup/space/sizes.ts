import type { Config } from '../../../config/config.types.ts';
import type { Sizes } from '../../../phases/backup-watch.ts';
import { backupPaths } from '../../../phases/layout.ts';
import { type Restic, readJson, type Work, writeJson } from '../store/index.ts';

const path = (config: Pick<Config, 'backup'>) => `${backupPaths(config).root}/state.sizes.json`;

/** How much the repositories came to when they were last measured. */
export const sizesOf = (config: Pick<Config, 'backup'>) => readJson<Sizes>(path(config));

/** A figure that could not be had is no failure of a backup: it stays as it was. */
function note(config: Config, place: keyof Sizes, sizes: Readonly<Record<string, number>>): void {
  if (Object.keys(sizes).length === 0) return;
  const before = sizesOf(config);
  writeJson(path(config), { ...before, [place]: { ...before?.[place], ...sizes } } satisfies Sizes);
}

const nothing = () => ({ stdout: '' });

/** Measure the repositories on the host: by their files. */
export async function measureHere({ config, host }: Pick<Work, 'config' | 'host'>): Promise<void> {
  const { archive, recent } = backupPaths(config);
  const argv = ['du', '-sb', '--', archive, recent];
  const { stdout } = await host.query({ argv, timeout: 600 }).catch(nothing);
  const sizes = [...stdout.matchAll(/^(\d+)\t.*\/(archive|recent)$/gm)].map(([, bytes, name]) => [
    name!,
    Number(bytes),
  ]);
  note(config, 'local', Object.fromEntries(sizes));
}

/** Measure those off the host: by their index, which is at hand after a look at all of it. */
export async function measureThere(config: Config, restic: Restic): Promise<void> {
  const script = (['archive', 'recent'] as const)
    .map((name) => `said=$(${name} stats --no-lock --json --mode raw-data) && printf '${name}\\t%s\\n' "$said"`)
    .join('\n');
  const { stdout } = await restic({
    what: 'stats-remote',
    place: 'remote',
    script: `${script}\ntrue`,
    timeout: 3600,
  }).catch(nothing);
  const sizes = [...stdout.matchAll(/^(archive|recent)\t.*"total_size":(\d+)/gm)].map(([, name, bytes]) => [
    name!,
    Number(bytes),
  ]);
  note(config, 'remote', Object.fromEntries(sizes));
}
