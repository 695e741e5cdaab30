import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';

/** The home directory of whoever runs this. Undefined for an account that has none: a number alone, with no HOME set. */
export function home(): string | undefined {
  try {
    return homedir() || undefined;
  } catch {
    return undefined;
  }
}

/** Whether something can be kept in a directory. */
export function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
