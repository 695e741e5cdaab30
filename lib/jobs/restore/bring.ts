import { chownSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import type { Config } from '../../config/config.types.ts';
import type { Host } from '../../host/port.ts';
import { backupPaths, users } from '../../phases/layout.ts';
import type { Place, Restic, Rows } from '../backup/index.ts';
import { recoverOnwards, recoverTo } from './database/index.ts';
import { type Found, fetchFiles, fetchLog, mustFit } from './finding/index.ts';
import { settle, settleAhead } from './settling/index.ts';

/** What every part of a restore works with. */
export interface Work {
  readonly config: Config;
  readonly host: Host;
  readonly restic: Restic;
  readonly tell: (text: string) => void;
}

/** A generation that is to be brought about, and where. */
export interface Sought {
  readonly found: Found;
  readonly from: Place;
  /** On the disk of the data; made when it is not there. What an earlier call has fetched into it is not fetched again. */
  readonly folder: string;
  /** Who does it, in the names of the containers: two with the same one never run at once. */
  readonly who: 'restore' | 'drill' | 'scratch';
  /** Called before the first of the fetched files is changed: after a cut from there on they have to be fetched anew. */
  readonly onArrange?: () => void;
}

/** What was brought about: `data` and `postgres`, folders that Gitea and its database can be started on. */
export interface Brought {
  readonly data: string;
  readonly postgres: string;
  /** What the database says. */
  readonly rows: Rows;
  /** Repositories that the database has and nobody has a file of. */
  readonly missing: readonly string[];
}

/**
 * A whole generation in a folder, beside what is in use and without touching it: files out of restic, the database from its
 * copies and log, both brought in line. Throws `changeFailed`, and `refused` for a moment that cannot be reached.
 */
export async function bring(work: Work, { found, from, folder, who, onArrange }: Sought): Promise<Brought> {
  const { config, host, tell } = work;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  await fetchFiles(work, { what: who, place: from, found, folder });
  if (found.log) {
    const received = backupPaths(config).wal;
    await fetchLog(work, { what: who, place: from, log: found.log, folder, received }, found.manifest);
  }
  onArrange?.();
  const [bases, wal, postgres] = [`${folder}/generation/base`, `${folder}/generation/wal`, `${folder}/postgres`];
  await mustFit(host, folder, bytesIn(bases) + bytesIn(wal), 'the database');
  mkdirSync(postgres, { recursive: true, mode: 0o700 });
  chownSync(postgres, users.postgres, users.postgres);
  const place = { container: `gitea-${who}-database`, image: config.images.postgres, bases, wal, target: postgres };
  const { recovered, atPoint } = found.log
    ? await recoverOnwards(host, place, found.manifest, found.log, tell)
    : { recovered: await recoverTo(host, place, found.manifest, found.time, tell) };
  try {
    const git = { image: config.images.gitea, container: `gitea-${who}-git` };
    const tree = { folder, manifest: found.manifest, otherMoment: found.time !== undefined || atPoint !== undefined };
    const { rows, missing } = atPoint
      ? await settleAhead({ config, host, tell }, { recovered, atPoint, git, tree })
      : await settle({ config, host, tell }, { recovered, git, tree });
    await recovered.stop();
    for (const path of [bases, wal]) rmSync(path, { recursive: true, force: true });
    return { data: `${folder}/generation/data`, postgres, rows, missing };
  } finally {
    await recovered.drop();
  }
}

function bytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(`${entry.parentPath}/${entry.name}`).size, 0);
}
