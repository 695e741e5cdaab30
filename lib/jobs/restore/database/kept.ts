import { readdirSync, rmSync } from 'node:fs';
import { RunbookError } from '../../../core/errors.ts';
import { inOneStep } from '../../../kinds/database/index.ts';
import type { Recovered } from './database.ts';

/** Where the tables of the restore point are kept while the database goes on. */
export const schema = 'runbooks_at_point';

/** Gitea's tables that say what there is in git. Which of them there are depends on its version. */
const tables = ['repository', 'branch', 'release', 'pull_request', 'renamed_branch'] as const;

export type Table = (typeof tables)[number];

/** What the database said of the files at the restore point: rows of these tables, as files beside its data. */
export interface AtPoint {
  readonly tables: readonly Table[];
  /** The number in Gitea's table `version`. */
  readonly gitea: string;
  readonly folder: string;
}

/** As the container sees the folder of its target, and the start of the names in there. */
const inside = '/var/lib/postgresql';
const prefix = 'at-point.';

const giteaVersion = 'select version from version where id = 1';

/** Writes out what the database says of the files now. It may be one that only reads. */
export async function keepPoint(database: Pick<Recovered, 'ask' | 'tell'>, folder: string): Promise<AtPoint> {
  const names = tables.map((name) => `('${name}')`).join(', ');
  const there = await database.ask(
    `select t.name from (values ${names}) t (name) where to_regclass('public.' || quote_ident(t.name)) is not null;`,
  );
  const found = tables.filter((name) => there.split('\n').includes(name));
  await database.tell(
    found
      .map((name) => `copy public.${name} to '${inside}/${prefix}${name}';`)
      .join('\n')
      .concat('\n'),
  );
  return { tables: found, gitea: (await database.ask(`${giteaVersion};`)).trim(), folder };
}

/**
 * Takes what was kept into a schema of the database that has gone on meanwhile. Throws `refused` where Gitea was updated in
 * between: its tables are other ones then.
 */
export async function takePoint(database: Pick<Recovered, 'ask' | 'tell'>, atPoint: AtPoint): Promise<void> {
  const now = (await database.ask(`${giteaVersion};`)).trim();
  if (now !== atPoint.gitea) {
    throw new RunbookError('refused', {
      what: `Gitea was updated after the newest generation: its tables are of version ${atPoint.gitea} there, and of ${now} at the moment that is asked for`,
      next: 'nothing in use was touched. --to latest, or --to a moment before the update',
    });
  }
  await database.tell(
    inOneStep([
      `drop schema if exists ${schema} cascade;`,
      `create schema ${schema};`,
      ...atPoint.tables.flatMap((name) => [
        `create table ${schema}.${name} (like public.${name});`,
        `copy ${schema}.${name} from '${inside}/${prefix}${name}';`,
        `create index on ${schema}.${name} (id);`,
      ]),
    ]),
  );
}

/** Nothing of it stays. */
export async function dropPoint(database: Pick<Recovered, 'tell'>, { folder }: AtPoint): Promise<void> {
  await database.tell(`drop schema ${schema} cascade;\n`);
  for (const name of readdirSync(folder)) if (name.startsWith(prefix)) rmSync(`${folder}/${name}`);
}
