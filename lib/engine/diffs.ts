import { createTwoFilesPatch } from 'diff';
import type { Change } from '../core/change.ts';
import { shownIni } from '../core/ini.ts';
import { quote } from '../core/quote.ts';
import { Secret } from '../core/secret.ts';
import type { SettingsFile, Spec } from '../core/spec.ts';
import type { Host } from '../host/port.ts';
import type { Plan, Step } from './plan.ts';

/** What a spec wants in a file, where that may be shown; undefined for secrets and binaries. */
function shown(spec: Spec): { path: string; text: string; settings?: SettingsFile } | undefined {
  if (spec.kind === 'sshd') return { path: spec.path, text: spec.content };
  if (spec.kind === 'firewall') return { path: spec.path, text: spec.rules ?? '' };
  if (spec.kind !== 'file') return undefined;
  const { path, content, settings } = spec;
  if (content instanceof Secret) return settings && { path, text: content.reveal(), settings };
  return typeof content === 'string' ? { path, text: content } : undefined;
}

/** Read what lies on the host for every file that will change, in one round trip, and put the diff into each change. */
export async function withDiffs(host: Host, plan: Plan): Promise<Plan> {
  const files = plan.steps.flatMap(({ spec }) => shown(spec) ?? []);
  if (files.length === 0) return plan;
  const script = files
    .map(
      ({ path, settings }) => `${settings ? locate(path, settings) : `file=${quote(path)}`}
base64 -w0 -- "$file" 2>/dev/null; echo`,
    )
    .join('\n');
  const lines = (await host.query({ script })).stdout.split('\n');
  const before = new Map(files.map(({ path }, i) => [path, Buffer.from(lines[i] ?? '', 'base64').toString('utf8')]));
  return { ...plan, steps: plan.steps.map((step) => ({ ...step, change: withDiff(step, before) })) };
}

/** Another version of the settings lies in another folder: then the one in use is what they are compared with. */
const locate = (path: string, { inUse: { container, target } }: SettingsFile) => {
  const format = `{{range .Mounts}}{{if eq .Destination "${target}"}}{{.Source}}{{end}}{{end}}`;
  return `file=${quote(path)}
[ -e "$file" ] || file=$(docker inspect -f ${quote(format)} ${quote(container)} 2>/dev/null)/${quote(path.slice(path.lastIndexOf('/') + 1))}`;
};

function withDiff({ change, spec }: Step, before: ReadonlyMap<string, string>): Change {
  const wanted = shown(spec);
  if (!wanted) return change;
  const found = before.get(wanted.path) ?? '';
  const { settings } = wanted;
  const texts = settings
    ? shownIni(found, wanted.text, new Set(settings.hidden))
    : { before: found, after: wanted.text };
  if (texts.before === texts.after) return change;
  const diff = createTwoFilesPatch(wanted.path, wanted.path, texts.before, texts.after, 'on the host', 'wanted');
  return { ...change, diff: diff.replace(/^Index:.*\n=+\n/, '') };
}
