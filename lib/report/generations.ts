import type { ListedGeneration } from '../core/generation.ts';
import { duration } from './clock.ts';
import { escapeLine } from './escape.ts';

/** Generations as a table, and below each what is not as it should be with it. */
export function renderGenerations(found: readonly ListedGeneration[], now = Date.now()): string {
  if (found.length === 0) return 'Generations: none';
  const rows = found.map(({ id, kind, places, manifest }) => [
    id,
    kind,
    manifest ? age(now - Date.parse(manifest.at)) : '?',
    manifest ? size(manifest.added) : '?',
    manifest ? duration(Date.parse(manifest.ended) - Date.parse(manifest.began)) : '?',
    manifest ? String(manifest.repositories) : '?',
    places.map((place) => ({ local: 'host', remote: 'off the host' })[place]).join(', '),
  ]);
  const head = ['generation', 'kind', 'age', 'added', 'took', 'repositories', 'where'];
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]!.length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => cell.padEnd(widths[at]!))
      .join('  ')
      .trimEnd();
  return [
    line(head),
    ...rows.flatMap((row, at) => [
      line(row),
      ...(found[at]!.manifest?.degraded ?? []).map((what) => `    ${escapeLine(what)}`),
    ]),
  ].join('\n');
}

function age(milliseconds: number): string {
  const minutes = Math.max(0, Math.round(milliseconds / 60_000));
  if (minutes < 120) return `${minutes} min`;
  return minutes < 2 * 24 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} d`;
}

function size(bytes: number): string {
  const steps = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let step = 0;
  for (; value >= 1024 && step < steps.length - 1; step++) value /= 1024;
  return `${value < 10 && step > 0 ? value.toFixed(1) : Math.round(value)} ${steps[step]}`;
}
