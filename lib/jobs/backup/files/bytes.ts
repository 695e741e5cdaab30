import { closeSync, constants, type Dirent, openSync, readdirSync, readSync } from 'node:fs';

/**
 * Names below a repository are bytes, in no encoding that git would promise. Here a path is a string with one character a byte
 * (latin1), so that it can be compared, sorted and joined like any other; this makes of it what the system takes.
 */
export const native = (path: string): string | Buffer =>
  /[\u0080-\u00ff]/.test(path) ? Buffer.from(path, 'latin1') : path;

/** A path or a name of the usual kind (UTF-8) in that form. */
export const byteString = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

/** Whether an error says that something is not there (any more): what others write is read without a lock. */
export const isGone = (error: unknown): boolean => ['ENOENT', 'ENOTDIR', 'ESTALE'].includes(codeOf(error));

export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);

const scratch = Buffer.alloc(64 * 1024);

/**
 * The content of a file, one character a byte; undefined when it is not there. Follows no symbolic link and waits for no pipe:
 * root reads here what another user writes. Throws what the system says otherwise.
 */
export function readBytes(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(native(path), constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
  try {
    let text = '';
    for (;;) {
      const read = readSync(file, scratch, 0, scratch.length, null);
      text += scratch.toString('latin1', 0, read);
      // Less than asked for is the end of a regular file; asking once more would double the calls of a small one.
      if (read < scratch.length) return text;
    }
  } finally {
    closeSync(file);
  }
}

/** The entries of a directory with their names as byte strings; none when it is gone. */
export function entriesOf(path: string): Dirent[] {
  try {
    return readdirSync(native(path), { withFileTypes: true, encoding: 'latin1' });
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}

/** A name for people: its bytes are taken for UTF-8. */
export const printable = (name: string): string => Buffer.from(name, 'latin1').toString('utf8');
