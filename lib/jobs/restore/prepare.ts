import { chownSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import type { Config } from '../../config/config.types.ts';
import type { Host } from '../../host/port.ts';
import { users } from '../../phases/layout.ts';
import type { Restic, Rows } from '../backup/index.ts';
import type { Found } from './catalog.ts';
import type { Recovered } from './database.ts';
import { fetchFiles } from './fetch.ts';
import { arrange } from './files.ts';
import { foldersOf, type Journal, note } from './journal.ts';
import { recoverTo } from './moment.ts';
import { bringUpToDate, rolesInUse } from './roles.ts';
import { mustFit } from './space.ts';

/** What every part of a restore works with. */
export interface Work {
  readonly config: Config;
  readonly host: Host;
  readonly restic: Restic;
  readonly tell: (text: string) => void;
}

/** The scratch database: one at a time, under a lock. */
const container = 'gitea-restore-database';

/**
 * Everything that can fail: files out of restic, the database from its copies and log, both brought in line, beside what is in
 * use and without touching it. Ends with the journal at `switching`.
 */
export async function prepare(work: Work, journal: Journal, found: Found): Promise<void> {
  const { config, host, tell } = work;
  const { work: folder } = foldersOf(config, journal);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  await fetchFiles(work, { place: journal.from, found, folder });
  // From here on the files change: after a cut they have to be fetched anew.
  note(config, { ...journal, phase: 'arranging' });
  const [bases, wal, target] = [`${folder}/generation/base`, `${folder}/generation/wal`, `${folder}/postgres`];
  await mustFit(host, folder, bytesIn(bases) + bytesIn(wal), 'the database');
  mkdirSync(target, { recursive: true, mode: 0o700 });
  chownSync(target, users.postgres, users.postgres);
  const place = { container, image: config.images.postgres, bases, wal, target };
  const recovered = await recoverTo(host, place, found.manifest, found.time, tell);
  try {
    await bringUpToDate(recovered, await rolesInUse(host));
    const rows = await rowsOf(recovered);
    tell(`putting ${rows.repositories.length} repositories in line with the database`);
    const earlier = found.time !== undefined;
    const { notes } = await arrange(host, config, { folder, manifest: found.manifest, rows, earlier });
    for (const text of notes) tell(text);
    await recovered.stop();
  } finally {
    await recovered.drop();
  }
  for (const path of [bases, wal]) rmSync(path, { recursive: true, force: true });
  note(config, { ...journal, phase: 'switching' });
}

/** In pieces, because what one call prints is limited. */
const atOnce = 50_000;

async function rowsOf(recovered: Recovered): Promise<Rows> {
  const all = async <T>(select: (limit: string) => string): Promise<T[]> => {
    const found: T[] = [];
    for (let offset = 0; ; offset += atOnce) {
      const text = await recovered.ask(select(`limit ${atOnce} offset ${offset}`));
      const rows = text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as T);
      found.push(...rows);
      if (rows.length < atOnce) return found;
    }
  };
  return {
    repositories: await all(
      (limit) =>
        `select json_build_object('id', id, 'owner', lower(owner_name), 'name', lower_name, 'empty', is_empty) from repository order by id ${limit};`,
    ),
    branches: await all(
      (limit) =>
        `select json_build_object('repository', repo_id, 'name', name, 'commit', commit_id) from branch where not is_deleted order by id ${limit};`,
    ),
  };
}

function bytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(`${entry.parentPath}/${entry.name}`).size, 0);
}
