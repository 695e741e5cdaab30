import { type ExitName, exitCodes, RunbookError } from '../../core/errors.ts';
import type { Host } from '../../host/port.ts';

/** What our program on the host has ended with, made of the lines that it printed behind its `word`; pure. */
export function failureOf(
  host: Pick<Host, 'label'>,
  word: string,
  code: number,
  lines: readonly string[],
  next: string,
): RunbookError {
  const kind = (Object.keys(exitCodes) as ExitName[]).find((name) => exitCodes[name] === code) ?? 'changeFailed';
  const from = lines.findLastIndex((line) => line.startsWith(`${word}: `));
  const [what = '', ...rest] = lines.slice(Math.max(from, 0));
  const said = rest.findLast((line) => line.startsWith('Next: '))?.slice('Next: '.length);
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
