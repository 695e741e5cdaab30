import pc from 'picocolors';
import type { StatusReport } from '../core/status.ts';
import { duration } from './clock.ts';
import { escapeLine } from './escape.ts';

/** A status report as text; what is not well stands out. The last line has no line end. */
export function renderStatus(report: StatusReport, style: { readonly color?: boolean } = {}): string {
  const paint = pc.createColors(style.color ?? false);
  const mark = (good: boolean, text: string) => (good ? text : paint.red(text));
  const lines = [
    paint.bold(
      `${report.host}: ${report.healthy ? paint.green('well') : paint.red('needs a look')} (${report.system})`,
    ),
    'Services',
    ...(report.services.length === 0 ? [paint.red('  none: nothing is deployed here')] : []),
    ...report.services.map(
      ({ name, image, state, health, since, restarts }) =>
        `  ${name.padEnd(9)} ${mark(state === 'running' && health !== 'unhealthy', `${state}, ${health}`)}  ${image}${since ? `  since ${since.slice(0, 19)}Z` : ''}${restarts > 0 ? `, restarted ${restarts} times` : ''}`,
    ),
    'Certificate',
    `  ${certificate(report, mark)}`,
    ...report.lines.flatMap(({ title, text, good }) => [title, `  ${mark(good, escapeLine(text))}`]),
    'Disks',
    ...report.disks.map(({ mount, sizeMiB, freePercent }) =>
      mark(freePercent >= 10, `  ${mount}: ${freePercent} % of ${(sizeMiB / 1024).toFixed(0)} GiB free`),
    ),
    'Configuration',
    report.pending === 0
      ? '  the host is as the config wants it'
      : paint.yellow(
          `  ${report.pending} change${report.pending === 1 ? '' : 's'} pending: ${report.pendingTitles.slice(0, 5).join(', ')}${report.pending > 5 ? ', …' : ''} (npx zx runbooks/plan.mjs)`,
        ),
    ...(report.rotation.length === 0
      ? []
      : [
          paint.yellow(
            `  rotation of ${report.rotation.join(', ')} not finished (npx zx runbooks/rotate-secrets.mjs goes on)`,
          ),
        ]),
    'Last runs',
    ...(report.lastRuns.length === 0 ? ['  none'] : []),
    ...report.lastRuns.map(({ at, runbook, who, outcome, changes, took, error }) =>
      escapeLine(
        `  ${at.slice(0, 19)}Z  ${runbook.padEnd(7)} ${outcome ?? ''}${changes ? ` (${changes} changes)` : ''} in ${duration(took ?? 0)} by ${who}${error ? `: ${error}` : ''}`,
      ),
    ),
  ];
  return lines.join('\n');
}

function certificate({ certificate: found }: StatusReport, mark: (good: boolean, text: string) => string): string {
  if (!found) return mark(false, 'none');
  if (found.placeholder) return mark(false, 'a self-signed placeholder is served: browsers warn');
  return mark(
    found.daysLeft > 3,
    `${found.daysLeft} days left (until ${found.validTo.slice(0, 10)}), issued by ${escapeLine(found.issuer)}`,
  );
}
