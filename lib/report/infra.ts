import pc from 'picocolors';
import type { InfraAction, InfraSummary, MonthlyCost } from '../core/infra.ts';
import { type Impact, impacts } from '../core/spec.ts';
import { escapeLine } from './escape.ts';

type Colors = ReturnType<typeof pc.createColors>;

const verbs: Readonly<Record<InfraAction, readonly [mark: string, words: string]>> = {
  create: ['+', 'to create'],
  update: ['~', 'to change'],
  replace: ['±', 'to replace'],
  destroy: ['-', 'to destroy'],
};

/** A plan of the infrastructure as text, the summary line first; the last line has no line end. */
export function renderInfra(place: string, summary: InfraSummary, style: { readonly color?: boolean } = {}): string {
  const paint = pc.createColors(style.color ?? false);
  const { changes, drift } = summary;
  const width = Math.max(0, ...changes.map(({ address }) => address.length).filter((length) => length <= 60));
  const lines = [paint.bold(headline(place, summary))];
  for (const { address, name, action, why, impact } of changes) {
    const cost = impact === 'none' ? '' : ` ${(impact === 'destroys-data' ? paint.red : paint.yellow)(`[${impact}]`)}`;
    const known = name === address ? '' : `${name}: `;
    lines.push(
      `  ${mark(action, paint)} ${escapeLine(address).padEnd(width)}  ${paint.dim(escapeLine(`(${known}${why})`))}${cost}`,
    );
  }
  if (drift.length > 0) lines.push('Changed outside of Terraform since the last apply:');
  for (const { address, name, what } of drift)
    lines.push(`  ! ${escapeLine(address)}  ${paint.dim(escapeLine(`(${name}: ${what})`))}`);
  return [...lines, ...cost(summary)].join('\n');
}

/** "47.12 USD a month", or why no sum can be told. */
export function renderCost({ total, items, unknown }: MonthlyCost): string {
  if (total !== undefined) return `${total.toFixed(2)} USD a month`;
  const known = items.reduce((sum, { usd = 0 }) => sum + usd, 0);
  return `${known.toFixed(2)} USD a month and what is not in the table of prices: ${unknown.join(', ')}`;
}

function headline(place: string, { changes, unchanged, drift }: InfraSummary): string {
  const counts = Object.entries(verbs)
    .map(([action, [, words]]) => [changes.filter((one) => one.action === action).length, words] as const)
    .filter(([count]) => count > 0)
    .map(([count, words]) => `${count} ${words}`);
  const parts = [...(counts.length > 0 ? counts : ['nothing to do']), `${unchanged} unchanged`];
  if (drift.length > 0) parts.push(`${drift.length} changed outside`);
  const start = `Plan for ${escapeLine(place)}: ${parts.join(', ')}`;
  return changes.length === 0 ? start : `${start} — impact: ${worst(changes)}`;
}

function worst(changes: InfraSummary['changes']): string {
  const top: Impact = impacts[Math.max(...changes.map(({ impact }) => impacts.indexOf(impact)))] ?? 'none';
  if (top === 'none') return top;
  const met = changes.filter(({ impact }) => impact === top).map(({ name }) => escapeLine(name));
  return `${top} (${[...new Set(met)].join(', ')})`;
}

function cost({ before, after, byUse, pricesOf }: InfraSummary): string[] {
  if (before.items.length + after.items.length === 0) return [];
  const was = renderCost(before);
  const is = renderCost(after);
  const items = after.items.map(({ name, usd }) => `${name} ${usd === undefined ? '?' : usd.toFixed(2)}`);
  return [
    `Cost: ${is}${was === is ? '' : ` (now: ${was})`}${items.length > 0 ? ` = ${items.map(escapeLine).join(' + ')}` : ''}`,
    `      plus ${byUse.join(', ')}. List prices of ${pricesOf}, without tax; a month has 730 hours.`,
  ];
}

function mark(action: InfraAction, paint: Colors): string {
  const colour = { create: paint.green, update: paint.yellow, replace: paint.red, destroy: paint.red }[action];
  return colour(verbs[action][0]);
}
