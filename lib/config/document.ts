import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { guard } from './guard.ts';
import { type Place, type Problem, quoted } from './problem.ts';

/** Plain data out of the YAML text. Maps have no prototype: a key may be called anything. */
export type Plain = null | boolean | number | string | Plain[] | { [key: string]: Plain };

/** Where a value and its key stand in the text. */
interface Offsets {
  readonly key: number;
  readonly value: number;
}

export interface Parsed {
  /** Undefined when the text is not YAML as it is used here; `problems` says why. */
  readonly value?: Plain;
  readonly problems: readonly Problem[];
  /** Whether the text itself holds what the pointer names. */
  readonly has: (pointer: string) => boolean;
  /** The place of what a JSON pointer names; of the nearest parent where that is not in the text. */
  readonly locate: (pointer: string, part: 'key' | 'value') => Place;
}

/** Reads one YAML 1.2 document; `file` is only the name that its problems bear. */
export function parseText(text: string, file: string): Parsed {
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

  const objection = guard(text);
  if (objection) {
    lines.addNewLine(0);
    for (let index = text.indexOf('\n'); index !== -1; index = text.indexOf('\n', index + 1))
      lines.addNewLine(index + 1);
    refuse(objection.offset, objection.message);
    return { problems, has, locate };
  }
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    merge: false,
    // Duplicates are looked for below: the message must name both places, and the parser's own search is quadratic.
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
    lineCounter: lines,
  });
  for (const error of document.errors.slice(0, 20)) {
    refuse(error.pos[0], `is not valid YAML: ${error.message.split('\n')[0]}`);
  }
  if (problems.length > 0) return { problems, has, locate };
  return { value: convert(document.contents, '', { places, refuse, at }), problems, has, locate };
}

interface Context {
  readonly places: Map<string, Offsets>;
  readonly refuse: (offset: number, message: string, path?: string) => void;
  readonly at: (offset: number) => Place;
}

function convert(node: Node | null, pointer: string, context: Context): Plain {
  if (isScalar(node)) return scalar(node.value);
  if (isSeq(node)) {
    return node.items.map((item, index) => {
      const child = item as Node | null;
      const start = child?.range?.[0] ?? 0;
      context.places.set(`${pointer}/${index}`, { key: start, value: start });
      return convert(child, `${pointer}/${index}`, context);
    });
  }
  if (!isMap(node)) return null;
  const seen = new Map<string, number>();
  const result: { [key: string]: Plain } = Object.create(null);
  for (const pair of node.items) {
    const key = pair.key as Node | null;
    const offset = key?.range?.[0] ?? node.range?.[0] ?? 0;
    if (!isScalar(key) || key.value === null) {
      context.refuse(offset, 'a key is missing before the colon or is not plain text', dotted(pointer));
      continue;
    }
    const name = String(key.value);
    const child = within(pointer, name);
    const first = seen.get(name);
    if (first !== undefined) {
      const { line, column } = context.at(first);
      const message = `is written twice (first at ${line}:${column}), allowed is once - remove one of the two`;
      context.refuse(offset, message, dotted(child));
      continue;
    }
    seen.set(name, offset);
    const value = pair.value as Node | null;
    context.places.set(child, { key: offset, value: value?.range?.[0] ?? offset });
    result[name] = convert(value, child, context);
  }
  return result;
}

function scalar(value: unknown): Plain {
  if (typeof value === 'bigint') return Number(value);
  return value === null || ['string', 'number', 'boolean'].includes(typeof value) ? (value as Plain) : String(value);
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
  return namesOf(pointer)
    .map((name) => (/^[\w-]{1,60}$/.test(name) ? name : quoted(name)))
    .join('.');
}

function namesOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
}
