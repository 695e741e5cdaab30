import { RunbookError } from '../../core/errors.ts';
import { NotAFileError, readRegularFile } from '../../core/read-regular-file.ts';
import { sizeMessage } from './text.ts';

/**
 * The bytes of a configuration file that was named with the flag. Throws RunbookError `configInvalid` that says what to
 * type instead.
 */
export function readBytes(path: string, flag: '--config' | '--overlay'): Uint8Array {
  try {
    return readRegularFile(path);
  } catch (error) {
    if (error instanceof NotAFileError) throw other(path, flag, error);
    throw unreadable(path, flag, error as NodeJS.ErrnoException);
  }
}

function other(path: string, flag: string, { type, size }: NotAFileError): RunbookError {
  if (type === 'large') return refuse(path, sizeMessage(size), `${flag} takes the path of a configuration file`);
  return type === 'directory'
    ? refuse(path, 'is a directory, not a configuration file', `${flag} takes the path of the file`)
    : refuse(path, 'is not a regular file', `${flag} takes the path of a file`);
}

function unreadable(path: string, flag: string, error: NodeJS.ErrnoException): RunbookError {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
    const start =
      flag === '--config' ? 'copy the gitea.config.yaml of the project there and edit it' : 'write it there';
    return refuse(path, 'there is no such file', `${start}, or give its path with ${flag} FILE`);
  }
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    return refuse(path, 'the file may not be read by you', `make it readable (ls -l ${path}), or run as its owner`);
  }
  return refuse(
    path,
    `the file cannot be read (${error.code ?? error.message})`,
    `give the path of the file with ${flag} FILE`,
  );
}

function refuse(path: string, what: string, next: string): RunbookError {
  return new RunbookError('configInvalid', { what, where: path, next });
}
