import { readdirSync, rmSync, statSync } from 'node:fs';
import type { RestorePoint } from '../../../core/generation.ts';

/** PostgreSQL's default, which its image does not change. */
const segmentBytes = 16n * 1024n * 1024n;
const perLog = 0x1_0000_0000n / segmentBytes;

/** `16/B374D848` as a number. */
export function lsnOf(text: string): bigint {
  const [high = '', low = ''] = text.split('/');
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}

/** Name of the file of the log that a position is in. */
export function segmentOf(timeline: number, lsn: string): string {
  const number = lsnOf(lsn) / segmentBytes;
  const hex = (value: bigint) => value.toString(16).toUpperCase().padStart(8, '0');
  return `${hex(BigInt(timeline))}${hex(number / perLog)}${hex(number % perLog)}`;
}

/** Where in the log a file of it begins. */
export function beginOf(segment: string): string {
  const lsn = numberOf(segment) * segmentBytes;
  return `${(lsn >> 32n).toString(16)}/${(lsn & 0xffff_ffffn).toString(16)}`;
}

const numberOf = (segment: string) =>
  BigInt(`0x${segment.slice(8, 16)}`) * perLog + BigInt(`0x${segment.slice(16, 24)}`);

/** Files of the log in a folder, `.partial` cut off, in order. */
export function segmentsIn(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => /^[0-9A-F]{24}(\.partial)?$/.test(name))
    .map((name) => name.slice(0, 24))
    .sort();
}

/**
 * What is missing of the log from one position to another, both of one timeline: names of the first and last file that is
 * not there. Undefined where the log is whole.
 */
export function gapIn(
  segments: readonly string[],
  from: { readonly timeline: number; readonly lsn: string },
  to: Pick<RestorePoint, 'timeline' | 'lsn'>,
): { readonly first: string; readonly last: string } | undefined {
  const there = new Set(segments);
  const missing: string[] = [];
  const start = numberOf(segmentOf(from.timeline, from.lsn));
  const end = numberOf(segmentOf(to.timeline, to.lsn));
  for (let number = start; number <= end; number++) {
    const lsn = number * segmentBytes;
    const name = segmentOf(to.timeline, `${(lsn >> 32n).toString(16)}/${(lsn & 0xffff_ffffn).toString(16)}`);
    if (!there.has(name)) missing.push(name);
  }
  return missing.length === 0 ? undefined : { first: missing[0]!, last: missing.at(-1)! };
}

/** A gap as people read it: what is missing, and when what stands before and behind it was last written. */
export function gapText(directory: string, { first, last }: { readonly first: string; readonly last: string }): string {
  const there = segmentsIn(directory);
  const writtenAt = (name = '') => {
    const stats = [name, `${name}.partial`].map((file) => statSync(`${directory}/${file}`, { throwIfNoEntry: false }));
    return stats.find((one) => one?.isFile())?.mtime.toISOString();
  };
  const before = writtenAt(there.findLast((name) => name < first));
  const behind = writtenAt(there.find((name) => name > last));
  const times = before && behind ? `, between ${before} and ${behind}` : before ? `, since ${before}` : '';
  return `${first === last ? first : `${first} to ${last}`} is missing${times}`;
}

/** Takes away what nothing needs any more: whole files of the log before a position. */
export function trim(directory: string, from: { readonly timeline: number; readonly lsn: string }): void {
  const first = segmentOf(from.timeline, from.lsn);
  for (const name of readdirSync(directory)) {
    if (/^[0-9A-F]{24}$/.test(name) && name.slice(8) < first.slice(8) && name.slice(0, 8) <= first.slice(0, 8)) {
      rmSync(`${directory}/${name}`);
    }
  }
}
