import { posix } from 'node:path';
import { RunbookError } from '../../core/errors.ts';
import { quote } from '../../core/quote.ts';
import type { VolumeSpec } from '../../core/spec.ts';
import type { Kind } from '../kind.ts';
import { patiently } from '../system/index.ts';
import { changeOf, must } from '../text.ts';
import { begunMark, blankBytes, type FoundVolume, hasMark, parseVolumes, volumeSnippet } from './volume-probe.ts';
import { canGrow, gib, isBlank, staleFiles, standing, verdictOn } from './volume-verdict.ts';

export const volume: Kind<'volume', FoundVolume> = {
  kind: 'volume',
  snippet: volumeSnippet,
  parse: parseVolumes,
  diff: (spec, found) => {
    const verdict = verdictOn(spec, found);
    if (verdict.state === 'met') return undefined;
    if (verdict.state === 'refused') throw new RunbookError('refused', { what: verdict.what, next: verdict.next });
    return changeOf(spec, verdict.action, `data volume ${spec.path}`, verdict.why);
  },
  examine: standing,
  reveals: ({ mounted }) => mounted === 'no',
  apply: async (spec, _change, { host, progress }, found) => {
    if (found.device && isBlank(found.device)) {
      progress(`making a file system of ${gib(found.device.size)}`);
      await must(host, make(spec), {
        what: `no file system could be made on ${spec.device}`,
        next: `look at the device on the host: lsblk -f ${spec.device}; e2fsprogs must be installed`,
        timeout: 900,
      });
    }
    const stale = staleFiles(spec, found);
    if (stale.length > 0) await host.run({ argv: ['mkdir', '-p', ...stale.map(({ path }) => posix.dirname(path))] });
    for (const file of stale) await host.put({ ...file, mode: '0644', uid: 0, gid: 0 });
    await must(host, mount(spec), {
      what: `the data volume could not be mounted at ${spec.path}`,
      next: `on the host: systemctl status ${quote(spec.unit)}; a damaged file system is for fsck, with a copy of the device at hand`,
      timeout: 180,
    });
    await must(host, grow(spec, found), {
      what: `the file system of ${spec.path} could not be grown to its device`,
      next: `on the host: df -h ${spec.path}; dmesg | tail. Everything on it is as it was`,
      timeout: 1800,
      onLine: progress,
    });
  },
};

const find = ({ device }: VolumeSpec) => `set -eu
node=$(readlink -e ${quote(device)})`;

/**
 * Blank is asked again at the last moment. The mark in the first sector tells the next run that what it finds was never
 * mounted, wherever this one is cut off; it goes when the file system is whole and on the disk.
 */
const make = (spec: VolumeSpec) => `${find(spec)}
if ! ${hasMark}; then
  code=0
  blkid -p "$node" >/dev/null 2>&1 || code=$?
  if [ "$code" -ne 2 ] || [ -n "$(wipefs -n --noheadings -O TYPE "$node")" ] || ! cmp -s -n ${blankBytes} /dev/zero "$node"; then
    echo 'the device is not blank any more'
    exit 1
  fi
  printf '%s' ${quote(begunMark)} | dd of="$node" bs=512 conv=sync,notrunc,fsync status=none
fi
mkfs.ext4 -q -F -L gitea-data -m 1 "$node"
dd if=/dev/zero of="$node" bs=512 count=1 conv=notrunc,fsync status=none`;

/** Only started, never restarted: whatever has files open on it goes on. */
const mount = (spec: VolumeSpec) => `${find(spec)}
path=${quote(spec.path)}
if ! mountpoint -q "$path" && [ -n "$(find "$path" -mindepth 1 -maxdepth 1 -print -quit 2>/dev/null)" ]; then
  echo "$path holds files"
  exit 1
fi
systemctl daemon-reload
systemctl enable -q ${quote(spec.unit)}
mountpoint -q "$path" || systemctl start ${quote(spec.unit)} || { journalctl --no-pager -u ${quote(spec.unit)} -n 10; exit 1; }
[ "$(mountpoint -d "$path")" = "$(mountpoint -x "$node")" ] || { findmnt "$path"; exit 1; }`;

/** Both tools do nothing where there is nothing to gain. That of XFS is not on every host. */
const grow = (spec: VolumeSpec, { device }: FoundVolume) => `${find(spec)}
case "$(blkid -p -s TYPE -o value "$node")" in
  ext4) resize2fs "$node" ;;
  xfs)
    command -v xfs_growfs >/dev/null || ${device && canGrow(device) ? install : 'exit 0'}
    xfs_growfs -d ${quote(spec.path)} ;;
esac`;

const install = `{
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1
${patiently}
patiently apt-get -q update; patiently apt-get -q -y --no-install-recommends install xfsprogs; }`;
