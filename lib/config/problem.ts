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

/** The line that a person reads and an editor can jump to: `file:line:column path: message`. */
export function formatProblem({ file, line, column, path, message }: Problem): string {
  return `${file}:${line}:${column} ${path ? `${path}: ` : ''}${message}`;
}

/** Errors before warnings would tear neighbours apart: the order is that of the files, and within one of its lines. */
export function inFileOrder(problems: readonly Problem[], files: readonly string[]): Problem[] {
  const rank = ({ file }: Problem) => files.indexOf(file);
  return [...problems].sort((a, b) => rank(a) - rank(b) || a.line - b.line || a.column - b.column);
}

/** A value as it is named in a message. Long text is cut: a file may hold anything. */
export function show(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (typeof value === 'string') return `the text ${quoted(value)}`;
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'a mapping';
  return `${typeof value === 'number' ? 'the number ' : ''}${String(value)}`;
}

/** Text in double quotes on one line, at most 60 characters of it, without a password that stands in a URL. */
export function quoted(text: string): string {
  const characters = [...text.replace(/\/\/[^/@\s]*:[^/@\s]*@/, '//***@')];
  return JSON.stringify(characters.length > 60 ? `${characters.slice(0, 57).join('')}...` : characters.join(''));
}
