import { type Restic, rowOf } from '../store/index.ts';
import type { Known } from './retention.ts';

type Repository = 'archive' | 'recent';

/** What runs that were cut off have left in the local repositories. */
export interface Left {
  /** Whole generations, cut off before they were noted on the host. */
  readonly unnoted: readonly Known[];
  /** Names of generations of which there are files and no manifest, so that they are none. */
  readonly halves: readonly { readonly id: string; readonly repository: Repository }[];
}

const mark = '-- of ';

/** `noted`: the generations that the host knows of. Finds nothing where the repositories cannot be read. */
export async function leftIn(restic: Restic, noted: ReadonlySet<string>): Promise<Left> {
  const script = (['archive', 'recent'] as const)
    .map((name) => `echo '${mark}${name}'; ${name} snapshots --json --no-lock || exit; echo`)
    .join('\n');
  const { code, stdout } = await restic({ what: 'left', place: 'local', script, timeout: 900 });
  return code === 0 ? leftBy(stdout, noted) : { unnoted: [], halves: [] };
}

/** Pure. */
export function leftBy(printed: string, noted: ReadonlySet<string>): Left {
  const tagged = printed.split(mark).flatMap((part) => {
    const [repository, list] = part.split('\n') as [Repository, string?];
    const rows = list?.startsWith('[') ? (JSON.parse(list) as { readonly tags?: readonly string[] }[]) : [];
    return rows.map(({ tags = [] }) => ({ repository, tags }));
  });
  const manifests = tagged.flatMap(({ tags }) => rowOf(tags));
  const whole = new Set([...noted, ...manifests.map(({ id }) => id)]);
  const files = tagged.flatMap(({ repository, tags }) =>
    tags.flatMap((tag) => (tag.startsWith('generation=') ? { id: tag.slice('generation='.length), repository } : [])),
  );
  const halves = new Map(files.filter(({ id }) => !whole.has(id)).map((one) => [`${one.repository} ${one.id}`, one]));
  return { unnoted: manifests.filter(({ id }) => !noted.has(id)), halves: [...halves.values()] };
}
