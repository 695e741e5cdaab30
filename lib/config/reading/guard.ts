import { CST, Lexer } from 'yaml';
import { lineEnd, lineStart, type Mask, masked, rest } from './mask.ts';

/** What is no plain configuration, as an offset into the text, and why. */
export interface Objection {
  readonly offset: number;
  readonly message: string;
  /** Where what is closed in a wrong way is opened: it may hold what was meant for elsewhere. */
  readonly opened?: number;
}

export interface Guarded {
  readonly objections: readonly Objection[];
  /** The text with what was objected to taken out, each offset where it was; undefined where no sense can be made of it. */
  readonly text: string | undefined;
  /** Whether it breaks off: something is open where it ends, and what follows in another copy may be missing here. */
  readonly torn: boolean;
}

const maxTokens = 50_000;
const maxDepth = 16;
const maxIndent = 200;
const maxObjections = 100;
/** Four times what any value may have, of one with escapes: the parser takes half a minute for half a million wrong ones. */
const maxQuoted = 16_384;
/** Each quote that is not closed costs another look at the whole text, of which hostile ones have a million characters. */
const maxQuotes = 20;
const maxLooked = 4_000_000;

const unused: Readonly<Record<string, string>> = {
  anchor: 'an anchor (&name), allowed are plain values - write the value out where it is used',
  alias: 'an alias (*name), allowed are plain values - write the value out',
  tag: 'a tag (!name), allowed are plain values - remove the tag',
  'directive-line': 'a directive (%name), allowed are plain values - remove the line',
};

const tooMany = 'the file has far more entries than a configuration can have - is this the right file?';
const tooDeep = `is nested more than ${maxDepth} levels deep, allowed are sections with keys - is this the right file?`;
const again = 'a second document begins here, allowed is one - remove it';

interface State {
  offset: number;
  tokens: number;
  nested: number;
  lineStart: boolean;
  documents: number;
  content: boolean;
  ended: boolean;
  /** Brackets and braces that are open. */
  readonly open: { readonly offset: number; readonly sign: string }[];
  readonly objections: Objection[];
  readonly masks: Mask[];
  /** Where a quote begins that is not closed: to the lexer all behind it is text. */
  quote: number | undefined;
  torn: boolean;
}

/**
 * Reads the tokens before anything is built from them. The parser proper needs memory and stack in proportion to what
 * a hostile text asks for (a gigabyte for a megabyte of brackets), the lexer does not.
 */
export function guard(text: string): Guarded {
  const quotes: Objection[] = [];
  // What closes them may stand behind the quote.
  const around = new Set<number>();
  let torn = false;
  for (let looked = text; ; ) {
    const state = scan(looked);
    const { quote, open } = state;
    const objections = [...quotes, ...state.objections.filter(({ offset }) => !around.has(offset))];
    torn ||= state.torn;
    if (quote === undefined) return { objections: objections.slice(0, maxObjections), text: state.text, torn };
    quotes.push({ offset: quote, message: unclosed(text[quote]!), ...(open[0] ? { opened: open[0].offset } : {}) });
    const most = Math.min(maxQuotes, maxLooked / text.length);
    if (quotes.length >= most) return { objections, text: undefined, torn };
    for (const { offset } of open) around.add(offset);
    const mask = rest(looked, quote, open.length > 0);
    torn ||= text.slice(quote + mask.text.length).trim() === '';
    looked = masked(looked, [mask]);
  }
}

/** One look at all tokens, up to a quote that is not closed. */
function scan(text: string): State & { readonly text: string | undefined } {
  const state: State = {
    ...{ offset: 0, tokens: 0, nested: 0, lineStart: true, documents: 0, content: false, ended: false },
    ...{ open: [], objections: [], masks: [], quote: undefined, torn: false },
  };
  for (const token of new Lexer().lex(text)) {
    const verdict = look(token, state, text);
    if (verdict === 'end') return { ...state, text: masked(text.slice(0, state.offset), state.masks) };
    if (verdict === 'stop' || state.objections.length > maxObjections) return { ...state, text: undefined };
    // These three are signs of the lexer's own and stand for no text.
    if (![CST.DOCUMENT, CST.SCALAR, CST.FLOW_END].includes(token)) state.offset += token.length;
  }
  state.torn = state.open.length > 0;
  leftOpen(state, text);
  return { ...state, text: masked(text, state.masks) };
}

