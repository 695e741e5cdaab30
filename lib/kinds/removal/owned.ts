import type { Mark } from '../../core/mark.ts';
import type { OwnedSpec } from '../../core/spec.ts';
import { removeSettings } from '../access/index.ts';
import type { ApplyContext, Kind } from '../kind.ts';
import { must } from '../text.ts';
import { type FoundMarks, marksSnippet, parseMarks } from './owned-found.ts';
import { adoption, changesOf, idOf, judge } from './owned-judged.ts';
import { adoptScript, markScript, removeScript, unitOf, unmarkScript } from './owned-script.ts';

/** What is ours on the host, by marks that lie there; what is marked and wanted no more goes (docs/adr/0027). */
export const owned: Kind<'owned', FoundMarks> = {
  kind: 'owned',
  snippet: (specs) => specs.map(marksSnippet).join('\n'),
  parse: (text, specs) => new Map(specs.map(({ id }) => [id, parseMarks(text)])),
  // Judged by all others, see `among`.
  diff: () => undefined,
  among: (spec, found, unmet) => {
    const judged = judge(spec, found, unmet);
    return { changes: changesOf(spec, found, judged), first: markFirst(spec, found, judged.before) };
  },
  apply: async (spec, change, context, found) => {
    // Which specs are met does not matter for what goes.
    const { going, missing } = judge(spec, found, new Set());
    const marks = going.find(([mark]) => mark && idOf(mark) === change.id);
    if (marks) await remove(spec, marks, context);
    if (change.id === adoption) {
      await must(context.host, adoptScript(spec, missing), {
        what: 'what is ours could not be marked',
        next: `look at ${spec.path} on the host: the disk is full or read-only`,
      });
    }
  },
};

/** The script that marks what will be made; undefined where all of it is marked already. */
function markFirst(spec: OwnedSpec, { marks }: FoundMarks, before: readonly Mark[]): string | undefined {
  const text = JSON.stringify;
  if (text(marks) === text(before)) return undefined;
  const known = new Set(marks.map(({ name }) => name));
  const taken = before.filter(({ type, name }) => type === 'file' && !known.has(name)).map(({ name }) => name);
  return markScript(spec, before, taken);
}

async function remove(spec: OwnedSpec, marks: readonly Mark[], { host, progress }: ApplyContext): Promise<void> {
  const [mark] = marks as readonly [Mark, ...Mark[]];
  const { type, name } = mark;
  if (type === 'sshd') await removeSettings(name, host, progress);
  await must(host, type === 'sshd' ? unmarkScript(spec, mark) : removeScript(spec, marks), {
    what: `${name}, which is wanted no more, could not be taken away`,
    next: nextFor(mark),
    timeout: 600,
    onLine: progress,
  });
}

function nextFor({ type, name }: Mark): string {
  const unit = unitOf(name);
  if (unit) return `on the host: systemctl status ${unit}`;
  if (type === 'swap') return 'free memory on the host, or set `host.swap: auto` again';
  if (type === 'image' || type === 'network') return `on the host: docker ${type} inspect ${name}`;
  return `look at it on the host: ls -ld ${name}`;
}
