import { type Problem, show } from '../problem.ts';
import { allowed, schemaAt } from '../schema.ts';
import { type Parsed, parseText } from './document.ts';
import { isMap } from './overlay.ts';
import { decode } from './text.ts';

/** A configuration file or an overlay, as it was read. */
export interface Source {
  /** The path as it was given. */
  readonly file: string;
  readonly text: string | Uint8Array;
}

/** What a file says. Without `parsed` it says nothing that could be used. */
export interface ReadSource {
  readonly parsed?: Parsed;
  readonly problems: readonly Problem[];
}

export function readSource({ file, text }: Source, base: boolean): ReadSource {
  const decoded = decode(text);
  if ('problem' in decoded) return { problems: [{ file, ...decoded.problem }] };
  const parsed = parseText(decoded.text, file, decoded.offsets);
  const { value } = parsed;
  const problems = [...decoded.problems.map((problem) => ({ file, ...problem })), ...parsed.problems];
  if (value === undefined) return { problems };
  if (isMap(value)) return { parsed, problems };
  if (problems.length > 0) return { problems };
  const message = value === null ? (base ? empty : emptyOverlay) : `is ${show(value)}, allowed is ${sections()}`;
  const place = { file, line: 1, column: 1 };
  return { problems: [...problems, { severity: 'error', ...place, path: '', message: `the file ${message}` }] };
}

const empty =
  'is empty, allowed are at least host, domain, admin and tls - start from the gitea.config.yaml that comes with the project';
const emptyOverlay = 'is empty, allowed are the keys in which it differs from the file below it';
const sections = () => allowed(schemaAt('') ?? {});
