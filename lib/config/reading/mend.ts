import { type Document, isMap, parseDocument, type YAMLParseError } from 'yaml';
import { type Cut, cutAt, type Flow, flowsIn, isEntry, lineAt, strayAbove, wider } from './entries.ts';
import { indentAt, lineEnd, lineStart, masked } from './mask.ts';

/** A mistake in the YAML itself, as an offset into the text. */
export interface Mistake {
  readonly offset: number;
  readonly message: string;
}

export interface Mended {
  /** What can be made sense of, or undefined. */
  readonly document: Document.Parsed | undefined;
  readonly mistakes: readonly Mistake[];
  /** Offsets of the keys whose values were taken out. */
  readonly keys: readonly number[];
  /** Offsets of what was taken out with no key left. */
  readonly gaps: readonly number[];
  /** Keys of the first level in whose section, and '' where on the first level itself, something without a key was taken out. */
  readonly unsure: readonly string[];
}

const longestWords = 120;

/** Each mistake costs another look at the whole text. */
const mostMistakes = 20;
const mostLooks = 60;
const maxLooked = 2_000_000;

const options = {
  version: '1.2',
  schema: 'core',
  merge: false,
  // Duplicates are looked for afterwards: the message must name both places, and the parser's own search is quadratic.
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'silent',
} as const;

/**
 * Parses, and takes out what cannot be: the value of a line with a key, the line, then what is around it. What the parser says of
 * the rest once it is gone is another mistake and no consequence. Each offset stays where it is. Nothing is said of a line with
 * something that has been `objected` to.
 */
export function mend(text: string, objected: readonly number[]): Mended {
  const [mistakes, keys, gaps] = [[] as Mistake[], [] as number[], [] as number[]];
  const unsure = new Set<string>();
  const told = new Set(objected.map((offset) => lineStart(text, offset)));
  let [current, looks] = [text, 0];
  const cuts: Cut[] = [];
  let flows: readonly Flow[] | undefined;
  for (;;) {
    const document = parseDocument(current, options);
    const first = firstOf(document.errors);
    const result = { mistakes, keys, gaps, unsure: [...unsure] };
    if (first === undefined) return { document, ...result };
    // Something else than a mapping has come to its end: no line behind it is a mistake of its own.
    const other = first.code === 'UNEXPECTED_TOKEN' && !isMap(document.contents);
    flows ??= flowsIn(text);
    const mistake = mistakeAt(current, first);
    const before = cuts.findLast(({ start, end }) => lineStart(text, start) <= mistake.offset && mistake.offset <= end);
    if (!before && mistakes.length === mostMistakes) return { document: undefined, ...result };
    if (!before && !told.has(lineStart(text, mistake.offset))) mistakes.push(mistake);
    if (other) return { document: undefined, ...result };
    const cut = before ? wider(text, before, flows) : cutAt(text, mistake.offset, flows);
    if (cut === undefined || ++looks >= Math.min(mostLooks, maxLooked / text.length))
      return { document: undefined, ...result };
    cuts.push(cut);
    (cut.key ? keys : gaps).push(cut.start);
    for (const section of cut.unsure) unsure.add(section);
    current = masked(current, [{ offset: cut.from, text: current.slice(cut.from, cut.end).replaceAll(/[^\n]/g, ' ') }]);
  }
}

/** A tab explains whatever else is said. */
function firstOf(errors: readonly YAMLParseError[]): YAMLParseError | undefined {
  const rank = ({ code }: YAMLParseError) => (code === 'TAB_AS_INDENT' ? 0 : 1);
  return [...errors].sort((a, b) => rank(a) - rank(b) || a.pos[0] - b.pos[0])[0];
}

const form = 'allowed is a key, a colon, a space and a value';

/** What the parser says, or what people know it by. */
function mistakeAt(text: string, { code, message, pos }: YAMLParseError): Mistake {
  const offset = signAt(text, pos[0]);
  const line = lineAt(text, offset);
  const start = lineStart(text, offset) + indentAt(text, offset);
  const top = text.search(/\S/);
  if (code === 'UNEXPECTED_TOKEN' && offset === lineStart(text, offset) && indentAt(text, top) > 0)
    return { offset: top, message: 'is indented, allowed is no space before the keys of the first level' };
  // Without the piece of the file that the parser puts behind some.
  const words = message.split('\n')[0]!.replace(/: ["|>].*/, '');
  const said = { offset, message: `is not valid YAML: ${words.slice(0, longestWords)}` };
  const key = code === 'MULTILINE_IMPLICIT_KEY' || code === 'BLOCK_AS_IMPLICIT_KEY' || code === 'MISSING_CHAR';
  if (!key && code !== 'BAD_INDENT') return said;
  const next = key && isEntry(line) ? signAt(text, lineEnd(text, offset) + 1) : offset;
  const stray = strayAbove(text, next);
  if (stray !== undefined)
    return { offset: stray, message: 'is indented otherwise than the lines below it, allowed is the same' };
  if (next !== offset && indentAt(text, next) > indentAt(text, offset) && isEntry(lineAt(text, next)))
    return {
      offset: next,
      message: 'is indented more than the line above it, which has a value already, allowed is the same',
    };
  if (!key || isEntry(line)) return said;
  if (/^ *(- |[\w.]+:\S)/.test(line))
    return line.trim().startsWith('-') ? said : { offset: start, message: `has no space behind the colon, ${form}` };
  return line.includes(':') ? said : { offset: start, message: `is a line without a colon, ${form}` };
}

/** The sign that an offset is about: behind an indentation what is indented, else the last one, behind which something is missing. */
function signAt(text: string, offset: number): number {
  const lead = lineStart(text, offset);
  if (text.slice(lead, offset).trim() === '') {
    const [blank] = /^(?:[ \n]|#[^\n]*)*/.exec(text.slice(lead))!;
    if (lead + blank.length < text.length) return Math.max(lead + blank.length, Math.min(offset, text.length - 1));
  }
  let at = Math.min(offset, text.length - 1);
  while (at > 0 && (text[at] === ' ' || text[at] === '\n')) at--;
  return at;
}
