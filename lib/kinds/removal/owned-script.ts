import { posix } from 'node:path';
import { type Mark, markLine, thingOf } from '../../core/mark.ts';
import { quote, quoteAll } from '../../core/quote.ts';
import type { OwnedSpec } from '../../core/spec.ts';
import { swapLabel } from '../system/index.ts';

type Place = Pick<OwnedSpec, 'path' | 'kept' | 'header'>;

/** systemd's name for the unit that a file is, where it is one. */
export const unitOf = (path: string): string | undefined =>
  /\/etc\/systemd\/system\/([^/]+\.(service|timer|socket|path|target|slice|mount))$/.exec(path)?.[1];

const begin = `set -eu
umask 077`;

/** In place of the marks that are there. Written to the end before it gets their name. */
const replace = ({ path }: Place) => `sync -- ${quote(`${path}.next`)}
mv -fT -- ${quote(`${path}.next`)} ${quote(path)}`;

/** A copy for people. One that is there already, of another content, gets a number. */
const copy = ({ kept }: Place) => `copy() {
  to=${quote(kept)}$1
  ! cmp -s -- "$1" "$to" || return 0
  mkdir -p -- "\${to%/*}"
  cp -p -- "$1" "$to.next"
  sync -- "$to.next"
  mv -T --backup=numbered -- "$to.next" "$to"
}`;

/**
 * Mark what is about to be made, before it is. Of a file that is not ours and has the name of one that will be, a copy is
 * kept.
 */
export function markScript(place: Place, marks: readonly Mark[], taken: readonly string[]): string {
  return `${begin}
mkdir -p -- ${quote(posix.dirname(place.path))}
${copy(place)}
for path in ${quoteAll(taken)}; do
  [ -f "$path" ] || continue
  ! head -n 1 -- "$path" | grep -qF -e ${quote(place.header)} || continue
  copy "$path"
done
printf '%s\\n' ${quoteAll(marks.map(markLine))} > ${quote(`${place.path}.next`)}
${replace(place)}`;
}

/** Mark what is as wanted already. Marks that are there and cannot be read are not to be lost: `cat` stands in no pipe. */
export const adoptScript = (place: Place, marks: readonly Mark[]) => `${begin}
mkdir -p -- ${quote(posix.dirname(place.path))}
old=
[ ! -e ${quote(place.path)} ] || old=$(cat -- ${quote(place.path)})
printf '%s\\n' "$old" ${quoteAll(marks.map(markLine))} | awk 'length && !seen[$0]++' > ${quote(`${place.path}.next`)}
${replace(place)}`;

/** Take a thing away that carries these marks, and then them: cut off in between, the next look still sees it. */
export function removeScript(place: Place, marks: readonly Mark[]): string {
  return `${begin}
${goes(place, marks)}
${unmarkScript(place, marks[0]!)}`;
}

export const unmarkScript = (place: Place, mark: Mark) => `umask 077
thing=${quote(thingOf(mark))} awk -F '\\t' '$1 "\\t" $2 != ENVIRON["thing"]' ${quote(place.path)} > ${quote(`${place.path}.next`)}
${replace(place)}`;

function goes(place: Place, marks: readonly Mark[]): string {
  const [{ type, name, value }] = marks as readonly [Mark, ...Mark[]];
  const path = quote(name);
  switch (type) {
    case 'link':
      return `if [ "$(readlink -- ${path})" = ${quote(value)} ]; then rm -f -- ${path}; fi`;
    case 'directory':
      return `[ ! -d ${path} ] || rmdir -- ${path} 2>/dev/null || echo ${quote(`${name} holds something else: it stays`)}`;
    case 'network':
      return `if docker network inspect ${path} >/dev/null 2>&1 && ! docker network rm ${path}; then
  [ "$(docker network inspect -f '{{len .Containers}}' ${path})" -gt 0 ]
  echo ${quote(`the network ${name} is used by somebody else: it stays`)}
fi`;
    case 'image':
      return image(name);
    case 'swap':
      return swap(name);
    default:
      return fileGoes(place, marks);
  }
}

/** Whatever lies there and is no file of ours any more stays. */
function fileGoes(place: Place, marks: readonly Mark[]): string {
  const [{ type, name, readers }] = marks as readonly [Mark, ...Mark[]];
  const unit = unitOf(name);
  const reload = name.includes('/etc/systemd/system/') ? 'systemctl daemon-reload' : ':';
  return `path=${quote(name)}
${copy(place)}
if [ -f "$path" ] && [ ! -L "$path" ]; then
${unit ? stop(unit) : ''}
${type === 'secret' ? '' : copyUnlessOurs(marks)}
  rm -f -- "$path"
fi
${reload}
${readers.length > 0 ? `systemctl try-restart ${quoteAll(readers)}` : ':'}`;
}

const copyUnlessOurs = (marks: readonly Mark[]) => `  now=$(sha256sum <"$path")
  case ${quote(` ${marks.map(({ value }) => value).join(' ')} `)} in *" \${now%% *} "*) ;; *) copy "$path" ;; esac`;

/** Its links go while the file still says where they are. The state of a timer is when it ran last; that of a service is data. */
const stop = (unit: string) => `  systemctl disable --quiet -- ${quote(unit)} 2>/dev/null || true
  systemctl stop -- ${quote(unit.replace(/@\./, '@*.'))} || { journalctl --no-pager -u ${quote(unit)} -n 10; exit 1; }
${unit.endsWith('.timer') ? `  systemctl clean --what=state -- ${quote(unit)} 2>/dev/null || true\n` : ''}  systemctl reset-failed -- ${quote(unit)} 2>/dev/null || true`;

/** A name that is one of several goes; the last one only when no container is made from the image, running or not. */
const image = (ref: string) => `ref=${quote(ref)}
if found=$(docker image inspect -f '{{.Id}} {{len .RepoTags}}' "$ref" 2>/dev/null); then
  if [ "\${found##* }" -le 1 ] && docker ps -aq | xargs -r docker inspect -f '{{.Image}}' | grep -qxF -e "\${found%% *}"; then
    echo "a container uses $ref: it stays"
  else docker image rm "$ref" || echo "$ref stays"; fi
fi`;

/** What is in it has to find room in memory first. */
const swap = (path: string) => `path=${quote(path)}
if [ ! -e "$path" ] || [ "$(blkid -p -s LABEL -o value -- "$path" 2>/dev/null)" = ${swapLabel} ]; then
  used=$(path=$path awk '$1 == ENVIRON["path"] { print int($4 / 1024) }' /proc/swaps)
  if [ -n "$used" ]; then
    free=$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo)
    [ "$free" -ge "$((used + 256))" ] || { echo "$used MiB of it are in use, and only $free MiB of memory are free"; exit 1; }
    swapoff -- "$path"
  fi
  if grep -qxF -e "$path none swap sw 0 0" /etc/fstab; then
    cp -p /etc/fstab /etc/fstab.next
    grep -vxF -e "$path none swap sw 0 0" /etc/fstab > /etc/fstab.next || [ $? -eq 1 ]
    sync /etc/fstab.next
    mv -fT /etc/fstab.next /etc/fstab
  fi
  rm -f -- "$path"
else echo "$path is not the one that was made here: it stays"; fi`;
