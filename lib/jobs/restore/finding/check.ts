import type { Config } from '../../../config/config.types.ts';
import { RunbookError } from '../../../core/errors.ts';
import { type Manifest, timeOf } from '../../../core/generation.ts';
import type { Damages } from '../../../phases/backup-watch.ts';
import type { Place } from '../../backup/index.ts';

/** What the host has now. */
export interface Now {
  /** Number in Gitea's table `version`; undefined where the database does not answer. */
  readonly gitea: number | undefined;
  readonly system: string | undefined;
}

/** What the tag says; a registry may have a port, and a digest is no version. */
const versionOf = (image = '') => /^[^ @]*:v?(\d+(?:\.\d+)*)[^/ @]*(?:[ @]|$)/.exec(image)?.[1];

const newer = (a: string, b: string) => {
  const [one, other] = [a, b].map((text) => text.split('.').map(Number));
  for (const [at, part] of one!.entries()) if (part !== (other![at] ?? 0)) return part > (other![at] ?? 0);
  return false;
};

/**
 * Whether a generation can be put to use on this host; pure. Throws `refused` where the software of the host is older than what
 * wrote it. Gives what people should know besides.
 */
export function fits(config: Pick<Config, 'domain' | 'images'>, manifest: Manifest, now: Now): readonly string[] {
  const { images, database, domain } = manifest;
  const [wrote, has] = [versionOf(images.gitea), versionOf(config.images.gitea)];
  // Numbers of the table are certain, but only the version can be told to somebody who has to set it.
  if ((wrote && has && newer(wrote, has)) || (now.gitea !== undefined && database.gitea > now.gitea && wrote !== has)) {
    throw new RunbookError('refused', {
      what: `the generation ${manifest.id} was written by Gitea ${wrote ?? images.gitea}, and this host runs ${has ?? config.images.gitea}: an older Gitea cannot use it`,
      next: `set images.gitea to ${images.gitea?.split(' ')[0] ?? 'that version'}, npx zx runbooks/deploy.mjs, then the same command again`,
    });
  }
  const major = database.postgres.split('.')[0];
  const hasMajor = versionOf(config.images.postgres)?.split('.')[0];
  if (hasMajor !== undefined && major !== hasMajor) {
    throw new RunbookError('refused', {
      what: `the database of ${manifest.id} is of PostgreSQL ${major}, and this host runs ${hasMajor}`,
      next: `set images.postgres to a version of ${major} for the restore`,
    });
  }
  return [
    ...(domain === config.domain ? [] : [`it is of another domain, ${domain}: this host is ${config.domain}`]),
    ...(now.system === undefined || now.system === database.system
      ? []
      : ['the database in use is another one than the generation is of: a new host, or one that was set up anew']),
    ...(wrote && has && wrote !== has
      ? [`it was written by Gitea ${wrote}: ${has} will bring its database up to date`]
      : []),
    ...manifest.degraded.map((what) => `the generation is not sound: ${what}`),
  ];
}

/**
 * A moment that lies before the first copy of the database of a generation, in a sentence; pure. Copies are named after the run that
 * made them, which is a little before they were begun. Only a sentence: where the clock has gone back, names are ahead of it.
 */
export function early({ id, database }: Manifest, time: string | undefined): readonly string[] {
  const first = timeOf(database.bases[0]!.name.slice(0, 16));
  if (time === undefined || !(Date.parse(time) < first)) return [];
  return [
    `${time} will most likely be refused: the copies of the database that ${id} goes by begin at ${new Date(first).toISOString()}. Take the generation before that moment: npx zx runbooks/backup.mjs --list`,
  ];
}

/** Throws `refused` where the last look at the backups has found the generation damaged in that place; pure. */
export function mustBeSound(found: Damages | undefined, place: Place, id: string): void {
  if (!found?.hurt[place].includes(id)) return;
  const other = place === 'local' ? 'remote' : 'local';
  const ways = [
    ...(found.hurt[other].includes(id) ? [] : [`--from ${other}, where there is another copy`]),
    ...(found.sound[place] === undefined ? [] : [`--to ${found.sound[place]}, the newest that is sound here`]),
  ];
  throw new RunbookError('refused', {
    what: `the ${place} copy of ${id} is damaged, as the last look at the backups has found`,
    next: `nothing was touched. ${ways.length === 0 ? 'npx zx runbooks/backup.mjs --list' : ways.join('; or ')}`,
  });
}
