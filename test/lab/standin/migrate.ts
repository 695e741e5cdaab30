/** Which database this release accepts, and what it says to the others. */
import type { Database } from './db.ts';
import { fatal, log } from './log.ts';
import { atLeast, currentRelease } from './release.ts';
import { loginSource, TABLES, VERSION_TABLE } from './schema.ts';

const MIN_DB_VERSION = 70;

export const newerDatabase = (current: number, expected: number): string =>
  `Migration Error: Your database (migration version: ${current}) is for a newer Gitea, you can not use the newer database for this old Gitea release (${expected}).\n` +
  'Gitea will exit to keep your database safe and unchanged. Please use the correct Gitea release, do not change the migration version manually (incorrect manual operation may lose data).';

// The missing space between the sentences is Gitea's.
export const autoMigrationOff = (current: number, expected: number): string =>
  `"database.AUTO_MIGRATION" is disabled, but current database version ${current} is not equal to the expected version ${expected}.` +
  'You can set "database.AUTO_MIGRATION" to true or migrate manually by running "gitea [--config /path/to/app.ini] migrate"';

export const tooOld =
  'Gitea no longer supports auto-migration from your previously installed version.\n' +
  'Please try upgrading to a lower version first (suggested v1.6.4), then upgrade to this version.';

export const notUpToDate = (current: number, expected: number): string =>
  current < 0
    ? 'database has not been initialized'
    : `current database version ${current} is not equal to the expected version ${expected}. Please run "gitea [--config /path/to/app.ini] migrate" to update the database version`;

export type Verdict = { do: 'serve' } | { do: 'migrate' } | { do: 'refuse'; message: string };

/** What a start does with a database at `current` (-1: empty). */
export function startVerdict(current: number, expected: number, autoMigration: boolean): Verdict {
  if (current < 0) return { do: 'migrate' };
  if (!autoMigration) {
    return current === expected ? { do: 'serve' } : { do: 'refuse', message: autoMigrationOff(current, expected) };
  }
  if (current < MIN_DB_VERSION) return { do: 'refuse', message: tooOld };
  if (current > expected) return { do: 'refuse', message: newerDatabase(current, expected) };
  return { do: 'migrate' };
}

/** The number in the version table, -1 where there is none. Creates the table, as Gitea does. */
export async function currentVersion(db: Database): Promise<number> {
  await db.run(VERSION_TABLE);
  const [row] = await db.query('SELECT version FROM version WHERE id = 1');
  return row ? Number(row.version) : -1;
}

/** Brings the database to this release, one committed step after the other; ends the process where Gitea refuses. */
export async function migrate(db: Database): Promise<void> {
  const expected = currentRelease().dbVersion;
  const current = await currentVersion(db);
  const verdict = startVerdict(current, expected, true);
  if (verdict.do === 'refuse') fatal('models/migrations/migrations.go:489:Migrate()', verdict.message);
  if (current < 0) await db.run('INSERT INTO version (version) VALUES ($1)', [expected]);
  else {
    for (let id = current; id < expected; id++) {
      log('I', 'models/migrations/migrations.go:507:Migrate()', `Migration[${id}]: stand-in for migration ${id}`);
      await pauseForRehearsal();
      await db.run('UPDATE version SET version = $1 WHERE id = 1', [id + 1]);
    }
  }
  await syncTables(db);
}

/** A lab may ask for slow migrations: the port is not listening while they run. */
async function pauseForRehearsal(): Promise<void> {
  const ms = Number(process.env.GITEA_STANDIN_MIGRATION_MS ?? 0);
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
}

export async function syncTables(db: Database): Promise<void> {
  const byColumn = atLeast(currentRelease(), 1, 24);
  for (const table of [...TABLES, loginSource(byColumn)]) await db.run(table);
  if (byColumn)
    await db.run(
      "ALTER TABLE login_source ADD COLUMN IF NOT EXISTS two_factor_policy VARCHAR(255) NOT NULL DEFAULT ''",
    );
}
