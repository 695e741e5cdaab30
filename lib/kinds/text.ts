import type { Action, Change } from '../core/change.ts';
import { RunbookError } from '../core/errors.ts';
import type { Impact, Spec } from '../core/spec.ts';
import type { Host, Output } from '../host/port.ts';

/** Rows of a snippet's output: one line a row, tabs between the fields, empty lines left out. */
export function rows(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'));
}

/** A change for a spec; the fields that every kind fills in the same way. */
export function changeOf(spec: Spec, action: Action, title: string, why: string, impact: Impact = 'none'): Change {
  return { id: spec.id, kind: spec.kind, phase: spec.phase, action, title, why, impact };
}

/** The last lines of what a command printed, for the cause of a failure. */
export function lastLines(output: Output, count = 12): string {
  return `${output.stdout}\n${output.stderr}`
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-count)
    .join('\n');
}

/** Run a script that must succeed; a non-zero exit is a `changeFailed` with the script's own last lines. */
export async function must(
  host: Host,
  script: string,
  failure: { what: string; next: string; timeout?: number; onLine?: (line: string) => void },
): Promise<Output> {
  const output = await host.run({
    script,
    ...(failure.timeout === undefined ? {} : { timeout: failure.timeout }),
    ...(failure.onLine === undefined ? {} : { onLine: failure.onLine }),
  });
  if (output.code !== 0) {
    throw new RunbookError('changeFailed', {
      what: failure.what,
      where: host.label,
      cause: lastLines(output),
      next: failure.next,
    });
  }
  return output;
}
