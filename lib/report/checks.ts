import pc from 'picocolors';
import type { CheckResult, CheckStatus } from '../core/event.ts';
import { duration } from './clock.ts';
import { escapeLine } from './escape.ts';

const order: readonly CheckStatus[] = ['pass', 'warn', 'fail', 'skip'];
const counted: Record<CheckStatus, string> = {
  pass: 'passed',
  warn: 'with a warning',
  fail: 'failed',
  skip: 'skipped',
};

/** One check as a line, and a second one with the next step where there is one to take. No line end. */
export function renderCheck(result: CheckResult, style: { readonly color?: boolean } = {}): string {
  const paint = pc.createColors(style.color ?? false);
  const colour = { pass: paint.green, warn: paint.yellow, fail: paint.red, skip: paint.dim }[result.status];
  const line = `  ${colour(result.status)}  ${escapeLine(result.title)}: ${escapeLine(result.detail)} ${paint.dim(`(${duration(result.took)})`)}`;
  const wantsNext = result.next !== undefined && result.status !== 'pass';
  return wantsNext ? `${line}\n        Next: ${escapeLine(result.next ?? '')}` : line;
}

/** All checks, the counts first: "Checks: 9 passed, 1 failed". */
export function renderChecks(results: readonly CheckResult[], style: { readonly color?: boolean } = {}): string {
  const counts = order
    .map((status) => [results.filter((result) => result.status === status).length, counted[status]] as const)
    .filter(([count]) => count > 0)
    .map(([count, words]) => `${count} ${words}`);
  const head = `Checks: ${counts.length ? counts.join(', ') : 'none'}`;
  return [
    pc.createColors(style.color ?? false).bold(head),
    ...results.map((result) => renderCheck(result, style)),
  ].join('\n');
}
