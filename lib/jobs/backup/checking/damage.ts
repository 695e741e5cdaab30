import { RunbookError } from '../../../core/errors.ts';
import type { Damages } from '../../../phases/backup-watch.ts';
import type { Place, Restic } from '../store/index.ts';

/** What is wrong with one repository of restic. */
export interface Damage {
  readonly place: Place;
  readonly repository: 'archive' | 'recent';
  /** restic's own words, and what it concerns. */
  readonly said: readonly string[];
  /** Files of the repository that are damaged or gone, as restic names them. */
  readonly packs: readonly string[];
  /** Generations that cannot be brought back from this place any more, oldest first. */
  readonly hurt: readonly string[];
}

/** What a place has, and what of it is damaged. */
export interface Looked {
  /** Names of all generations that are whole by their lists, oldest first. */
  readonly ids: readonly string[];
  readonly damages: readonly Damage[];
}

const repositories = ['archive', 'recent'] as const;

/**
 * Look whether what the repositories of a place hold is what was written, and which generations suffer. `part`: how much restic
 * reads back. Packs that are known to be damaged are looked at again, whatever part has its turn. Without a lock, which would keep
 * the log of the database from leaving the host meanwhile; what was removed meanwhile is not taken for damage. Throws
 * `changeFailed` where the place does not answer.
 */
export async function damagesIn(
  restic: Restic,
  place: Place,
  part: string,
  known: Damages['packs'] = {},
): Promise<Looked> {
  const each = repositories.map((name) => `look ${name} '${(known[`${place} ${name}`] ?? []).join(' ')}'`);
  const script = `part=${part}\n${functions}\n${each.join('\n')}`;
  const output = await restic({ what: `check-${place}`, place, script, timeout: 24 * 3600 });
  if (output.code !== 0) {
    throw new RunbookError('checkFailed', {
      what: `${place} ${output.stderr.trim().split('\n').at(-1) || `restic ended with ${output.code}`}`,
      next: 'npx zx runbooks/doctor.mjs',
    });
  }
  return readLooked(place, output.stdout);
}

/**
 * Shell that tells of a repository: `list` and its snapshots; where something is wrong `said` and a line of restic, `pack` and its
 * name, `hurt` and a snapshot that something is missing of, `file` and what that is. Which parts of files were in a pack, only the
 * index tells for certain; where a tree cannot be read any more, each snapshot is asked by itself.
 */
const functions = `look() {
  name=$1; known=$2; still=''
  before=$(indexes)
  checked
  # Whoever removes something meanwhile takes away what was to be looked at.
  [ $code = 0 ] || [ $code = 12 ] || [ "$(indexes)" = "$before" ] || checked
  [ $code != 12 ] || { printf '%s\\n' "$said" >&2; exit 12; }
  for pack in $known; do
    run "$name" list packs --no-lock --quiet | grep -q "^$pack" || continue
    [ "$(run "$name" cat pack "$pack" --no-lock 2>/dev/null | sha256sum | cut -c1-64)" = "$pack" ] || still="$still $pack"
  done
  printf 'list %s ' "$name"; run "$name" snapshots --no-lock --json 2>/dev/null; echo
  [ $code != 0 ] || [ -n "$still" ] || return 0
  [ $code = 0 ] || printf '%s\\n' "$said" | grep -v '^[[:space:]]*$' | sed "s/^/said $name /"
  packs=$({ printf '%s\\n' "$said" | sed -n 's/^pack \\([0-9a-f]\\{64\\}\\).*/\\1/p'; printf '%s\\n' $still; } | grep . | sort -u | head -n 500 | tr '\\n' ' ')
  for pack in $packs; do echo "pack $name $pack"; done
  blobs=$([ -z "$packs" ] || for index in $(run "$name" list index --no-lock --quiet); do run "$name" cat index --no-lock "$index" 2>/dev/null; done |
    tr -d ' \\n' | tr '{' '\\n' | awk -F'"' -v packs="$packs" '/"blobs":/ { on = index(packs, $4) > 0; next } on && /"type":/ { print $8 "=" $4 }')
  data=$({ printf '%s\\n' $blobs | sed -n 's/^data=//p'; printf '%s\\n' "$said" | grep -oE 'blob [0-9a-f]{64} not found' | cut -d' ' -f2; } | sort -u | head -n 20000)
  trees=$(printf '%s\\n' $blobs | sed -n 's/^tree=//p' | sort -u | head -n 20000)
  hurts blob $data
  hurts tree $trees
  [ -n "$data$trees" ] || for snapshot in $(ids "$name"); do run "$name" ls --no-lock "$snapshot" >/dev/null 2>&1 || echo "hurt $name $snapshot"; done
}
checked() { said=$(run "$name" check --no-lock --quiet "$part" 2>&1); code=$?; }
indexes() { run "$name" list index --no-lock --quiet 2>/dev/null | sort; }
ids() { run "$1" snapshots --no-lock --json | tr ',' '\\n' | sed -n 's/.*"id":"\\([0-9a-f]\\{64\\}\\)".*/\\1/p'; }
hurts() {
  kind=$1; shift
  [ $# -gt 0 ] || return 0
  matches "$@" >/tmp/found || for snapshot in $(ids "$name"); do
    matches --snapshot "$snapshot" "$@" >/tmp/one || echo "hurt $name $snapshot"
    cat /tmp/one >>/tmp/found
  done
  cut -d' ' -f1 /tmp/found | sort -u | sed "s/^/hurt $name /"
  cut -d' ' -f2- /tmp/found | sort -u | head -n 5 | sed "s/^/file $name /"
}
# Each match as "snapshot path"; what one snapshot has is told once.
matches() {
  run "$name" find --no-lock --json "--$kind" "$@" >/tmp/matches 2>/dev/null; code=$?
  tr '{' '\\n' </tmp/matches | sed -n 's/.*"path":"\\([^"]*\\)".*"snapshot":"\\([0-9a-f]*\\)".*/\\2 \\1/p' | sort -u
  return $code
}`;

