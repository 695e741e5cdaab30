import { createTwoFilesPatch } from 'diff';
import type { Change } from '../core/change.ts';
import { shownIni } from '../core/ini.ts';
import { quote } from '../core/quote.ts';
import { Secret } from '../core/secret.ts';
import type { SettingsFile } from '../core/spec.ts';
import type { Host } from '../host/port.ts';
import type { Plan, Step } from './plan.ts';

/** What a spec wants in a file, where that may be shown; undefined for secrets and binaries. */
function shown({ spec, change }: Step): { path: string; text: string; settings?: SettingsFile } | undefined {
  if (spec.kind === 'owned') return gone(change);
  if (spec.kind === 'sshd') return { path: spec.path, text: spec.content };
  if (spec.kind === 'firewall') return { path: spec.path, text: spec.rules ?? '' };
  if (spec.kind !== 'file') return undefined;
  const { path, content, settings } = spec;
  if (content instanceof Secret) return settings && { path, text: content.reveal(), settings };
  return typeof content === 'string' ? { path, text: content } : undefined;
}

/** Of a file that goes, all of it goes. */
function gone({ id }: Change): { path: string; text: string } | undefined {
  const path = /^owned:(?:file|sshd):(\/.*)$/.exec(id)?.[1];
  return path === undefined ? undefined : { path, text: '' };
}

/** Read what lies on the host for every file that will change, in one round trip, and put the diff into each change. */
export async function withDiffs(host: Host, plan: Plan): Promise<Plan> {
  const files = plan.steps.flatMap((step) => shown(step) ?? []);
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

function withDiff(step: Step, before: ReadonlyMap<string, string>): Change {
  const { change } = step;
  const wanted = shown(step);
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
