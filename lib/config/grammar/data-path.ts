import { posix } from 'node:path';
import { quoted } from '../problem.ts';

/** Directories of the system: nothing of ours goes in or below them. */
const closed = [
  '/bin',
  '/boot',
  '/dev',
  '/etc',
  '/home',
  '/lib',
  '/lib32',
  '/lib64',
  '/libx32',
  '/lost+found',
  '/proc',
  '/root',
  '/run',
  '/sbin',
  '/snap',
  '/swapfile',
  '/swapfile.next',
  '/sys',
  '/tmp',
  '/usr',
  '/var/cache',
  '/var/lib/apt',
  '/var/lib/containerd',
  '/var/lib/docker',
  '/var/lib/dpkg',
  '/var/lib/gitea-runbooks',
  '/var/lib/systemd',
  '/var/log',
  '/var/run',
  '/var/spool',
  '/var/tmp',
  '/opt/gitea-runbooks',
];
/** Directories that others own, in which a directory of ours may be. */
const shared = ['/', '/media', '/mnt', '/opt', '/srv', '/var', '/var/backups', '/var/lib', '/var/opt'];

/** What is wrong with a directory for data on the host, or undefined. */
export function dataPathProblem(path: string, example = '/srv/gitea'): string | undefined {
  const is = `is the text ${quoted(path)}`;
  if (!path.startsWith('/')) return `${is}, allowed is an absolute path on the host, for example ${example}`;
  // systemd's name for a mount there has room for 255, and each character but letters and digits takes four of it.
  if (path.replaceAll(/[^A-Za-z0-9:_./]/g, '----').length > 200)
    return `${is}, which is too long, allowed are at most 200 characters`;
  const normal = posix.normalize(path).replace(/(?<=.)\/$/, '');
  if (normal !== path.replace(/(?<=.)\/$/, ''))
    return `${is}, allowed is a path without "//", "." and ".."${dataPathProblem(normal) ? '' : ` - did you mean ${quoted(normal)}?`}`;
  const system = closed.find((directory) => normal === directory || normal.startsWith(`${directory}/`));
  if (system) return `${is}, within ${system} of the system, allowed is a directory of its own, for example ${example}`;
  if (shared.includes(normal))
    return `${is}, a directory of the system, allowed is one of its own - did you mean ${quoted(posix.join(normal, 'gitea'))}?`;
  return undefined;
}

/** What is wrong with the name of a disk on the host, or undefined. */
export function dataDeviceProblem(path: string): string | undefined {
  const is = `is the text ${quoted(path)}`;
  const example = 'allowed is a name that stays, for example /dev/disk/by-id/scsi-0DO_Volume_gitea';
  const [, ...names] = path.slice('/dev/disk'.length).split('/');
  if (!path.startsWith('/dev/disk/') || names.length < 2) return `${is}, ${example}`;
  if (names.some((name) => ['', '.', '..'].includes(name))) return `${is}, with an empty part, "." or "..", ${example}`;
  return names.some((name) => name.length > 255) ? `${is}, which is too long, ${example}` : undefined;
}
