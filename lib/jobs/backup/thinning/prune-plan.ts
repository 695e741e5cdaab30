import type { Config } from '../../../config/config.types.ts';
import { RunbookError } from '../../../core/errors.ts';
import type { PrunePlan } from '../../../core/prune.ts';
import type { VerifyState } from '../../../phases/backup-watch.ts';
import { lastWords, type Restic, rowOf } from '../store/index.ts';
import { retained } from './retention.ts';

/** Tags of all snapshots off the host. */
export interface RemoteTags {
  readonly archive: readonly (readonly string[])[];
  readonly recent: readonly (readonly string[])[];
}

export async function snapshotsIn(restic: Restic): Promise<RemoteTags> {
  const script = ['archive', 'recent'].map((name) => `printf '${name} '; snapshots ${name} || exit; echo`).join('\n');
  const output = await restic({ what: 'prune-preview', looks: true, place: 'remote', script, timeout: 900 });
  if (output.code !== 0) {
    throw new RunbookError('changeFailed', {
      what: 'the repositories off the host cannot be read',
      cause: lastWords(output),
      next: 'nothing was removed. npx zx runbooks/doctor.mjs',
    });
  }
  const tagsOf = (name: string) => {
    const line = output.stdout.split('\n').find((text) => text.startsWith(`${name} [`)) ?? '[]';
    const rows = JSON.parse(line.slice(line.indexOf('['))) as { readonly tags?: readonly string[] }[];
    return rows.map(({ tags = [] }) => tags);
  };
  return { archive: tagsOf('archive'), recent: tagsOf('recent') };
}

/** Clocks of a host may be off by so much, in milliseconds. */
const skew = 3600_000;

/** `20261129T221503Z` */
const wordOf = (time: number) => `${new Date(time).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;

/** What goes and what stays; pure. */
export function planOf(input: {
  readonly place: string;
  readonly snapshots: RemoteTags;
  readonly retention: Config['backup']['retention'];
  readonly verified: VerifyState;
  /** Milliseconds since 1970. */
  readonly now: number;
}): PrunePlan {
  const { place, snapshots, retention, verified, now } = input;
  const known = [...snapshots.archive, ...snapshots.recent].flatMap((tags) => rowOf(tags));
  const kept = retained(known, retention);
  const newestFirst = (ids: Iterable<string>) => [...new Set(ids)].sort().reverse();
  const fulls = newestFirst(known.filter(({ kind }) => kind === 'full').map(({ id }) => id));
  const newest = fulls[0];
  const whole = new Set(fulls);
  const begun = snapshots.archive.flatMap((tags) => tags.filter((tag) => tag.startsWith('generation=')));
  const plan: PrunePlan = {
    place,
    stays: fulls.flatMap((id) => (kept.has(id) ? [{ id, why: kept.get(id)! }] : [])),
    goes: fulls.filter((id) => !kept.has(id)),
    unfinished: newestFirst(
      begun.map((tag) => tag.slice('generation='.length)).filter((id) => !whole.has(id) && id < (newest ?? '')),
    ),
  };
  const sound =
    !verified.failed && verified.at !== undefined && newest !== undefined && (verified.newest?.remote ?? '') >= newest;
  const refused = refusal({
    newest,
    ahead: fulls.find((id) => id > wordOf(now + skew)),
    sound,
    failed: verified.failed?.what,
  });
  return { ...plan, ...(sound ? { verified: verified.at } : {}), ...(refused ? { refused } : {}) };
}

function refusal({
  newest,
  ahead,
  sound,
  failed,
}: {
  readonly newest: string | undefined;
  readonly ahead: string | undefined;
  readonly sound: boolean;
  readonly failed: string | undefined;
}): PrunePlan['refused'] {
  if (newest === undefined)
    return { what: 'there is no whole generation off the host', next: 'npx zx runbooks/backup.mjs --full makes one' };
  if (ahead !== undefined) {
    return {
      what: `the generation ${ahead} is of a time that has not come yet: by its clock others would go that should stay`,
      next: 'look at the clock of the host, and at who else may write there; then remove that one with restic by hand',
    };
  }
  if (sound) return undefined;
  return {
    what:
      failed === undefined
        ? `the newest whole generation off the host, ${newest}, has not been read back since it is there`
        : `what was read back last was not sound: ${failed}`,
    next: 'npx zx runbooks/backup.mjs --verify, then the same command again',
  };
}