interface Listed {
  readonly id: string;
  readonly tags?: readonly string[];
}

/** What `functions` have printed; pure. */
export function readLooked(place: Place, stdout: string): Looked {
  const lines = stdout.split('\n').map((line) => line.split(' '));
  const of = (word: string, name: string) =>
    lines.filter(([one, other]) => one === word && other === name).map((words) => words.slice(2).join(' '));
  const lists = new Map(
    repositories.map((name) => [
      name,
      of('list', name).flatMap((json) => (json === '' ? [] : (JSON.parse(json) as Listed[]))),
    ]),
  );
  const all = [...lists.values()].flat().flatMap(({ tags }) => generationOf(tags) ?? []);
  const hurtIn = (name: 'archive' | 'recent') => {
    const snapshots = new Set(of('hurt', name));
    const own = lists
      .get(name)!
      .flatMap(({ id, tags = [] }) => (snapshots.has(id) ? valuesOf(tags, ['generation', 'manifest']) : []));
    // One of changes needs the whole one that it rests on.
    const above = all.filter(({ full }) => own.includes(full)).map(({ id }) => id);
    return [...new Set([...own, ...above])].filter((id) => all.some((one) => one.id === id)).sort();
  };
  const damages = repositories.flatMap((repository): Damage[] => {
    const [said, packs, files] = [of('said', repository), of('pack', repository), of('file', repository)];
    if (said.length + packs.length === 0) return [];
    return [{ place, repository, said: sayingOf(said, packs, files), packs, hurt: hurtIn(repository) }];
  });
  return { ids: [...new Set(all.map(({ id }) => id))].sort(), damages };
}

const valuesOf = (tags: readonly string[], names: readonly string[]) =>
  tags.flatMap((tag) => (names.includes(tag.split('=')[0]!) ? [tag.slice(tag.indexOf('=') + 1)] : []));

function generationOf(tags: readonly string[] = []): { readonly id: string; readonly full: string } | undefined {
  const [[id], [full]] = [valuesOf(tags, ['manifest']), valuesOf(tags, ['full'])];
  return id === undefined || full === undefined ? undefined : { id, full };
}

/** What restic says for whoever mends by hand is no part of what is wrong. */
const advice =
  /^(restic repair|The repository (is|contains) damaged|Damaged pack files|Fatal: repository contains errors|Use .restic repair)/;

function sayingOf(said: readonly string[], packs: readonly string[], files: readonly string[]): readonly string[] {
  const lines = said.filter((line) => !advice.test(line)).slice(0, 10);
  const told = lines.length > 0 ? lines : packs.map((pack) => `pack ${pack}: is still damaged`);
  return files.length === 0 ? told : [...told, `which has parts of ${files.join(', ')}`];
}

/** All that was found, for the state; pure. Of a place that did not answer it is what was known `before`. */
export function damagesOf(looks: ReadonlyMap<Place, Looked>, before?: Damages): Damages {
  const all = [...looks.values()].flatMap(({ damages }) => damages);
  const idsOf = (place: Place, of: readonly Damage[]) => [
    ...new Set(of.flatMap((one) => (one.place === place ? one.hurt : []))),
  ];
  const gone = all.filter(({ packs }) => packs.length === 0);
  const known = (place: Place, of: readonly Damage[], what: 'hurt' | 'lost') =>
    looks.has(place) ? idsOf(place, of) : (before?.[what][place] ?? []);
  const hurt = { local: known('local', all, 'hurt'), remote: known('remote', all, 'hurt') };
  const soundIn = (place: Place) => (looks.get(place)?.ids ?? []).findLast((id) => !hurt[place].includes(id));
  return {
    packs: {
      ...Object.fromEntries(
        Object.entries(before?.packs ?? {}).filter(([name]) => !looks.has(name.split(' ')[0] as Place)),
      ),
      ...Object.fromEntries(
        all.flatMap(({ place, repository, packs }) => (packs.length === 0 ? [] : [[`${place} ${repository}`, packs]])),
      ),
    },
    hurt,
    lost: { local: known('local', gone, 'lost'), remote: known('remote', gone, 'lost') },
    sound: { local: soundIn('local'), remote: soundIn('remote') },
  };
}

/** Whether it is nothing but what was told before to be gone for good; pure. */
export const isKnown = ({ place, packs, hurt }: Damage, before: Damages | undefined): boolean =>
  packs.length === 0 && hurt.length > 0 && hurt.every((id) => before?.lost[place].includes(id));

/** As people read it; pure. */
export const sentencesOf = ({ place, repository, said, hurt }: Damage): readonly string[] =>
  [...said, hurt.length === 0 ? 'no generation needs it' : `which hurts ${hurt.join(', ')}`].map(
    (line) => `${place} ${repository}: ${line.trim().slice(0, 400)}`,
  );
