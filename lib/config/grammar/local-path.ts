import { home } from '../../core/home.ts';
import { cut, quoted } from '../problem.ts';

/** Bytes of a name in a folder, less what is put behind it while a file is replaced; and of a whole path. */
const longestName = 240;
const longestPath = 4000;

/** What is wrong with the path of a file on this machine, or undefined. */
export function localPathProblem(path: string): string | undefined {
  if (/^~(?=\/|$)/.test(path) && home() === undefined)
    return `is the text ${quoted(path)}, and this account has no home directory (HOME is not set), allowed is a whole path`;
  if (/^~[^/]/.test(path))
    return `is the text ${quoted(path)}, and the home of another account is not looked up, allowed is ~/ for your own, or a whole path`;
  if (/^\$(\w|\{\w+\}|\()/.test(path))
    return `is the text ${quoted(path)}, which is no shell's, so nothing is put in the place of the $, allowed is ~/ for your home, or a whole path`;
  if (path.trim() !== path)
    return `is the text ${quoted(path)} with a space at its beginning or end, allowed is it without`;
  if (Buffer.byteLength(path) > longestPath) return `is ${path.length} characters long, allowed is a path`;
  const name = path.split('/').find((each) => Buffer.byteLength(each) > longestName);
  return name && `holds the name "${cut(name)}" of ${name.length} characters, allowed are at most ${longestName} bytes`;
}
