import type { Action } from '../../core/change.ts';
import type { CheckResult } from '../../core/event.ts';
import { sha256 } from '../../core/hash.ts';
import type { VolumeSpec } from '../../core/spec.ts';
import type { FoundDevice, FoundVolume } from './volume-probe.ts';

/** What is to be done about a data volume, or why nothing may be done. */
export type Verdict =
  | { readonly state: 'met' }
  | { readonly state: 'due'; readonly action: Action; readonly why: string }
  | { readonly state: 'refused'; readonly what: string; readonly next: string };

/** Pure: from what was found alone. */
export function verdictOn(spec: VolumeSpec, found: FoundVolume): Verdict {
  const { device } = found;
  const { device: name, path } = spec;
  if (!device)
    return refused(
      `the data volume ${name} is not attached to the host`,
      'attach it and run the same command again, or correct host.dataDevice. Until then Docker does not start after a boot: Gitea would start empty',
    );
  if (found.mounted === 'other')
    return refused(
      `${path} is on another device than host.dataDevice, ${name}`,
      `nothing was touched. \`findmnt ${path}\` on the host shows which; put host.dataDevice back, or move the data and unmount it first`,
    );
  if (found.mounted === 'device') return mounted(spec, found, device);
  const elsewhere = device.mounts[0];
  if (elsewhere !== undefined)
    return refused(
      `the data volume ${name} is mounted at ${elsewhere}, host.dataPath is ${path}`,
      'nothing was touched. Put host.dataPath back, or unmount it there first',
    );
  const alien = foreign(device);
  if (alien)
    return refused(
      `the data volume ${name} holds ${alien}`,
      `nothing on it was touched. Name another device in host.dataDevice. If what it holds may go for good, on the host: wipefs -a ${name} && dd if=/dev/zero of=${name} bs=1M count=1`,
    );
  if (found.hides)
    return refused(
      `${path} holds files on the system disk, and the data volume ${name} would hide them`,
      'move them onto the volume first: docs/runbooks/deploy.md, "Move data onto a volume"',
    );
  if (isBlank(device))
    return due('create', device.begun ? 'making its file system was cut off' : 'the device is blank');
  return due('create', `not mounted. What its ${device.type} holds shows only then, so less may be left to do below`);
}

/** The same, for one who only looks. */
export function standing(spec: VolumeSpec, found: FoundVolume): Pick<CheckResult, 'status' | 'detail' | 'next'> {
  const verdict = verdictOn(spec, found);
  if (verdict.state === 'refused') return { status: 'fail', detail: verdict.what, next: verdict.next };
  const due = verdict.state === 'due' ? `: ${verdict.why}` : '';
  const size = gib(found.device?.size ?? 0);
  if (found.mounted === 'device') return { status: 'pass', detail: `mounted at ${spec.path}, ${size}${due}` };
  // Part of the boot since a deploy: then it should be there.
  if (!found.enabled) return { status: 'pass', detail: `${spec.device}, ${size}${due}` };
  return {
    status: 'fail',
    detail: `the data volume ${spec.device} is not mounted at ${spec.path}, so Docker and Gitea do not start`,
    next: `npx zx runbooks/deploy.mjs, which mounts it; why it was not: journalctl -b -u '${spec.unit}' on the host`,
  };
}

/** Whether a file system may be made: nothing at all is there, or one that was begun here and never mounted. */
export function isBlank({ type, signs, zero, begun, mounts }: FoundDevice): boolean {
  if (mounts.length > 0) return false;
  if (begun) return signs.every((sign) => sign === 'ext4');
  return type === '' && signs.length === 0 && zero;
}

/** The files that are not as they should be. */
export function staleFiles({ files }: VolumeSpec, { hashes }: FoundVolume): VolumeSpec['files'] {
  return files.filter(({ path, content }) => hashes.get(path) !== sha256(content));
}

/** Of a device that may not become a file system and is none that is known: what it is. */
function foreign(device: FoundDevice): string | undefined {
  if (isBlank(device)) return undefined;
  const others = device.signs.filter((sign) => sign !== device.type);
  if (['ext4', 'xfs'].includes(device.type) && others.length === 0) return undefined;
  return device.signs.join(', ') || 'data that belongs to no file system';
}

function mounted(spec: VolumeSpec, found: FoundVolume, device: FoundDevice): Verdict {
  const reasons: string[] = [];
  const stale = staleFiles(spec, found).map(({ path }) => path);
  if (stale.length > 0) reasons.push(`${stale.join(', ')} differ${stale.length === 1 ? 's' : ''}`);
  if (!found.enabled) reasons.push('not mounted at boot');
  if (found.needsReload) reasons.push('its unit file changed on disk');
  if (canGrow(device))
    reasons.push(`the device has ${gib(device.size)}, its file system only ${gib(device.used ?? 0)}`);
  return reasons.length === 0 ? { state: 'met' } : due('update', reasons.join('; '));
}

const MiB = 1024 ** 2;

/**
 * Less than a block group of ext4 at the end of a device may stay unused, and XFS counts without its log: a little more is
 * no reason to grow. Shrinking is never one.
 */
export function canGrow({ type, size, used }: FoundDevice): boolean {
  const slack = type === 'ext4' ? 128 * MiB : Math.max(256 * MiB, size / 100);
  return used !== undefined && size - used > slack;
}

export const gib = (bytes: number) => `${(bytes / 1024 ** 3).toFixed(1)} GiB`;

const due = (action: Action, why: string): Verdict => ({ state: 'due', action, why });
const refused = (what: string, next: string): Verdict => ({ state: 'refused', what, next });
