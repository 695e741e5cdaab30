import { type ExitName, exitCodes, RunbookError } from '../../core/errors.ts';
import type { Host } from '../../host/port.ts';

/**
 * What our program on the host has ended with, made of the lines that it printed behind its `word`; pure. What another one says
 * after it, such as what tidies up behind it, is not its message.
 */
export function failureOf(
  host: Pick<Host, 'label'>,
  word: string,
  code: number,
  lines: readonly string[],
  next: string,
): RunbookError {
  const kind = (Object.keys(exitCodes) as ExitName[]).find((name) => exitCodes[name] === code) ?? 'changeFailed';
  const from = lines.findLastIndex((line) => line.startsWith(`${word}: `));
  const [what = '', ...after] = from < 0 ? [] : lines.slice(from);
  const end = after.findIndex((line) => line.startsWith('Next: '));
  const said = after[end]?.slice('Next: '.length);
  const rest = end < 0 ? after : after.slice(0, end);
  const cause = rest
    .filter((line) => line.startsWith('    '))
    .map((line) => line.slice(4))
    .join('\n');
  return new RunbookError(kind === 'done' ? 'changeFailed' : kind, {
    where: host.label,
    what: what.replace(`${word}: `, '').replace(/^this machine: /, '') || `${word} has ended with ${code}`,
    ...(cause && { cause }),
    next: said ?? next,
  });
}

/** What our program on the host has come to, where all went well: its last line behind its `word`; pure. */
export const resultOf = (word: string, lines: readonly string[]): string =>
  (lines.findLast((line) => line.startsWith(`${word}: `)) ?? '').slice(word.length + 2);
