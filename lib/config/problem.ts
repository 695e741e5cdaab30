export type Severity = 'error' | 'warning';

/** One thing that is wrong or doubtful in the file. Line and column count from 1; path is dotted, empty for the file as a whole. */
export interface Problem {
  readonly severity: Severity;
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly message: string;
}

/** The line that a person reads and an editor can jump to: `file:line:column path: message`. */
export function formatProblem(problem: Problem, file: string): string {
  const place = `${file}:${problem.line}:${problem.column}`;
  return problem.path ? `${place} ${problem.path}: ${problem.message}` : `${place} ${problem.message}`;
}

/** Errors before warnings would tear neighbours apart: the order is that of the file. */
export function inFileOrder(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
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
