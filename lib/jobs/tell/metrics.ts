import { existsSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { Config } from '../../config/config.types.ts';
import type { Manifest } from '../../core/generation.ts';
import type { OpenNotice } from '../../core/notice.ts';
import { backupPaths, layout } from '../../phases/layout.ts';
import { watchedUnits } from '../../phases/watch.ts';
import { readJson, sizesOf, stateOf } from '../backup/index.ts';
import { backupMetrics } from './backup-metrics.ts';
import { lastDrill } from './drills.ts';
import { exposition, type Metric } from './exposition.ts';
import type { Seen } from './seen.ts';

/** What the watch has seen, where it is the watch that writes. */
export interface Watched {
  readonly seen: Pick<Seen, 'units' | 'now'>;
  readonly open: readonly OpenNotice[];
}

/**
 * Put the figures of this host where node_exporter reads them: those of backups, and those of the watch where it is given.
 * Never fails: nobody's work depends on it, and how old the files are tells that they could not be written.
 */
export function writeMetrics(config: Config, directory: string = layout.metrics, watched?: Watched): void {
  try {
    if (!existsSync(directory)) return;
    const backup = `${directory}/gitea-runbooks-backup.prom`;
    if (config.backup.enabled) write(backup, exposition(backupMetrics(config, measured(config))));
    else rmSync(backup, { force: true });
    if (watched) write(`${directory}/gitea-runbooks-watch.prom`, exposition(watchMetrics(config, watched)));
  } catch {
    // See above.
  }
}

/** For all to read, and whole or not at all. Two may write at once: what does not end with .prom is not read. */
function write(path: string, text: string): void {
  const next = `${path}.${process.pid}.next`;
  writeFileSync(next, text, { mode: 0o644 });
  renameSync(next, path);
}

function measured(config: Config) {
  const { wal: folder, generations } = backupPaths(config);
  const wal = stateOf(config, 'wal');
  const since = wal.at === undefined ? 0 : Date.parse(wal.at);
  const written = namesIn(folder).flatMap((name) => statSync(`${folder}/${name}`, { throwIfNoEntry: false }) ?? []);
  return {
    ...{ backup: stateOf(config, 'backup'), wal, verify: stateOf(config, 'verify') },
    ...{ sizes: sizesOf(config), drill: lastDrill(config) },
    manifests: namesIn(generations)
      .filter((name) => name.endsWith('.json'))
      .flatMap((name) => readJson<Manifest>(`${generations}/${name}`) ?? []),
    unshippedLog: written.filter(({ mtimeMs }) => mtimeMs > since).reduce((sum, { size }) => sum + size, 0),
  };
}

const namesIn = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);

function watchMetrics(config: Config, { seen: { units, now }, open }: Watched): Metric[] {
  const jobs = watchedUnits(config).map(({ service, timer }) => ({
    unit: service,
    run: units.get(service),
    clock: units.get(timer),
  }));
  const count = (severity: OpenNotice['severity']) => open.filter((one) => one.severity === severity).length;
  return [
    {
      name: 'gitea_runbooks_watch_timestamp_seconds',
      help: 'When the host was last looked at.',
      samples: [{ value: now / 1000 }],
    },
    {
      name: 'gitea_runbooks_notices',
      help: 'Notices that are not over.',
      samples: (['error', 'warning'] as const).map((severity) => ({ labels: { severity }, value: count(severity) })),
    },
    {
      name: 'gitea_runbooks_unit_failed',
      help: 'Whether the last run of a unit has failed.',
      samples: jobs.map(({ unit, run }) => ({ labels: { unit }, value: run && run.active === 'failed' })),
    },
    {
      name: 'gitea_runbooks_timer_active',
      help: 'Whether the timer of a unit waits for its time.',
      samples: jobs.map(({ unit, clock }) => ({ labels: { unit }, value: clock && clock.active === 'active' })),
    },
  ];
}
