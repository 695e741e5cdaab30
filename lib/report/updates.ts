import type { ComponentUpdate, UpdateReport } from '../core/update.ts';
import { columns } from './columns.ts';
import { escapeLine } from './escape.ts';

/** What is due as a table, and below each component what else there is to know of it. */
export function renderUpdates({ components }: UpdateReport): string {
  const rows = components.map((one) => [one.component, one.tag ?? one.image, dueOf(one)].map(escapeLine));
  const head = ['component', 'in use', 'due'];
  const [title, ...lines] = columns(head, rows);
  return [
    title,
    ...rows.flatMap((_, at) => [lines[at]!, ...below(components[at]!).map((text) => `    ${escapeLine(text)}`)]),
    '',
    summary(components),
  ].join('\n');
}

const dueOf = ({ due, unknown }: ComponentUpdate) =>
  unknown !== undefined
    ? 'not known'
    : due
      ? `${due.tag}${due.made ? `, of ${due.made.slice(0, 10)}` : ''}`
      : 'nothing';

function below({ due, held, moved, notes, changes, unknown }: ComponentUpdate): readonly string[] {
  return [
    ...(unknown === undefined ? [] : [unknown]),
    ...(due ? [`what has changed: ${changes}`] : []),
    ...notes,
    ...(moved
      ? [
          `the tag was given to another image since: ${moved.from.slice(7, 19)} in the config, ${moved.to.slice(7, 19)} in the registry. Nothing changes by itself`,
        ]
      : []),
    ...held.map(({ tag, why }) => `not ${tag}: ${why}`),
  ];
}

function summary(components: readonly ComponentUpdate[]): string {
  const due = components.filter((one) => one.due);
  const unknown = components.filter((one) => one.unknown !== undefined);
  return [
    due.length === 0
      ? 'Nothing is due.'
      : `Due: ${due.map(({ component, due: release }) => `${component} ${release!.tag}`).join(', ')}. To take it, set it in images of the config, then npx zx runbooks/deploy.mjs.`,
    ...(unknown.length === 0 ? [] : [`Not known: ${unknown.map(({ component }) => component).join(', ')}.`]),
  ].join(' ');
}
