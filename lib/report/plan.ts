import pc from 'picocolors';
import { type Action, type Change, marker } from '../core/change.ts';
import { type Impact, impacts } from '../core/spec.ts';
import { escapeLine, escapeText } from './escape.ts';

export interface PlanStyle {
  readonly color?: boolean;
  /** Show the diff of each rendered file under its line. */
  readonly diffs?: boolean;
}

type Colors = ReturnType<typeof pc.createColors>;

const verbs: readonly (readonly [Action, string])[] = [
  ['create', 'to create'],
  ['update', 'to update'],
  ['refresh', 'to refresh'],
  ['remove', 'to remove'],
];
/** Longer titles do not push the reasons of all others to the right. */
const widestTitle = 60;

/** A plan as text, the summary line first; the last line has no line end. */
export function renderPlan(host: string, changes: readonly Change[], unchanged: number, style: PlanStyle = {}): string {
  const paint = pc.createColors(style.color ?? false);
  const width = Math.max(0, ...changes.map((change) => change.title.length).filter((length) => length <= widestTitle));
  const lines = [paint.bold(summary(host, changes, unchanged))];
  for (const change of changes) {
    const mark = { create: paint.green, update: paint.yellow, refresh: paint.cyan, remove: paint.red }[change.action](
      marker[change.action],
    );
    const cost = change.impact === 'none' ? '' : ` ${paintImpact(change.impact, paint)}`;
    lines.push(
      `  ${mark} ${escapeLine(change.title).padEnd(width)}  ${paint.dim(`(${escapeLine(change.why)})`)}${cost}`,
    );
    if (style.diffs && change.diff) lines.push(...renderDiff(change.diff, paint));
  }
  return lines.join('\n');
}

function summary(host: string, changes: readonly Change[], unchanged: number): string {
  const counts = verbs
    .map(([action, words]) => [changes.filter((change) => change.action === action).length, words] as const)
    .filter(([count]) => count > 0)
    .map(([count, words]) => `${count} ${words}`);
  const start = `Plan for ${escapeLine(host)}: ${[...(counts.length ? counts : ['nothing to do']), `${unchanged} unchanged`].join(', ')}`;
  return changes.length === 0 ? start : `${start} — impact: ${worst(changes)}`;
}

/** The highest cost in the plan and whom it meets: containers by their name, all else by phase. */
function worst(changes: readonly Change[]): string {
  const top = impacts[Math.max(...changes.map((change) => impacts.indexOf(change.impact)))] ?? 'none';
  if (top === 'none') return top;
  const met = changes.filter((change) => change.impact === top);
  const names = new Set(met.map((change) => /^container (\S+)$/.exec(change.title)?.[1] ?? change.phase));
  return `${top} (${[...names].map(escapeLine).join(', ')})`;
}

function paintImpact(impact: Impact, paint: Colors): string {
  const colour = impact === 'reload' ? paint.cyan : impact === 'restart' ? paint.yellow : paint.red;
  return colour(`[${impact}]`);
}

function renderDiff(diff: string, paint: Colors): string[] {
  return escapeText(diff.trimEnd())
    .split('\n')
    .map((line) => {
      const colour = line.startsWith('+')
        ? paint.green
        : line.startsWith('-')
          ? paint.red
          : line.startsWith('@')
            ? paint.cyan
            : paint.dim;
      return `      ${colour(line)}`;
    });
}
