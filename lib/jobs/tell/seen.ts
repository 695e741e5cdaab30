import { statfsSync, statSync } from 'node:fs';
import type { Config } from '../../config/config.types.ts';
import { RunbookError } from '../../core/errors.ts';
import { quoteAll } from '../../core/quote.ts';
import { lock } from '../../engine/lock.ts';
import { operator } from '../../engine/record.ts';
import type { Host } from '../../host/port.ts';
import { ask } from '../../kinds/database/index.ts';
import { remoteFile, stream } from '../../phases/backup.ts';
import { type BackupState, backupMark, type VerifyState, type WalState } from '../../phases/backup-watch.ts';
import { backupPaths, containers, dataPaths } from '../../phases/layout.ts';
import type { Proven } from '../../phases/proven.ts';
import { watchedUnits } from '../../phases/watch.ts';
import { stateOf } from '../backup/index.ts';
import { type Journal, openJournal } from '../restore/index.ts';
import { lastDrill } from './drills.ts';
import type { Sample } from './forecast.ts';

/** A unit as systemd knows it, in its own words. */
export interface SeenUnit {
  readonly load: string;
  readonly active: string;
  readonly result: string;
  /** `enabled`, `disabled`, `masked`, `static`. */
  readonly file: string;
}

export interface Disk {
  readonly path: string;
  readonly size: number;
  readonly now: Sample;
}

/** What one look at the host came to. Moments are milliseconds since 1970. */
export interface Seen {
  readonly now: number;
  /** When the host was started. */
  readonly booted: number;
  readonly units: ReadonlyMap<string, SeenUnit>;
  readonly disks: readonly Disk[];
  /** Undefined where backups are turned off. */
  readonly backup?: SeenBackup;
}

export interface SeenBackup {
  /** When its folder became ours, and when the place off the host was named last. */
  readonly begun: number;
  readonly remoteBegun: number;
  readonly backup: BackupState;
  readonly wal: WalState;
  readonly verify: VerifyState;
  /** A restore that has not come to its end. */
  readonly journal: Journal | undefined;
  /** Where the database keeps its log for us; undefined where it did not answer. */
  readonly slot: { readonly status: string; readonly active: boolean } | undefined;
  readonly drill: Proven | undefined;
}

/** Looks at the host that this runs on. Changes nothing, and holds up nobody. */
export async function look(config: Config, host: Host): Promise<Seen> {
  const names = watchedUnits(config).flatMap(({ service, timer }) => [service, timer]);
  const slot = `select coalesce(wal_status, ''), active from pg_replication_slots where slot_name = '${stream.slot}'`;
  const { stdout } = await host.query({
    script: `date -d "$(systemctl show -p UserspaceTimestamp --value)" +%s 2>/dev/null || echo 0
systemctl show --no-pager -p Id,LoadState,ActiveState,Result,UnitFileState -- ${quoteAll(names)}
${config.backup.enabled ? `said=$(timeout 20 ${ask(containers.database, slot)} 2>/dev/null) && printf 'slot\\t%s\\n' "$said"` : ''}
true`,
  });
  const paths = [...new Set([dataPaths(config).root, ...(config.backup.enabled ? [backupPaths(config).root] : [])])];
  return {
    now: Date.now(),
    booted: Number(stdout.split('\n')[0]) * 1000,
    units: unitsIn(stdout),
    disks: paths.flatMap(diskOf),
    ...(config.backup.enabled ? { backup: backupSeen(config, stdout) } : {}),
  };
}

function backupSeen(config: Config, text: string): SeenBackup {
  const { root } = backupPaths(config);
  const found = /^slot\t(.*)$/m.exec(text)?.[1]?.split('\t');
  return {
    begun: writtenAt(`${root}/${backupMark}`),
    remoteBegun: writtenAt(remoteFile),
    backup: stateOf(config, 'backup'),
    wal: stateOf(config, 'wal'),
    verify: stateOf(config, 'verify'),
    journal: openJournal(config),
    slot: found && { status: found[0] ?? '', active: found[1] === 't' },
    drill: lastDrill(config),
  };
}

/** The blocks of `systemctl show`; pure. */
export function unitsIn(text: string): ReadonlyMap<string, SeenUnit> {
  const units = new Map<string, SeenUnit>();
  for (const block of text.split(/\n\s*\n/)) {
    const value = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(block)?.[1] ?? '';
    const id = value('Id');
    if (id === '') continue;
    units.set(id, {
      load: value('LoadState'),
      active: value('ActiveState'),
      result: value('Result'),
      file: value('UnitFileState'),
    });
  }
  return units;
}

const writtenAt = (path: string) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Of the disk of a folder that is not there, nothing is told: that it is not there others tell. */
function diskOf(path: string): readonly Disk[] {
  try {
    const { bavail, blocks, bsize } = statfsSync(path);
    return [{ path, size: blocks * bsize, now: { at: Date.now(), free: bavail * bsize } }];
  } catch {
    return [];
  }
}

/** Does something while no deploy and no restore is under way. False where one is: then nothing was done. */
export async function unlessBusy(machine: Host, work: (host: Host) => Promise<void>): Promise<boolean> {
  const held = await lock(machine, { who: operator(), what: 'watch', mode: 'shared' }).catch((error: unknown) => {
    if (error instanceof RunbookError && error.kind === 'locked') return undefined;
    throw error;
  });
  if (!held) return false;
  await work(held.host).finally(() => held.release());
  return true;
}
