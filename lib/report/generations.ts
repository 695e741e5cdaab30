import { type ListedGeneration, type Manifest, timeOf } from '../core/generation.ts';
import { size } from '../core/size.ts';
import { duration } from './clock.ts';
import { columns } from './columns.ts';
import { escapeLine } from './escape.ts';

/** Generations as a table, and below each what is not as it should be with it. */
export function renderGenerations(found: readonly ListedGeneration[], now = Date.now()): string {
  if (found.length === 0) return 'Generations: none';
  const rows = found.map(({ id, kind, places, size: bytes, verified, manifest }) => [
    id,
    kind,
    // Its name is when it was begun, which is near enough where the host has no note of it.
    age(now - (manifest ? Date.parse(manifest.at) : timeOf(id))),
    bytes || manifest ? size(bytes?.added ?? manifest!.added) : '?',
    bytes ? size(bytes.holds) : '?',
    manifest ? duration(Date.parse(manifest.ended) - Date.parse(manifest.began)) : '?',
    manifest ? `${kind === 'full' ? '' : `${manifest.changed ?? 0} of `}${manifest.repositories}` : '?',
    verified === undefined ? 'not yet' : `${age(now - Date.parse(verified))} ago`,
    places.map((place) => ({ local: 'host', remote: 'off the host' })[place]).join(', '),
  ]);
  const head = ['generation', 'kind', 'age', 'added', 'holds', 'took', 'repositories', 'verified', 'where'];
  const [title, ...lines] = columns(head, rows);
  return [
    title,
    ...rows.flatMap((_, at) => [
      lines[at]!,
      ...gapLine(found[at]!.manifest?.gap),
      ...(found[at]!.manifest?.degraded ?? []).map((what) => `    ${escapeLine(what)}`),
    ]),
  ].join('\n');
}

function age(milliseconds: number): string {
  const minutes = Math.max(0, Math.round(milliseconds / 60_000));
  if (minutes < 120) return `${minutes} min`;
  return minutes < 2 * 24 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} d`;
}

const gapLine = (gap: Manifest['gap']) =>
  gap ? [`    the log of the database has a gap: no moment between ${gap.from} and ${gap.to} can be brought back`] : [];
