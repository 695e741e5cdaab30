import { CST, Lexer } from 'yaml';

/** Where the text stops being a plain configuration, as an offset into it, and why. */
export interface Objection {
  readonly offset: number;
  readonly message: string;
}

const maxTokens = 50_000;
const maxDepth = 16;
const maxIndent = 200;

const unused: Readonly<Record<string, string>> = {
  anchor: 'an anchor (&name), allowed are plain values - write the value out where it is used',
  alias: 'an alias (*name), allowed are plain values - write the value out',
  tag: 'a tag (!name), allowed are plain values - remove the tag',
  'directive-line': 'a directive (%name), allowed are plain values - remove the line',
};

/**
 * Reads the tokens before anything is built from them. The parser proper needs memory and stack in proportion to what
 * a hostile text asks for (a megabyte of brackets ends the process), the lexer does not.
 */
export function guard(text: string): Objection | undefined {
  const state: State = {
    offset: 0,
    tokens: 0,
    depth: 0,
    nested: 0,
    lineStart: true,
    documents: 0,
    content: false,
    ended: false,
  };
  for (const token of new Lexer().lex(text)) {
    const message = look(token, state);
    if (message) return { offset: state.offset, message };
    if (token !== CST.DOCUMENT && token !== CST.SCALAR) state.offset += token.length;
  }
  return undefined;
}

interface State {
  offset: number;
  tokens: number;
  depth: number;
  nested: number;
  lineStart: boolean;
  documents: number;
  content: boolean;
  ended: boolean;
}

function look(token: string, state: State): string | undefined {
  const type = CST.tokenType(token);
  if (++state.tokens > maxTokens)
    return 'the file has far more entries than a configuration can have - is this the right file?';
  if (type === 'space' && state.lineStart && token.length > maxIndent) return tooDeep;
  state.lineStart = type === 'newline';
  if (type === 'newline' || type === 'comment' || type === 'space' || type === 'byte-order-mark') {
    if (type === 'newline') state.nested = 0;
    return undefined;
  }
  if (type !== null && type in unused) return `here stands ${unused[type]}`;
  return nesting(type, state) ?? documents(type, state);
}

const tooDeep = `is nested more than ${maxDepth} levels deep, allowed are sections with keys - is this the right file?`;

function nesting(type: string | null, state: State): string | undefined {
  if (type === 'flow-map-start' || type === 'flow-seq-start') state.depth++;
  if (type === 'flow-map-end' || type === 'flow-seq-end') state.depth--;
  if (type === 'seq-item-ind' || type === 'explicit-key-ind') state.nested++;
  return Math.max(state.depth, state.nested) > maxDepth ? tooDeep : undefined;
}

function documents(type: string | null, state: State): string | undefined {
  if (type === 'doc-mode') return undefined;
  const again = state.ended || (type === 'doc-start' && (state.content || state.documents > 0));
  if (again) return 'a second document begins here, allowed is one - remove it';
  if (type === 'doc-end') state.ended = true;
  else if (type === 'doc-start') state.documents++;
  else state.content = true;
  return undefined;
}
