import { createTwoFilesPatch } from 'diff';
import type { Change } from '../core/change.ts';
import { quote } from '../core/quote.ts';
import { Secret } from '../core/secret.ts';
import type { Spec } from '../core/spec.ts';
import type { Host } from '../host/port.ts';
import type { Plan, Step } from './plan.ts';

/** The text that a spec wants in a file and that may be shown; undefined for secrets and binaries. */
function shown(spec: Spec): { path: string; text: string } | undefined {
  if (spec.kind === 'sshd') return { path: spec.path, text: spec.content };
  if (spec.kind !== 'file' || spec.content instanceof Secret || typeof spec.content !== 'string') return undefined;
  return { path: spec.path, text: spec.content };
}

/** Read what lies on the host for every file that will change, in one round trip, and put the diff into each change. */
export async function withDiffs(host: Host, plan: Plan): Promise<Plan> {
  const files = plan.steps.flatMap(({ spec }) => shown(spec) ?? []);
  if (files.length === 0) return plan;
  const script = files.map(({ path }) => `base64 -w0 -- ${quote(path)} 2>/dev/null; echo`).join('\n');
  const lines = (await host.query({ script })).stdout.split('\n');
  const before = new Map(files.map(({ path }, i) => [path, Buffer.from(lines[i] ?? '', 'base64').toString('utf8')]));
  return { ...plan, steps: plan.steps.map((step) => ({ ...step, change: withDiff(step, before) })) };
}

function withDiff({ change, spec }: Step, before: ReadonlyMap<string, string>): Change {
  const wanted = shown(spec);
  const old = wanted && (before.get(wanted.path) ?? '');
  if (!wanted || old === wanted.text) return change;
  const diff = createTwoFilesPatch(wanted.path, wanted.path, old ?? '', wanted.text, 'on the host', 'wanted');
  return { ...change, diff: diff.replace(/^Index:.*\n=+\n/, '') };
}
