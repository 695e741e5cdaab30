// The bench's result: rows of figures beside what the project aims at. A figure is shown, never judged by an exit code.
import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';

export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: 's' | 'MiB' | 'kB' | '' | 'x';
  /** The most that the project wants to see here, in the same unit. */
  readonly target?: number;
  readonly note?: string;
}

/** The middle value; of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** A row from repeated measurements, with their range in the note. */
export function row(name: string, unit: Row['unit'], values: readonly number[], more: Partial<Row> = {}): Row {
  const range = `${shown(Math.min(...values), unit)} to ${shown(Math.max(...values), unit)}, ${values.length} runs`;
  const note = [...(values.length > 1 ? [range] : []), ...(more.note ? [more.note] : [])].join('; ');
  return { ...more, name, unit, value: median(values), ...(note ? { note } : {}) };
}

/** Cores, memory and load of this machine now: a figure means little without them. */
export function machine() {
  const core = cpus();
  // A container or a virtual machine may hide the processor's name.
  const model = core[0]?.model.trim() || 'unknown processor';
  const kernel = readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim();
  const load = loadavg().map((value) => Math.round(value * 100) / 100);
  return {
    cores: core.length,
    model,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel,
    node: process.version,
    load,
  };
}

const shown = (value: number, unit: Row['unit']) =>
  unit === '' ? String(value) : value.toFixed(unit === 'x' || value < 10 ? 2 : 1);

/** The rows as plain text, one a line. */
export function table(rows: readonly Row[]): string {
  const cells = rows.map(({ name, value, unit, target, note = '' }) => [
    name,
    `${shown(value, unit)} ${unit}`.trim(),
    target === undefined ? '' : `<= ${target} ${unit}`.trim(),
    target === undefined ? '' : value <= target ? 'yes' : 'no',
    note,
  ]);
  const lines = [['what', 'median', 'target', 'met', 'note'], ...cells];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => (column === 1 ? cell.padStart(widths[1]!) : cell.padEnd(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
