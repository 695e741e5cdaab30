import { quote, quoteAll } from '../../core/quote.ts';
import type { VolumeSpec } from '../../core/spec.ts';
import { rows } from '../text.ts';

/** What there is of a data volume. */
export interface FoundVolume {
  /** Undefined while the host has no such device. */
  readonly device?: FoundDevice;
  /** Something is mounted on the path: the device, or another one. */
  readonly mounted: 'no' | 'device' | 'other';
  /** Nothing is mounted on the path, and the directory has files. */
  readonly hides: boolean;
  readonly enabled: boolean;
  readonly needsReload: boolean;
  /** SHA-256 by path of the files that are there. */
  readonly hashes: ReadonlyMap<string, string>;
}

export interface FoundDevice {
  /** Type of its file system, as blkid calls it; empty where it finds none. */
  readonly type: string;
  /** Everything that any tool takes for the mark of something, and what makes use of the device. */
  readonly signs: readonly string[];
  /** Not a byte of its first MiB is used. */
  readonly zero: boolean;
  /** A file system was begun here, and not finished. */
  readonly begun: boolean;
  /** Where it is mounted. */
  readonly mounts: readonly string[];
  /** Bytes of the device, and of its file system where that can be told. */
  readonly size: number;
  readonly used?: number;
}

/** Stands in the first sector, which ext4 leaves alone, from before a file system is made until it is whole. */
export const begunMark = 'gitea-runbooks: a file system is being made here';

/** Shell that is true when the device `$node` has this mark. */
export const hasMark = `[ "$(head -c ${begunMark.length} "$node" | tr -d '\\0')" = ${quote(begunMark)} ]`;

/** How far a device must be empty to count as blank. Encrypted data has no mark of its own, but is no zeros either. */
export const blankBytes = 1024 * 1024;

export const volumeSnippet = (specs: readonly VolumeSpec[]): string => specs.map(ask).join('\n').concat('\ntrue');

const ask = (spec: VolumeSpec) => `(
say() { printf '%s\\t%s\\t%s\\n' ${quote(spec.id)} "$1" "$2"; }
path=${quote(spec.path)}
# Of what is no mount point it says so in words.
if at=$(mountpoint -d "$path" 2>/dev/null); then say at "$at"; else at=''; fi
[ -n "$at" ] || [ -z "$(find "$path" -mindepth 1 -maxdepth 1 -print -quit 2>/dev/null)" ] || say hides yes
say enabled "$(systemctl is-enabled ${quote(spec.unit)} 2>/dev/null)"
say reload "$(systemctl show -p NeedDaemonReload --value ${quote(spec.unit)} 2>/dev/null)"
for file in ${quoteAll(spec.files.map(({ path }) => path))}; do [ ! -f "$file" ] || say "hash $(sha256sum <"$file" | cut -d' ' -f1)" "$file"; done
node=$(readlink -e ${quote(spec.device)}) && [ -b "$node" ] || exit 0
number=$(mountpoint -x "$node")
say number "$number"
say size "$(blockdev --getsize64 "$node")"
found=$(blkid -p -o export "$node" 2>/dev/null); say blkid $?
printf '%s\\n' "$found" | sed -n 's/^\\(TYPE\\|PTTYPE\\)=//p' | while read -r word; do say sign "$word"; done
type=$(printf '%s\\n' "$found" | sed -n 's/^TYPE=//p'); say type "$type"
wipefs -n --noheadings -O TYPE "$node" 2>/dev/null | while read -r word; do say sign "$word"; done
for used in /sys/class/block/"\${node##*/}"/*/partition /sys/class/block/"\${node##*/}"/holders/*; do
  case "$used" in *'*'*) ;; */holders/*) say sign "part of \${used##*/}" ;; *) say sign partitions ;; esac
done
cmp -s -n ${blankBytes} /dev/zero "$node" && say zero yes
${hasMark} && say begun yes
awk -v number="$number" '$3 == number {print $5}' /proc/self/mountinfo | while read -r mount; do say mount "$mount"; done
case "$type" in
  ext4) say used "$(dumpe2fs -h "$node" 2>/dev/null | awk -F: '/^Block count/ {n=$2} /^Block size/ {s=$2} END {printf "%.0f", n*s}')" ;;
  xfs) [ "$at" != "$number" ] || say used "$(stat -f -c '%b %S' "$path" | awk '{printf "%.0f", $1*$2}')" ;;
esac
)`;

/** Reads the rows of its own specs and passes over all others. */
export function parseVolumes(text: string, specs: readonly VolumeSpec[]): ReadonlyMap<string, FoundVolume> {
  const all = rows(text);
  return new Map(specs.map((spec) => [spec.id, found(all.filter(([id]) => id === spec.id))]));
}

function found(mine: readonly string[][]): FoundVolume {
  const words = (name: string) => mine.filter(([, key]) => key === name).map(([, , value]) => value ?? '');
  const [word, is] = [(name: string) => words(name)[0] ?? '', (name: string) => words(name)[0] === 'yes'];
  if (words('enabled').length === 0) throw new Error('the probe said nothing about the data volume');
  const [at, number] = [word('at'), word('number')];
  const used = Number(word('used'));
  const odd = ['0', '2'].includes(word('blkid')) ? [] : ['something that cannot be told apart'];
  const device: FoundDevice = {
    type: word('type'),
    signs: [...new Set([...words('sign'), ...odd])],
    zero: is('zero'),
    begun: is('begun'),
    mounts: words('mount'),
    size: Number(word('size')),
    ...(used > 0 ? { used } : {}),
  };
  return {
    ...(number === '' ? {} : { device }),
    mounted: at === '' ? 'no' : at === number ? 'device' : 'other',
    hides: is('hides'),
    enabled: word('enabled') === 'enabled',
    needsReload: is('reload'),
    hashes: new Map(
      mine.filter(([, key]) => key?.startsWith('hash ')).map(([, key, path]) => [path!, key!.slice('hash '.length)]),
    ),
  };
}
