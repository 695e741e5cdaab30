import { isMap, isScalar, isSeq, LineCounter, type Node, type Scalar } from 'yaml';
import { type Place, type Problem, quoted } from '../problem.ts';
import { guard } from './guard.ts';
import { mend } from './mend.ts';
import { nameOf, unreadableIn } from './unreadable.ts';

/** Plain data out of the YAML text. Maps have no prototype: a key may be called anything. */
export type Plain = null | boolean | number | string | Plain[] | { [key: string]: Plain };

/** Where a value and its key stand in the text. */
interface Offsets {
  readonly key: number;
  readonly value: number;
  readonly source?: string;
}

export interface Parsed {
  /** Undefined when the text is not YAML as it is used here; `problems` says why. */
  readonly value?: Plain;
  readonly problems: readonly Problem[];
  /** Dotted paths of the values that these are about: nothing more is to be said of them. */
  readonly refused: readonly string[];
  /**
   * Sections from which something without a key was taken out, '' for the first level, '*' for all where the text breaks off:
   * what is not there may have been meant.
   */
  readonly unsure: readonly string[];
  /** Whether the text itself holds what the pointer names. */
  readonly has: (pointer: string) => boolean;
  /** A number, a truth value or nothing as it stands in the text: `1.10` is another version than 1.1. */
  readonly written: (pointer: string) => string | undefined;
  /** The place of what a JSON pointer names; of the nearest parent where that is not in the text. */
  readonly locate: (pointer: string, part: 'key' | 'value') => Place;
}

/** Longer than any value of a configuration: what is done with one may take more steps than it has characters. */
const longest = 4096;

/**
 * Reads one YAML 1.2 document; `file` is only the name that its problems bear. `marks` are the offsets of what has been
 * objected to already.
 */
export function parseText(text: string, file: string, marks: readonly number[] = []): Parsed {
  const lines = new LineCounter();
  const places = new Map<string, Offsets>();
  const problems: Problem[] = [];
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const refuse = (offset: number, message: string, path = '') =>
    problems.push({ severity: 'error', ...at(offset), path, message });
  const locate: Parsed['locate'] = (pointer, part) => {
    const place = places.get(pointer);
    if (place) return at(place[part]);
    return pointer === '' ? { file, line: 1, column: 1 } : locate(parent(pointer), 'key');
  };

  const has: Parsed['has'] = (pointer) => places.has(pointer);
  const written: Parsed['written'] = (pointer) => places.get(pointer)?.source;

  const refused: string[] = [];
  const guarded = guard(text);
  const offsets = [...marks, ...guarded.objections.flatMap(({ offset, opened = offset }) => [offset, opened])];
  const mended = mend(guarded.text ?? '', offsets);
  lines.addNewLine(0);
  for (let index = text.indexOf('\n'); index !== -1; index = text.indexOf('\n', index + 1)) lines.addNewLine(index + 1);
  for (const { offset, message } of guarded.objections) refuse(offset, message);
  for (const { offset, message } of mended.mistakes) refuse(offset, message);
  const { document } = mended;
  const unsure = guarded.torn ? ['*', ...mended.unsure] : [...mended.unsure];
  if (document === undefined || guarded.text === undefined) return { problems, refused, unsure, has, written, locate };
  const marked = (from: number, to: number) => offsets.some((one) => from <= one && one < to);
  const context = {
    places,
    refuse,
    at,
    refused,
    unsure,
    emptied: new Set(mended.keys),
    taken: (from: number, to: number, next: number) =>
      marked(from, to) || mended.gaps.some((gap) => from <= gap && gap < next),
    marked,
  };
  return { value: convert(document.contents, '', context), problems, refused, unsure, has, written, locate };
}

interface Context {
  readonly places: Map<string, Offsets>;
  readonly refuse: (offset: number, message: string, path?: string) => void;
  readonly at: (offset: number) => Place;
  readonly refused: string[];
  readonly unsure: string[];
  /** Offsets of keys whose values were taken out. */
  readonly emptied: ReadonlySet<number>;
  /** Whether something was taken out in front of an empty value, or between it and what follows. */
  readonly taken: (from: number, to: number, next: number) => boolean;
  /** Whether something in a stretch of the text has been objected to. */
  readonly marked: (from: number, to: number) => boolean;
}

