import { RunbookError } from '../../../core/errors.ts';
import { isRepositoryPath } from './paths.ts';

/**
 * The refs of one repository at one moment. Names are bytes, one character each (see bytes.ts). A value is a hash, or
 * `ref: <name>` for a symbolic ref.
 */
export interface RepositoryRefs {
  /** `owner/name.git`, below the folder of repositories. */
  readonly path: string;
  readonly head: string;
  readonly refs: ReadonlyMap<string, string>;
}

const hash = /^(?!0+$)(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

export const isHash = (value: string): boolean => hash.test(value);

/** Whether git would take it: what else lies below `refs` (a `.lock`, a file of an editor) is no ref. */
export const isRefName = (name: string): boolean =>
  name.startsWith('refs/') && !/[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\.|\/\/|\/$|\.$|\.lock$|\.lock\//.test(name);

export const isSymbolic = (value: string): boolean => value.startsWith('ref: ');

export const isValue = (value: string): boolean =>
  isSymbolic(value) ? isRefName(value.slice('ref: '.length)) : isHash(value);

/** By bytes, as git sorts them, and not by a language's alphabet. */
export const inByteOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** One repository's part of refs.txt. */
export function formatRepository({ path, head, refs }: RepositoryRefs): Buffer {
  const names = [...refs.keys()].sort(inByteOrder);
  const lines = [`repository ${path}`, `HEAD ${head}`, ...names.map((name) => `${refs.get(name)} ${name}`)];
  return Buffer.from(`${lines.join('\n')}\n`, 'latin1');
}

/** refs.txt: the repositories sorted by path, the refs of each by name. */
export function formatRefs(repositories: Iterable<RepositoryRefs>): Buffer {
  return Buffer.concat([...repositories].sort((a, b) => inByteOrder(a.path, b.path)).map(formatRepository));
}

/**
 * What formatRefs wrote, one repository after the other. Anything else is refused: a text that is not exactly what this
 * library writes is a damaged one.
 */
export function* parseRefs(text: Buffer): Generator<RepositoryRefs> {
  let before = '';
  for (let start = 0; start < text.length; ) {
    const next = text.indexOf('\nrepository ', start, 'latin1');
    const end = next === -1 ? text.length : next + 1;
    const repository = parseRepository(text.toString('latin1', start, end));
    if (repository.path <= before) throw damaged(`${repository.path} comes after ${before}`);
    before = repository.path;
    yield repository;
    start = end;
  }
}

function parseRepository(text: string): RepositoryRefs {
  if (!text.endsWith('\n')) throw damaged('it ends in the middle of a line');
  const [first = '', second = '', ...lines] = text.slice(0, -1).split('\n');
  const path = first.startsWith('repository ') ? first.slice('repository '.length) : '';
  const head = second.startsWith('HEAD ') ? second.slice('HEAD '.length) : '';
  if (!isRepositoryPath(path) || !isValue(head)) throw damaged(`no repository begins with "${first}", "${second}"`);
  const refs = new Map<string, string>();
  let before = '';
  for (const line of lines) {
    const space = line.lastIndexOf(' ');
    const name = line.slice(space + 1);
    const value = line.slice(0, Math.max(space, 0));
    if (!isRefName(name) || !isValue(value) || name <= before) throw damaged(`${path} has the line "${line}"`);
    before = name;
    refs.set(name, value);
  }
  return { path, head, refs };
}

const damaged = (why: string) =>
  new RunbookError('checkFailed', {
    what: `the list of refs is damaged: ${why}`,
    next: 'take an older generation, and find out what changed this one: its manifest has the checksum of the list',
  });