/** `stop` where nothing behind can be made sense of, `end` where it belongs to something else. */
function look(token: string, state: State, text: string): 'stop' | 'end' | undefined {
  const type = CST.tokenType(token);
  const object = (message: string, offset = state.offset) => void state.objections.push({ offset, message });
  const fail = (message: string) => {
    object(message);
    return 'stop' as const;
  };
  if (++state.tokens > maxTokens) return fail(tooMany);
  if (type === 'space' && state.lineStart && token.length > maxIndent) return fail(tooDeep);
  state.lineStart = type === 'newline';
  if (type === 'newline' || type === 'comment' || type === 'space' || type === 'byte-order-mark') {
    if (type === 'newline') state.nested = 0;
    return undefined;
  }
  if (type !== null && type in unused) {
    object(`here stands ${unused[type]}`);
    // An alias stands in the place of a value: without one there a second mistake would be found.
    state.masks.push({ offset: state.offset, text: (type === 'alias' ? 'x' : ' ').repeat(token.length) });
    return undefined;
  }
  if (type === 'flow-error-end') {
    leftOpen(state, text);
    return undefined;
  }
  const quoted = type === 'double-quoted-scalar' || type === 'single-quoted-scalar';
  if (quoted && (!isClosed(token) || closesAnother(token, state, text))) {
    state.quote = state.offset;
    return 'stop';
  }
  if (quoted && token.length > maxQuoted && token.includes('\\')) {
    object(`a text of ${token.length} characters begins here, allowed are at most 4096 - is this the right file?`);
    state.masks.push({ offset: state.offset, text: token.replaceAll(/\S/g, 'x') });
  }
  if (type === 'flow-map-end' || type === 'flow-seq-end') close(token, state, text);
  if (isTooDeep(type, token, state)) return fail(tooDeep);
  if (isSecondDocument(type, state)) {
    object(again);
    return 'end';
  }
  return undefined;
}

const unclosed = (sign: string) =>
  `a ${sign} is opened here and not closed, allowed are pairs - write the closing ${{ '{': '}', '[': ']' }[sign] ?? sign}`;

/** What is opened and not closed ends here; what stands in it is not to be made sense of. */
function leftOpen({ open, offset, objections, masks }: State, text: string): void {
  const [outer] = open;
  if (outer === undefined) return;
  for (const { offset, sign } of open.splice(0)) objections.push({ offset, message: unclosed(sign) });
  while (masks.length > 0 && masks.at(-1)!.offset >= outer.offset) masks.pop();
  const inside = text.slice(outer.offset, offset).replace(/(\n[ \t]*(#[^\n]*)?)+$/, '');
  masks.push({ offset: outer.offset, text: inside.replaceAll(/\S/g, 'x') });
}

/** A closing sign that does not belong there is read as the one that does, or not at all: what follows makes sense again. */
function close(token: string, { open, offset, objections, masks }: State, text: string): void {
  const last = open.pop();
  const wanted = last && (last.sign === '{' ? '}' : ']');
  if (token === wanted) return;
  if (last === undefined)
    objections.push({ offset, message: `a ${token} closes nothing here, allowed are pairs - remove it` });
  else {
    const message = `a ${token} stands here while a ${last.sign} is open, allowed are pairs - write the closing ${wanted}`;
    objections.push({ offset, message, opened: last.offset });
  }
  // Without it the rest of its line would be indented otherwise: that line goes as a whole, once the parser refuses it.
  if (wanted === undefined && isBeforeContent(text, offset)) return;
  masks.push({ offset, text: wanted ?? ' ' });
}

/** Whether a text over several lines ends where another one was meant to begin: something stands behind it. */
const closesAnother = (token: string, { offset, open }: State, text: string) =>
  open.length === 0 &&
  token.includes('\n') &&
  !/^\s*(#|$)/.test(text.slice(offset + token.length, lineEnd(text, offset + token.length)));

/** Whether nothing stands before it on its line, and something behind it. */
const isBeforeContent = (text: string, offset: number) =>
  /^[ \]}]*$/.test(text.slice(lineStart(text, offset), offset)) &&
  /[^\s\]}]/.test(text.slice(offset, lineEnd(text, offset)));

function isClosed(token: string): boolean {
  const sign = token[0]!;
  for (let at = 1; at < token.length; at++) {
    if (sign === '"' && token[at] === '\\') at++;
    else if (token[at] === sign && sign === "'" && token[at + 1] === sign) at++;
    else if (token[at] === sign) return true;
  }
  return false;
}

function isTooDeep(type: string | null, token: string, state: State): boolean {
  if (type === 'flow-map-start' || type === 'flow-seq-start') state.open.push({ offset: state.offset, sign: token });
  if (type === 'seq-item-ind' || type === 'explicit-key-ind') state.nested++;
  return Math.max(state.open.length, state.nested) > maxDepth;
}

function isSecondDocument(type: string | null, state: State): boolean {
  if (type === 'doc-mode') return false;
  if (state.ended || (type === 'doc-start' && (state.content || state.documents > 0))) return true;
  if (type === 'doc-end') state.ended = true;
  else if (type === 'doc-start') state.documents++;
  else state.content = true;
  return false;
}
