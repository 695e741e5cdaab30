import { entriesOf, printable, readBytes } from './bytes.ts';
import { isHash, isRefName, isValue } from './refs-text.ts';
import { Signature, watch } from './signature.ts';

/** What one look at a repository saw. All names are byte strings. */
export interface Reading {
  /** Empty when there is none that git would take: to git it is no repository then. */
  head: string;
  readonly refs: Map<string, string>;
  /** `refs` and each directory below it, in the order in which the signature has them. */
  readonly directories: string[];
  /** What lies below `refs` and is no ref: locks, other people's files. */
  readonly litter: string[];
  /** What is broken, as the end of a sentence that begins with the repository. */
  readonly broken: string[];
  /** Each stat in it comes before the reading of what it stands for. */
  readonly signature: Signature;
}

/**
 * Reads the refs of a repository that others may be writing to. The order is the only right one: loose refs, then packed-refs,
 * then HEAD. git packs a ref before it takes the loose one away, and takes a deleted one out of packed-refs first, so that a ref
 * that is there all the time is seen in one of the two.
 */
export function readRefs(directory: string): Reading {
  const reading: Reading = {
    head: '',
    refs: new Map(),
    directories: [],
    litter: [],
    broken: [],
    signature: new Signature(),
  };
  watch(reading.signature, directory);
  if (/^[ \t]*refstorage[ \t]*=[ \t]*"?reftable/im.test(readBytes(`${directory}/config`) ?? '')) {
    reading.broken.push('keeps its refs as a reftable, which this backup cannot read: its refs are not saved apart');
    return reading;
  }
  readLoose(directory, 'refs', reading);
  readPacked(readBytes(`${directory}/packed-refs`) ?? '', reading);
  const head = valueIn(readBytes(`${directory}/HEAD`) ?? '');
  if (isValue(head)) reading.head = head;
  return reading;
}

/** git takes any white space after `ref:` and after a hash. */
const valueIn = (content: string): string => {
  const target = /^ref:\s*(.*?)\s*$/s.exec(content)?.[1];
  return target === undefined ? (/^\S*/.exec(content)?.[0] ?? '') : `ref: ${target}`;
};

function readLoose(directory: string, folder: string, reading: Reading): void {
  reading.signature.add(`${directory}/${folder}`);
  reading.directories.push(folder);
  for (const entry of entriesOf(`${directory}/${folder}`)) {
    const name = `${folder}/${entry.name}`;
    // Only the last part of a name may not end with a dot.
    if (!isRefName(entry.isDirectory() ? `${name}/x` : name)) reading.litter.push(name);
    else if (entry.isDirectory()) readLoose(directory, name, reading);
    else if (entry.isFile()) readOne(directory, name, reading);
    else {
      reading.litter.push(name);
      reading.broken.push(`has ${printable(name)}, which is no regular file: it is not saved`);
    }
  }
}

function readOne(directory: string, name: string, reading: Reading): void {
  const content = readBytes(`${directory}/${name}`);
  // Packed or deleted since its name was read: packed-refs, which is read later, knows.
  if (content === undefined) return;
  const value = valueIn(content);
  if (isValue(value)) reading.refs.set(name, value);
  else reading.broken.push(`has a broken ref ${printable(name)}: what is in its file is no commit`);
}

function readPacked(text: string, reading: Reading): void {
  let sound = true;
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    // The name in a line without an end may be half a name.
    if (end === -1) {
      sound = false;
      break;
    }
    const line = text.slice(start, end);
    start = end + 1;
    if (line.startsWith('#') || line.startsWith('^')) continue;
    const space = line.indexOf(' ');
    const name = line.slice(space + 1);
    const value = line.slice(0, Math.max(space, 0));
    if (!isHash(value)) sound = false;
    else if (isRefName(name) && !reading.refs.has(name)) reading.refs.set(name, value);
  }
  if (!sound) reading.broken.push('has a broken packed-refs: only the lines that could be read are saved');
}
