import { RunbookError } from '../core/errors.ts';
import type { Spec, SpecKind } from '../core/spec.ts';
import type { Host } from '../host/port.ts';
import { askAll } from '../kinds/database/index.ts';
import { kinds } from '../kinds/index.ts';
import type { Question } from '../kinds/kind.ts';

/** What was found for each spec, by spec id; its shape is the kind's own. */
export type Observations = ReadonlyMap<string, unknown>;

/** Kinds that wait for the Docker daemon or a container; asked beside the quick ones, on the same connection. */
const slow: readonly (readonly SpecKind[])[] = [
  ['compose'],
  ['images', 'reload', 'certificate'],
  ['account', 'cluster', 'login', 'replication', 'sources'],
];

const begin = (kind: string) => `@@gitea-runbooks ${kind}`;
const end = '@@gitea-runbooks end';
const marks = { begin: '@@gitea-runbooks answer', end: '@@gitea-runbooks answered' };

/** Ask the host for everything in `specs`: one round trip, a handful of scripts side by side on one connection. */
export async function probe(host: Host, specs: readonly Spec[]): Promise<Observations> {
  const wanted = [...new Set(specs.map(({ kind }) => kind))];
  const quick = wanted.filter((kind) => !slow.flat().includes(kind));
  const groups = [quick, ...slow.map((group) => group.filter((kind) => wanted.includes(kind)))];
  const parts = await Promise.all(
    groups.filter((group) => group.length > 0).map((group) => probeGroup(host, specs, group)),
  );
  return new Map(parts.flatMap((part) => [...part]));
}

async function probeGroup(host: Host, specs: readonly Spec[], group: readonly SpecKind[]): Promise<Observations> {
  const asked = group.map((kind) => ({ kind, specs: specs.filter((spec) => spec.kind === kind) }));
  const sections = asked.map(
    (part) => `echo '${begin(part.kind)}'\n${snippet(part.kind, part.specs)}\necho\necho '${end}'`,
  );
  const script = [...session(asked), ...sections].join('\n');
  const { stdout, stderr } = await host.query({ script, timeout: 60 });
  const textOf = (kind: SpecKind) => answer(kind, stdout) + section(kind, stdout, stderr, host);
  return new Map(asked.flatMap((part) => [...parse(part.kind, part.specs, textOf(part.kind))]));
}

/** All questions of the group to the database, which is one. */
function session(asked: readonly { kind: SpecKind; specs: readonly Spec[] }[]): string[] {
  const questions = asked.flatMap(({ kind, specs }) => {
    const question = anyKind(kind).question?.(specs);
    return question ? [{ name: kind, ...question }] : [];
  });
  const [first] = questions;
  return first ? [`answered=\n${askAll(first.database, questions, marks)} 2>/dev/null && answered=yes`] : [];
}

/** What the database said to the question of a kind; nothing where it did not answer, or refused. */
function answer(kind: SpecKind, stdout: string): string {
  const [begin, end] = [`${marks.begin} ${kind}\n`, `${marks.end} ${kind} false\n`];
  const from = stdout.indexOf(begin);
  const to = stdout.indexOf(end, from);
  return from === -1 || to === -1 ? '' : `reachable\n${stdout.slice(from + begin.length, to)}`;
}

/** The output between a kind's two markers. A section that is missing is an error that names it, never "absent". */
function section(kind: SpecKind, stdout: string, stderr: string, host: Host): string {
  const from = stdout.indexOf(`${begin(kind)}\n`);
  const to = from === -1 ? -1 : stdout.indexOf(`\n${end}`, from);
  if (to !== -1) return stdout.slice(from + begin(kind).length + 1, to);
  throw new RunbookError('unexpected', {
    what: `the probe of "${kind}" broke off`,
    where: host.label,
    cause: stderr.split('\n').slice(-8).join('\n'),
    next: 'run it again with --verbose; if it stays, this is a fault in gitea-runbooks or an unusual /bin/sh on the host',
  });
}

// The registry is indexed by a union here, where TypeScript cannot see that kind and specs belong together.
type AnyKind = {
  snippet: (specs: readonly Spec[]) => string;
  question?: (specs: readonly Spec[]) => Question;
  parse: (text: string, specs: readonly Spec[]) => ReadonlyMap<string, unknown>;
};
const anyKind = (kind: SpecKind) => kinds[kind] as unknown as AnyKind;
const snippet = (kind: SpecKind, specs: readonly Spec[]) => anyKind(kind).snippet(specs);
const parse = (kind: SpecKind, specs: readonly Spec[], text: string) => anyKind(kind).parse(text, specs);
