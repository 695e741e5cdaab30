import { counted } from '../../core/counted.ts';
import { type Row, rowsNow } from './database/index.ts';
import { moved } from './files/index.ts';
import { progressOf, sources, stateOf, takeSnapshot, type Work } from './store/index.ts';

/** How often the files are read. */
const rounds = 3;

/**
 * Takes the snapshot, and takes it again while repositories were renamed in the meantime: restic has such a one under neither of
 * its names, and says nothing. One that was made is of after the restore point, and one that was deleted is not there to be read.
 * `again` writes the list of what is read anew, and tells whether that has changed it.
 */
export async function settled(
  work: Work,
  atPoint: readonly Row[],
  options: Omit<Parameters<typeof takeSnapshot>[1], 'mounts' | 'onLine'>,
  again: (paths: readonly string[]) => boolean = () => false,
) {
  const { config, host, restic, tell } = work;
  let before: readonly Row[] = atPoint;
  let { parent } = options;
  const paths = new Set<string>();
  for (let round = 1; ; round++) {
    const snapshot = await takeSnapshot(restic, {
      ...options,
      parent,
      mounts: sources(config),
      onLine: progressOf(tell, options.list === undefined ? stateOf(config, 'backup').full?.bytes : undefined),
    });
    const after = await rowsNow(host);
    const { again: moving, renamed } = moved(before, after);
    for (const path of moving) paths.add(path);
    const other = again([...paths]);
    const incomplete = other && snapshot.unread.length > 0;
    const changes = moved(atPoint, after);
    if (renamed.length === 0 && !incomplete) return { snapshot, changes };
    if (round === rounds) {
      const missed = renamed.map(({ from, to }) => `${to}: renamed from ${from} while it was read, as others before`);
      return { snapshot: { ...snapshot, unread: [...snapshot.unread, ...missed] }, changes };
    }
    tell(
      renamed.length > 0
        ? `renamed meanwhile: ${counted(renamed.length, 'repository', 'repositories')}; reading again`
        : 'what was deleted meanwhile was to be read: reading again without it',
    );
    before = after;
    parent = snapshot.id;
  }
}
