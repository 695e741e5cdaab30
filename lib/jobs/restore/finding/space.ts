import { statfsSync } from 'node:fs';
import { RunbookError } from '../../../core/errors.ts';
import type { Host } from '../../../host/port.ts';

/** What a file system needs beside the bytes of the files: directories, ends of blocks. */
const overhead = 1.1;

const megabytes = (bytes: number) => `${Math.ceil(bytes / 1_000_000)} MB`;

/** Throws `refused` where the disk of a folder cannot hold so many bytes more. */
export async function mustFit(host: Host, folder: string, bytes: number, what: string): Promise<void> {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const needed = bytes * overhead;
  if (free >= needed) return;
  throw new RunbookError('refused', {
    where: host.label,
    what: `${what} needs ${megabytes(needed)} beside the data in use, and the disk of ${folder} has ${megabytes(free)} left`,
    next: 'nothing in use was touched. Make room or enlarge the disk, then run the same command again',
  });
}
