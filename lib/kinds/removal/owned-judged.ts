import type { Change } from '../../core/change.ts';
import { type Mark, type MarkType, markLine, thingOf } from '../../core/mark.ts';
import type { OwnedSpec } from '../../core/spec.ts';
import { changeOf } from '../text.ts';
import type { FoundMarks } from './owned-found.ts';
import { unitOf } from './owned-script.ts';

/** What the marks come to: pure, from what was found and which specs are not met. */
export interface Judged {
  /** Marks of what is as wanted and carries none yet. */
  readonly missing: readonly Mark[];
  /** What goes, in its order, with every mark that it carries. */
  readonly going: readonly (readonly Mark[])[];
  /** The marks as they have to be before anything is changed: what will be made is in it already. */
  readonly before: readonly Mark[];
}

/** May be ours or somebody else's: it is marked when it is made, and never afterwards. */
const madeOnly: readonly MarkType[] = ['directory', 'swap'];

/** What only its first line says to be ours, on a host without marks: what was written there is not known. */
const isGuess = ({ type, value }: Mark) => value === '' && (type === 'file' || type === 'sshd');

export function judge(spec: OwnedSpec, { marks }: FoundMarks, unmet: ReadonlySet<string>): Judged {
  const wanted = new Map(spec.wanted.map((one) => [thingOf(one.mark), one]));
  const marked = new Set(marks.filter((mark) => !isGuess(mark)).map(thingOf));
  const stays = new Set(spec.stays);
  const spared = sparedImages(spec, marks);
  const pending = marks.filter((mark) => !wanted.has(thingOf(mark)) && !stays.has(mark.name));
  const going = pending.filter((mark) => !spared.has(mark.name));
  // Of what is about to be written both are ours: what lies there now, and what will.
  const current = spec.wanted.flatMap(({ spec: id, mark }) => {
    const before = marks.filter((one) => thingOf(one) === thingOf(mark) && unmet.has(id) && !isGuess(one));
    return marked.has(thingOf(mark)) || unmet.has(id) ? [...before, mark] : [];
  });
  return {
    missing: spec.wanted
      .filter(({ spec: id, mark }) => !marked.has(thingOf(mark)) && !unmet.has(id) && !madeOnly.includes(mark.type))
      .map(({ mark }) => mark),
    going: byThing(going).sort(inOrder),
    before: unique([...pending, ...current]),
  };
}

const byThing = (marks: readonly Mark[]) =>
  [...new Set(marks.map(thingOf))].map((thing) => marks.filter((mark) => thingOf(mark) === thing));

const unique = (marks: readonly Mark[]) => [...new Map(marks.map((mark) => [markLine(mark), mark])).values()];

/** Of each image that is wanted the one before it stays as well, whichever registry it came from. */
function sparedImages(spec: OwnedSpec, marks: readonly Mark[]): Set<string> {
  const images = (all: readonly Mark[]) => all.filter(({ type }) => type === 'image').map(({ name }) => name);
  const wanted = images(spec.wanted.map(({ mark }) => mark));
  const newest = new Map(
    images(marks)
      .filter((ref) => !wanted.includes(ref))
      .map((ref) => [nameOf(ref), ref]),
  );
  return new Set(wanted.flatMap((ref) => newest.get(nameOf(ref)) ?? []));
}

/** "gitea" of "registry.example.com:5000/gitea/gitea:1.27". */
const nameOf = (ref: string) =>
  ref.slice(ref.lastIndexOf('/', ref.includes('@') ? ref.indexOf('@') : undefined) + 1).replace(/[:@].*/, '');

/** What starts others before those, units before the files that they read, and folders when nothing is left in them. */
const ranks: readonly ((mark: Mark) => boolean)[] = [
  ({ name }) => /\.(timer|socket|path)$/.test(unitOf(name) ?? ''),
  ({ name }) => unitOf(name) !== undefined,
  ({ type }) => ['file', 'secret', 'link'].includes(type),
  ({ type }) => type === 'sshd',
  ({ type }) => type === 'swap',
  ({ type }) => type === 'network' || type === 'image',
];
const rankOf = (mark: Mark) => (ranks.findIndex((is) => is(mark)) + ranks.length + 1) % (ranks.length + 1);

function inOrder([a]: readonly Mark[], [b]: readonly Mark[]): number {
  const [one, two] = [a!, b!];
  return rankOf(one) - rankOf(two) || depth(two.name) - depth(one.name) || one.name.localeCompare(two.name);
}

const depth = (path: string) => path.split('/').length;

export const adoption = 'owned:adopt';
export const idOf = (mark: Mark) => `owned:${mark.type}:${mark.name}`;

export function changesOf(spec: OwnedSpec, found: FoundMarks, { missing, going }: Judged): Change[] {
  const removed = going.map((marks): Change => {
    const [mark] = marks as readonly [Mark, ...Mark[]];
    return { ...changeOf(spec, 'remove', titleOf(mark), whyOf(spec, marks, found)), id: idOf(mark) };
  });
  if (missing.length === 0) return removed;
  const why = `of what is as wanted ${missing.length === 1 ? 'one is' : `${missing.length} are`} not marked yet`;
  return [{ ...changeOf(spec, 'update', 'marks of what is ours', why), id: adoption }, ...removed];
}

function titleOf({ type, name }: Mark): string {
  if (type === 'directory') return `${name}/`;
  if (type === 'image' || type === 'network') return `${type} ${name}`;
  if (type === 'sshd') return `sshd settings ${name}`;
  return type === 'swap' ? `swap file ${name}` : name;
}

function whyOf({ kept }: OwnedSpec, marks: readonly Mark[], { states }: FoundMarks): string {
  const [{ type, name, readers }] = marks as readonly [Mark, ...Mark[]];
  const state = states.get(thingOf(marks[0]!));
  const why = unitOf(name) ? 'is wanted no more: it is stopped first' : 'is wanted no more';
  if (type === 'image') return 'nobody runs it any more';
  if (type === 'network') return why;
  if (state === undefined) return `${why}, and is gone already`;
  if (type === 'directory') return `${why}, if nothing else is in it`;
  const then = readers.length > 0 ? `; ${readers.join(', ')} reads anew` : '';
  if (type !== 'file' && type !== 'sshd') return `${why}${then}`;
  if (state === 'other') return `${why}, and is no file any more: it stays, without its mark`;
  const ours = marks.some(({ value }) => value === state);
  return ours ? `${why}${then}` : `${why}; not as it was written: a copy stays below ${kept}${then}`;
}
