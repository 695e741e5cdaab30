import type { ListedDrill } from '../core/drill.ts';
import { duration } from './clock.ts';
import { columns } from './columns.ts';
import { escapeLine } from './escape.ts';

/** Drills as a table, newest first, and below each what was not as it should be: with it, or with its line of the record. */
export function renderDrills(found: readonly ListedDrill[]): string {
  if (found.length === 0) return 'Drills: none yet';
  const newest = [...found].reverse();
  const time = (milliseconds: number | undefined) => (milliseconds === undefined ? '?' : duration(milliseconds));
  const rows = newest.map(({ line, drill }) =>
    drill
      ? [
          `${drill.at.slice(0, 19)}Z`,
          drill.result,
          drill.generation ?? '?',
          drill.from === 'remote' ? 'off the host' : 'host',
          time(drill.rto),
          time(drill.rpo),
          String(drill.checked.repositories ?? '?'),
        ]
      : [`line ${line}`, '?', '?', '?', '?', '?', '?'],
  );
  const head = ['began', 'result', 'generation', 'from', 'RTO', 'RPO', 'repositories'];
  const [title, ...lines] = columns(head, rows);
  return [
    title,
    ...rows.flatMap((_, at) => {
      const { line, drill, trouble } = newest[at]!;
      return [
        lines[at]!,
        ...(trouble ? [`    NOT AS IT WAS WRITTEN, line ${line}: ${trouble}`] : []),
        ...(drill?.problems ?? []).map((text) => `    ${escapeLine(text)}`),
      ];
    }),
  ].join('\n');
}
