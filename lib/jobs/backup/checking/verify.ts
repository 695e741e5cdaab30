import type { Config } from '../../../config/config.types.ts';
import { RunbookError } from '../../../core/errors.ts';
import { quote } from '../../../core/quote.ts';
import type { Host } from '../../../host/port.ts';
import type { Damages, VerifyState } from '../../../phases/backup-watch.ts';
import { backupPaths, containers } from '../../../phases/layout.ts';
import { lockPatiently } from '../../converge/patient-lock.ts';
import { openRecord } from '../../converge/run-record.ts';
import { type Chain, chainNow, gapIn, gapText, segmentOf, segmentsIn } from '../database/index.ts';
import { measureThere } from '../space/index.ts';
import { type Place, resticFor, shippedFull, stateOf, tellState } from '../store/index.ts';
import { contentsOfNewest } from './contents.ts';
import { damagesIn, damagesOf, isKnown, type Looked, sentencesOf } from './damage.ts';

export interface VerifyOptions {
  /** Read back everything, and not the part of a seventh whose turn it is today. */
  readonly all?: boolean;
  readonly tell?: (text: string) => void;
  readonly today?: Date;
}

/**
 * Look whether what was stored is what is there: the structure of all repositories, a part of their content, the copies of the
 * database, the log from the last of them on. Throws `checkFailed`, with everything that was found.
 */
export async function verify(config: Config, machine: Host, options: VerifyOptions = {}): Promise<void> {
  const { all = false, tell = () => {}, today = new Date() } = options;
  const started = performance.now();
  const held = await lockPatiently(machine, 'verify');
  const { host } = held;
  const record = openRecord(host, 'verify');
  try {
    const restic = await resticFor(config, host, tell);
    const part = all ? '--read-data' : `--read-data-subset=${(Math.floor(today.getTime() / 86_400_000) % 7) + 1}/7`;
    const places: readonly Place[] = config.backup.remote && shippedFull(config) ? ['local', 'remote'] : ['local'];
    const before = stateOf(config, 'verify').found;
    const problems: string[] = [];
    const newest = newestIn(config, places);
    const looks = new Map<Place, Looked>();
    for (const place of places) {
      tell(`reading back ${all ? 'all' : 'a part'} of the ${place} repositories`);
      try {
        looks.set(place, await damagesIn(restic, place, part, before?.packs));
      } catch (error) {
        if (!(error instanceof RunbookError)) throw error;
        problems.push(error.parts.what);
      }
    }
    const now = damagesOf(looks, before);
    for (const damage of [...looks.values()].flatMap(({ damages }) => damages)) {
      // What is gone for good does not come back by telling it each day, and would hide what is new.
      if (isKnown(damage, before)) tell(`known: ${sentencesOf(damage).join('; ')}`);
      else problems.push(...sentencesOf(damage));
    }
    tell('looking at the newest generation, the copies of the database and its log');
    const chain = chainNow(config);
    const ofDatabase = [
      ...(await contentsOfNewest(restic, config)),
      ...(chain ? await database(config, host, chain) : ['there is no copy of the database to go on from']),
    ];
    problems.push(...ofDatabase);
    if (places.includes('remote')) await measureThere(config, restic);
    const at = today.toISOString();
    const anew = ofDatabase.length > 0;
    const mend = anew || problems.some((text) => text.startsWith('local ')) ? { anew } : undefined;
    tellState(config, 'verify', { ...stateOf(config, 'verify'), found: now, mend });
    if (problems.length > 0) throw found(problems, now, all);
    tellState(config, 'verify', { at, all, newest });
    await record.end({ outcome: 'converged', changes: 0, took: performance.now() - started });
  } catch (error) {
    const what =
      error instanceof RunbookError ? (error.parts.cause?.split('\n')[0] ?? error.parts.what) : String(error);
    tellState(config, 'verify', { ...stateOf(config, 'verify'), failed: { at: new Date().toISOString(), what } });
    await record.fail(error, performance.now() - started);
    throw error;
  } finally {
    await held.release();
  }
}

/** What is there before it is looked at: what comes meanwhile may be looked at or not. */
function newestIn(config: Config, places: readonly Place[]): NonNullable<VerifyState['newest']> {
  const { generation, shipped } = stateOf(config, 'backup');
  return {
    ...(generation ? { local: generation.id } : {}),
    ...(shipped && places.includes('remote') ? { remote: shipped.id } : {}),
  };
}

async function database(config: Config, host: Host, { bases }: Chain): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const { name } of bases) {
    const argv = ['docker', 'exec', containers.wal, 'pg_verifybackup', '-n', '-q', `/base/${name}`];
    const { code, stdout, stderr } = await host.run({ argv, timeout: 6 * 3600 });
    if (code !== 0)
      problems.push(
        ...`${stdout}${stderr}`
          .trim()
          .split('\n')
          .slice(0, 5)
          .map((line) => `copy of the database ${name}: ${line}`),
      );
  }
  const last = bases.at(-1)!;
  const segments = segmentsIn(backupPaths(config).wal).filter((name) => name >= segmentOf(last.timeline, last.lsn));
  const newest = segments.at(-1);
  if (newest === undefined) return [...problems, 'the log of the database is not there'];
  const end = {
    timeline: Number.parseInt(newest.slice(0, 8), 16),
    lsn: `${newest.slice(8, 16)}/${newest.slice(22)}000000`,
  };
  const gap = end.timeline === last.timeline ? gapIn(segments, last, end) : undefined;
  if (gap) problems.push(`log of the database: ${gapText(backupPaths(config).wal, gap)}`);
  return [...problems, ...(await torn(host, segments.slice(0, -1)))];
}

/** Each record of the log has a checksum; a file is read by itself, so that a gap does not hide what comes after it. */
async function torn(host: Host, segments: readonly string[]): Promise<readonly string[]> {
  if (segments.length === 0) return [];
  const each = `for name in "$@"; do
  said=$(pg_waldump -q -p /wal "$name" "$name" 2>&1) && continue
  case "$said" in *'could not find a valid record after'*) ;; *) printf '%s: %s\\n' "$name" "$said" ;; esac
done`;
  const script = `exec docker exec ${containers.wal} sh -c ${quote(each)} sh ${segments.join(' ')}`;
  const { stdout, code, stderr } = await host.run({ script, timeout: 3600 });
  const lines = [...stdout.split('\n'), ...(code === 0 ? [] : [stderr])].filter((line) => line.trim() !== '');
  return lines.slice(0, 10).map((line) => `log of the database ${line.trim()}`);
}

const found = (problems: readonly string[], { sound }: Damages, all: boolean) =>
  new RunbookError('checkFailed', {
    what: `the backups are damaged in ${problems.length === 1 ? 'one place' : `${problems.length} places`}`,
    cause: problems.join('\n'),
    next: `npx zx runbooks/backup.mjs makes a whole generation that rests on none of this. ${soundText(sound, all)}docs/runbooks/backup.md, "What is damaged"`,
  });

function soundText({ local, remote }: Damages['sound'], all: boolean): string {
  const ways = [
    ...(local ? [`npx zx runbooks/restore.mjs --to ${local}`] : []),
    ...(remote ? [`npx zx runbooks/restore.mjs --to ${remote} --from remote`] : []),
  ];
  if (ways.length === 0) return 'No generation was found to be sound. ';
  return `The newest that is sound${all ? '' : ', as far as was read (--all-data reads everything)'}: ${ways.join(', or ')}. `;
}
