import { isUtf8 } from 'node:buffer';
import type { Problem } from '../problem.ts';
import { nameOf, unreadableIn } from './unreadable.ts';

/** Far above any real file; what is larger was not meant to be the configuration. */
export const maxBytes = 1024 * 1024;

/** What is wrong with the bytes of a file, whichever it is. */
export type TextProblem = Omit<Problem, 'file'>;
export type TextResult =
  | {
      /** With another character in the place of each that cannot be read. */
      readonly text: string;
      readonly problems: readonly TextProblem[];
      /** Where those stand. */
      readonly offsets: readonly number[];
    }
  | { readonly problem: TextProblem };

/** The bytes as text with `\n` line ends and without a byte-order mark, or why they are not text. */
export function decode(input: string | Uint8Array): TextResult {
  const bytes = typeof input === 'string' ? Buffer.from(input, 'utf8') : Buffer.from(input);
  if (bytes.length > maxBytes) return refuse(1, 1, sizeMessage(bytes.length));
  if (startsWith(bytes, [0xff, 0xfe]) || startsWith(bytes, [0xfe, 0xff])) {
    return refuse(1, 1, 'is UTF-16 text, allowed is UTF-8 - save the file as UTF-8');
  }
  const body = startsWith(bytes, [0xef, 0xbb, 0xbf]) ? bytes.subarray(3) : bytes;
  if (!isUtf8(body)) return badEncoding(body);
  const text = body.toString('utf8').replaceAll('\r\n', '\n');
  const offsets = unreadableIn(text);
  const problems = offsets.map((offset): TextProblem => {
    const [line, column] = lineAndColumn(text, offset);
    const message = `the file holds ${nameOf(text, offset)}, allowed is plain text - is this the right file?`;
    return { severity: 'error', line, column, path: '', message };
  });
  return { text: offsets.reduce(without, text), problems, offsets };
}

/** A lone carriage return is a line break to some, so what stands behind it is read as the next line. */
function without(text: string, offset: number): string {
  return `${text.slice(0, offset)}${text[offset] === '\r' ? '\n' : 'x'}${text.slice(offset + 1)}`;
}

export function sizeMessage(bytes: number): string {
  const given = (bytes / maxBytes).toFixed(1);
  return `is ${given} MiB large, allowed is at most 1 MiB - is this the right file?`;
}

function badEncoding(bytes: Buffer): TextResult {
  let line = 1;
  let start = 0;
  for (;;) {
    const newline = bytes.indexOf(0x0a, start);
    const part = bytes.subarray(start, newline === -1 ? bytes.length : newline);
    if (newline === -1 || !isUtf8(part)) {
      // A replacement character marks the first byte that no decoder can read.
      const column = part.toString('utf8').indexOf('\ufffd') + 1;
      return refuse(
        line,
        Math.max(1, column),
        'holds bytes that are not UTF-8, allowed is UTF-8 text - save the file as UTF-8',
      );
    }
    line++;
    start = newline + 1;
  }
}

function lineAndColumn(text: string, offset: number): [number, number] {
  const before = text.slice(0, offset);
  const lastNewline = before.lastIndexOf('\n');
  return [before.split('\n').length, offset - lastNewline];
}

function startsWith(bytes: Buffer, prefix: readonly number[]): boolean {
  return prefix.every((byte, index) => bytes[index] === byte);
}

function refuse(line: number, column: number, message: string): TextResult {
  return { problem: { severity: 'error', line, column, path: '', message: `the file ${message}` } };
}
