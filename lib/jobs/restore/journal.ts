import { existsSync, readdirSync, rmSync } from 'node:fs';
import type { Config } from '../../config/config.types.ts';
import { backupPaths, dataPaths } from '../../phases/layout.ts';
import { type RestorePhase, restoreFile } from '../../phases/restore-watch.ts';
import { type Place, readJson, writeJson } from '../backup/index.ts';

/** How far a restore has come, for the one that goes on after a cut. */
export interface Journal {
  /** `20261129T221503Z`: when it began; in the names of its folders. */
  readonly stamp: string;
  readonly id: string;
  readonly time?: string;
  /** Where the database goes on behind the generation: a moment, or the word for all that the log has. */
  readonly log?: string;
  readonly from: Place;
  /** Until `switching` nothing in use has been touched; from then on it can only be finished or undone. */
  readonly phase: RestorePhase;
}

/** The restore that has not come to its end, if there is one. */
export const openJournal = (config: Config) => readJson<Journal>(restoreFile(config));

export const note = (config: Config, journal: Journal) => writeJson(restoreFile(config), journal);

export const closeJournal = (config: Config) => rmSync(restoreFile(config), { force: true });

/** Where a restore works. All but `aside` is on the disk of the data, so that things change places by renames. */
export function foldersOf(config: Config, { stamp }: Pick<Journal, 'stamp'>) {
  const { root } = dataPaths(config);
  return {
    work: `${root}/restore-${stamp}`,
    /** What was in use before. */
    before: `${root}/before-restore-${stamp}`,
    /** The log and the copies of the database that was in use before. */
    aside: `${backupPaths(config).root}/before-restore-${stamp}`,
    /** What the database had no row for. */
    strangers: `${root}/set-aside-${stamp}`,
  };
}

/** What earlier restores have left: full paths. Nothing in use is ever among them. */
export function leftBy(config: Config): readonly string[] {
  const open = openJournal(config)?.stamp;
  const ours = /^(restore|before-restore|set-aside)-(\d{8}T\d{6}Z)$/;
  return [dataPaths(config).root, backupPaths(config).root].flatMap((root) =>
    (existsSync(root) ? readdirSync(root) : []).flatMap((name) => {
      const stamp = ours.exec(name)?.[2];
      return stamp === undefined || stamp === open ? [] : [`${root}/${name}`];
    }),
  );
}