/** `end` is where what follows begins. */
function convert(node: Node | null, pointer: string, context: Context, end = Number.POSITIVE_INFINITY): Plain {
  if (isScalar(node)) return scalar(node, pointer, context);
  // What is opened and not closed may hold what was meant for elsewhere.
  const start = node?.range?.[0];
  if (start !== undefined && context.marked(start, start + 1)) context.refused.push(dotted(pointer));
  if (isSeq(node)) {
    return node.items.map((item, index) => {
      const child = item as Node | null;
      const [start = 0, to = start] = child?.range ?? [];
      const [, before = node.range?.[0] ?? 0] = (node.items[index - 1] as Node | undefined)?.range ?? [];
      const [next = end] = (node.items[index + 1] as Node | undefined)?.range ?? [];
      if (start === to && context.taken(before, start, next)) context.refused.push(dotted(`${pointer}/${index}`));
      context.places.set(`${pointer}/${index}`, { key: start, value: start, ...sourceOf(child) });
      return convert(child, `${pointer}/${index}`, context, next);
    });
  }
  if (!isMap(node)) return null;
  const seen = new Map<string, number>();
  const result: { [key: string]: Plain } = Object.create(null);
  for (const [index, pair] of node.items.entries()) {
    const key = pair.key as Node | null;
    const offset = key?.range?.[0] ?? node.range?.[0] ?? 0;
    if (!isScalar(key) || key.value === null) {
      context.refuse(offset, 'a key is missing before the colon or is not plain text', dotted(pointer));
      context.unsure.push(dotted(pointer));
      continue;
    }
    // As it is written: `007` is another name than `7`.
    const name = typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
    const child = within(pointer, name);
    const first = seen.get(name);
    if (first !== undefined) {
      const { line, column } = context.at(first);
      const message = `is written twice (first at ${line}:${column}), allowed is once - remove one of the two`;
      context.refuse(offset, message, dotted(child));
      continue;
    }
    seen.set(name, offset);
    if (context.emptied.has(offset) || context.marked(offset, key.range?.[1] ?? offset))
      context.refused.push(dotted(child));
    const value = pair.value as Node | null;
    // Where what was taken out leaves nothing, nothing is not the mistake.
    const [from = 0, to = from] = value?.range ?? [];
    const following = node.items[index + 1]?.key as Node | undefined;
    const next = following?.range?.[0] ?? end;
    const nothing = from === to || (isScalar(value) && value.value === '');
    const taken = context.taken(key.range?.[1] ?? from, from, next) || (following && !isScalar(following));
    if (nothing && taken) context.refused.push(dotted(child));
    context.places.set(child, { key: offset, value: value?.range?.[0] ?? offset, ...sourceOf(value) });
    result[name] = convert(value, child, context, next);
  }
  return result;
}

const sourceOf = (node: Node | null) =>
  isScalar(node) && typeof node.value !== 'string' && node.source !== undefined ? { source: node.source } : {};

function scalar(node: Scalar, pointer: string, { refuse, refused, marked }: Context): Plain {
  const { value } = node;
  const [start, end] = node.range ?? [0, 0];
  if (marked(start, end)) refused.push(dotted(pointer));
  else if (typeof value === 'string') {
    const objection = textProblem(value);
    if (objection) {
      refuse(start, objection, dotted(pointer));
      refused.push(dotted(pointer));
      return value.slice(0, longest);
    }
  }
  if (typeof value === 'bigint') return Number(value);
  return value === null || ['string', 'number', 'boolean'].includes(typeof value) ? (value as Plain) : String(value);
}

/** An escape can bring about what no file may hold. */
function textProblem(value: string): string | undefined {
  const [offset] = unreadableIn(value);
  if (offset !== undefined) return `holds ${nameOf(value, offset)}, allowed is plain text`;
  return value.length > longest ? `is ${value.length} characters long, allowed are at most ${longest}` : undefined;
}

/** The pointer of what holds this one's value. */
export function parent(pointer: string): string {
  return pointer.slice(0, pointer.lastIndexOf('/'));
}

/** One more step of a JSON pointer. */
export function within(pointer: string, name: string): string {
  return `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** What a JSON pointer leads to. */
export function valueAt(value: Plain | undefined, pointer: string): Plain | undefined {
  return namesOf(pointer).reduce<Plain | undefined>(
    (current, name) => (current as { [key: string]: Plain } | null | undefined)?.[name],
    value,
  );
}

/** A JSON pointer as people write it: `host.port`. Long or odd keys are cut and quoted. */
export function dotted(pointer: string): string {
  return namesOf(pointer).map(keyOf).join('.');
}

/** One key of a dotted path. */
export const keyOf = (name: string): string => (/^[\w-]{1,60}$/.test(name) ? name : quoted(name));

/** The steps of a JSON pointer. */
export function namesOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
}
