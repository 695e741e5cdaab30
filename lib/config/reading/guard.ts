import { CST, Lexer } from 'yaml';

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
}

const maxTokens = 50_000;
const maxDepth = 16;
const maxIndent = 200;
const maxObjections = 100;

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
  /** Stretches of the text to leave out, and what to put there. */
  readonly masks: { readonly offset: number; readonly text: string }[];
}

/**
 * Reads the tokens before anything is built from them. The parser proper needs memory and stack in proportion to what
 * a hostile text asks for (a gigabyte for a megabyte of brackets), the lexer does not.
 */
export function guard(text: string): Guarded {
  const state: State = {
    ...{ offset: 0, tokens: 0, nested: 0, lineStart: true, documents: 0, content: false, ended: false },
    ...{ open: [], objections: [], masks: [] },
  };
  for (const token of new Lexer().lex(text)) {
    const verdict = look(token, state);
    if (verdict === 'end') return { objections: state.objections, text: masked(text.slice(0, state.offset), state) };
    if (verdict === 'stop' || state.objections.length > maxObjections)
      return { objections: state.objections.slice(0, maxObjections), text: undefined };
    // These three are signs of the lexer's own and stand for no text.
    if (![CST.DOCUMENT, CST.SCALAR, CST.FLOW_END].includes(token)) state.offset += token.length;
  }
  return { objections: state.objections, text: masked(text, state) };
}

/** `stop` where nothing behind can be made sense of, `end` where it belongs to something else. */
function look(token: string, state: State): 'stop' | 'end' | undefined {
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
    for (const { offset, sign } of state.open.splice(0)) object(unclosed(sign), offset);
    return undefined;
  }
  if ((type === 'double-quoted-scalar' || type === 'single-quoted-scalar') && !isClosed(token))
    return fail(unclosed(token[0]!));
  if (type === 'flow-map-end' || type === 'flow-seq-end') close(token, state);
  if (isTooDeep(type, token, state)) return fail(tooDeep);
  if (isSecondDocument(type, state)) {
    object(again);
    return 'end';
  }
  return undefined;
}

const unclosed = (sign: string) =>
  `a ${sign} is opened here and not closed, allowed are pairs - write the closing ${{ '{': '}', '[': ']' }[sign] ?? sign}`;

/** A closing sign that does not belong there is read as the one that does, or not at all: what follows makes sense again. */
function close(token: string, { open, offset, objections, masks }: State): void {
  const last = open.pop();
  const wanted = last && (last.sign === '{' ? '}' : ']');
  if (token === wanted) return;
  if (last === undefined)
    objections.push({ offset, message: `a ${token} closes nothing here, allowed are pairs - remove it` });
  else {
    const message = `a ${token} stands here while a ${last.sign} is open, allowed are pairs - write the closing ${wanted}`;
    objections.push({ offset, message, opened: last.offset });
  }
  masks.push({ offset, text: wanted ?? ' ' });
}

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

function masked(text: string, { masks }: State): string {
  const parts: string[] = [];
  let done = 0;
  for (const mask of masks) {
    parts.push(text.slice(done, mask.offset), mask.text);
    done = mask.offset + mask.text.length;
  }
  return [...parts, text.slice(done)].join('');
}
