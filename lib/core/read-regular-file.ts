import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';

/** Far above any file that is read here as a whole. */
const mebibyte = 1024 * 1024;

/** Why a path is not read although something is there: it is of another type, or too large. */
export class NotAFileError extends Error {
  readonly type: 'directory' | 'special' | 'large';
  /** Bytes, of one that is too large. */
  readonly size: number;

  constructor(type: 'directory' | 'special' | 'large', size = 0) {
    const words = {
      directory: 'it is a directory',
      special: 'it is not a regular file (a pipe, a socket or a device)',
      large: `it is ${(size / mebibyte).toFixed(1)} MiB large, allowed is at most 1 MiB`,
    };
    super(words[type]);
    this.name = 'NotAFileError';
    this.type = type;
    this.size = size;
  }
}

/**
 * The bytes of a regular file of at most 1 MiB. Of anything else nothing is read, and nothing is waited for: a pipe that nobody
 * writes to, a terminal and an endless device are refused at once. Throws NotAFileError, or what the system says.
 */
export function readRegularFile(path: string): Buffer {
  // Asked before it is opened, since opening a device may do something; and after it, since it may be another one by then.
  refuseOther(statSync(path));
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    refuseOther(fstatSync(file));
    // The size is no promise: files of the kernel say 0, and others grow.
    const bytes = Buffer.alloc(mebibyte + 1);
    let length = 0;
    for (;;) {
      const read = readSync(file, bytes, length, bytes.length - length, null);
      length += read;
      if (length > mebibyte) throw new NotAFileError('large', length);
      if (read === 0) return Buffer.from(bytes.subarray(0, length));
    }
  } finally {
    closeSync(file);
  }
}

function refuseOther(stat: { isFile(): boolean; isDirectory(): boolean; size: number }): void {
  if (stat.isDirectory()) throw new NotAFileError('directory');
  if (!stat.isFile()) throw new NotAFileError('special');
  if (stat.size > mebibyte) throw new NotAFileError('large', stat.size);
}
