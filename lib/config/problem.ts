export type Severity = 'error' | 'warning';

/** A place in a configuration file. Line and column count from 1. */
export interface Place {
  /** The path as it was given. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong or doubtful, and where it is written. The path is dotted, empty for the file as a whole. */
export interface Problem extends Place {
  readonly severity: Severity;
  readonly path: string;
  readonly message: string;
}

/** Longer than any message that holds only what it should; a file may hold anything. */
const longestLine = 800;

/** The line that a person reads and an editor can jump to: `file:line:column path: message`. */
export function formatProblem({ file, line, column, path, message }: Problem): string {
  const whole = `${path ? `${path}: ` : ''}${message}`;
  return `${file}:${line}:${column} ${whole.length > longestLine ? `${whole.slice(0, longestLine - 3)}...` : whole}`;
}

/** Errors before warnings would tear neighbours apart: the order is that of the files, and within one of its lines. */
export function inFileOrder(problems: readonly Problem[], files: readonly string[]): Problem[] {
  const rank = ({ file }: Problem) => files.indexOf(file);
  return [...problems].sort((a, b) => rank(a) - rank(b) || a.line - b.line || a.column - b.column);
}

/** A value as it is named in a message, a number as it is `written`. Long text is cut: a file may hold anything. */
export function show(value: unknown, written?: string): string {
  if (value === null || value === undefined) return 'empty';
  if (typeof value === 'string') return `the text ${quoted(value)}`;
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'a mapping';
  return `${typeof value === 'number' ? 'the number ' : ''}${cut(written ?? String(value))}`;
}

const widest = 60;

/** Text in double quotes on one line, at most 60 characters of it, without a password that stands in a URL. */
export function quoted(text: string): string {
  return JSON.stringify(cut(masked(text)));
}

/** A value that stands in a message without quotes: of a long one its beginning. */
export function cut(text: string): string {
  // Looked at before it is taken apart: a text may have a million characters.
  const characters = [...text.slice(0, 2 * widest + 2)];
  return characters.length > widest ? `${characters.slice(0, widest - 3).join('')}...` : text;
}

/** Without what stands between `//` and `@` and has a colon. One step a character, whatever the text is. */
function masked(text: string): string {
  const parts: string[] = [];
  let done = 0;
  for (let from = text.indexOf('//'); from !== -1; from = text.indexOf('//', from)) {
    from += 2;
    let colon = false;
    let at = from;
    for (; at < text.length && !/[/@\s]/.test(text[at]!); at++) colon ||= text[at] === ':';
    if (colon && text[at] === '@') {
      parts.push(text.slice(done, from), '***@');
      done = at + 1;
    }
    from = at;
  }
  return [...parts, text.slice(done)].join('');
}
