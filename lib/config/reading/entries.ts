import { CST, Lexer } from 'yaml';
import { below, indentAt, lineEnd, lineStart } from './mask.ts';

/** What of a text goes when a line of it cannot be made sense of. */
export interface Cut {
  /** Where the entry begins, after its indentation. */
  readonly start: number;
  readonly from: number;
  readonly end: number;
  /** Whether its key stays. */
  readonly key: boolean;
  /** Sections that lose something nobody knows the key of, '' for the first level. */
  readonly unsure: readonly string[];
}

/** Brackets and braces of the first level, from the opening sign to the closing one. */
export interface Flow {
  readonly from: number;
  readonly to: number;
}

/** A key at the beginning of a line with its colon. */
const entry = /^ *(?:"([^"\\]*)"|'([^']*)'|([^\s"'#&*!|>%@`{}[\],?:-][^\s:]*)) *:(?=\s|$)/;

export const isEntry = (line: string) => entry.test(line);

export const lineAt = (text: string, offset: number) => text.slice(lineStart(text, offset), lineEnd(text, offset));

/** The value of the line's key, and what is indented more; without a key the line. Brackets go as a whole. */
export function cutAt(text: string, offset: number, flows: readonly Flow[]): Cut {
  const around = flows.find(({ from, to }) => from <= offset && offset <= to);
  const line = lineStart(text, around?.from ?? offset);
  const start = line + indentAt(text, line);
  const end = flows.reduce(
    (far, { from, to }) => (line <= from && from <= far ? Math.max(far, lineEnd(text, to)) : far),
    under(text, start),
  );
  const key = entry.exec(lineAt(text, line))?.[0];
  if (key === undefined) return { start, from: start, end, key: false, unsure: sections(text, start) };
  const from = line + key.length;
  // What is indented more than a value on the line of its key may be another key.
  const more = text.slice(from, lineEnd(text, from)).trim() !== '' && end > lineEnd(text, from);
  return { start, from, end, key: true, unsure: more ? sections(text, start) : [] };
}

/** The key as well, then the value of the key that it is below. */
export function wider(text: string, { start, end, key }: Cut, flows: readonly Flow[]): Cut | undefined {
  if (key) return { start, from: start, end, key: false, unsure: sections(text, start) };
  const indent = indentAt(text, start);
  const above = before(text, start, (line) => indentAt(text, line) < indent);
  return above === undefined ? undefined : cutAt(text, above, flows);
}

/** Where the lines end that belong to the one of an offset. */
function under(text: string, start: number): number {
  const line = lineStart(text, start);
  if (text[start] !== '\t') return below(text, line, start - line);
  // How far a tab indents is what nobody knows; what follows a key without a value is indented more.
  const next = lineEnd(text, start) + 1;
  const indent = next < text.length ? indentAt(text, next) : 0;
  return /:\s*$/.test(lineAt(text, start)) && indent > 0 ? below(text, line, indent - 1) : lineEnd(text, start);
}

function sections(text: string, start: number): string[] {
  const line = lineStart(text, start);
  const indent = start - line;
  const first = before(text, line, (above) => indentAt(text, above) === 0 && entry.test(lineAt(text, above)));
  const name = first === undefined ? '' : nameAt(text, first);
  const tab = text[start] === '\t';
  // It may have been meant for the section above, as well as what is below it.
  if (indent === 0 && !tab) return ['', name];
  const level = before(text, line, (above) => above <= (first ?? 0) || indentAt(text, above) === indent);
  return tab || (level !== undefined && level > (first ?? 0)) ? [name] : ['', name];
}

function nameAt(text: string, offset: number): string {
  const [, ...names] = entry.exec(lineAt(text, offset)) ?? [];
  return names.find((name) => name !== undefined) ?? '';
}

/** The beginning of the nearest line with content before that of an offset that is as wanted. */
function before(text: string, offset: number, wanted: (line: number) => boolean): number | undefined {
  for (let line = lineStart(text, offset); line > 0; ) {
    line = lineStart(text, line - 1);
    const content = lineAt(text, line).trim();
    if (content !== '' && !content.startsWith('#') && wanted(line)) return line;
  }
  return undefined;
}

/** The first line of a section where that is the one that is indented otherwise: two lines below it are in line with each other. */
export function strayAbove(text: string, offset: number): number | undefined {
  const indent = indentAt(text, offset);
  const above = before(text, offset, () => true);
  const section = above === undefined ? undefined : before(text, above, () => true);
  if (above === undefined || section === undefined || indentAt(text, above) === indent) return undefined;
  if (indentAt(text, above) < indent && /:\s*$/.test(lineAt(text, above))) return undefined;
  if (indentAt(text, section) >= Math.min(indent, indentAt(text, above))) return undefined;
  const next = below(text, offset, indent) + 1;
  const [blank] = /^(?: *(?:#[^\n]*)?\n)*/.exec(text.slice(next))!;
  const level = next + blank.length < text.length && indentAt(text, next + blank.length) === indent;
  return level ? above + indentAt(text, above) : undefined;
}

export function flowsIn(text: string): Flow[] {
  const found: Flow[] = [];
  let [offset, open, from] = [0, 0, 0];
  for (const token of new Lexer().lex(text)) {
    if ([CST.DOCUMENT, CST.SCALAR, CST.FLOW_END].includes(token)) continue;
    const type = CST.tokenType(token);
    if ((type === 'flow-map-start' || type === 'flow-seq-start') && open++ === 0) from = offset;
    if ((type === 'flow-map-end' || type === 'flow-seq-end') && --open === 0) found.push({ from, to: offset });
    offset += token.length;
  }
  return found;
}
