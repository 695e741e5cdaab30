/** What somebody wants of the host's memory. All figures are MiB. */
export interface Ask {
  /** As a person calls it. */
  readonly who: string;
  /** With less it does not work. */
  readonly least: number;
  /** Part of the host's memory that it would like to have. */
  readonly share: number;
  /** More is of no use to it. */
  readonly most: number;
}

/** The distribution, sshd, the engine: no limit holds them, and nothing is left when others take it. */
const system: Ask = { who: 'system', least: 224, share: 0, most: 224 };

/**
 * The memory that was bought. The kernel reports a little less, and how much less changes with the kernel; taken as it
 * is, every kernel update would change the limits and restart the containers. So it is rounded up to the next quarter
 * of the power of two below it: 3836 to 4096, 64300 to 65536.
 */
export function nominalMemory(memoryMiB: number): number {
  const step = 2 ** Math.floor(Math.log2(Math.max(memoryMiB, 256))) / 4;
  return Math.ceil(memoryMiB / step) * step;
}

/** A whole number of MiB within these bounds. */
export const clamp = (least: number, value: number, most: number) => Math.min(most, Math.max(least, Math.floor(value)));

/**
 * The limit of each who asks. All that is wanted is given while it fits into the host; otherwise each gives up the same part
 * of what it would have above its least. Some of a host is left even so: page cache is memory that works.
 */
export function shareOut(asks: readonly Ask[], memoryMiB: number): ReadonlyMap<string, number> {
  const nominal = nominalMemory(memoryMiB);
  const wanted = [...asks, system].map((ask) => ({ ...ask, limit: clamp(ask.least, nominal * ask.share, ask.most) }));
  const over = sum(wanted.map(({ limit }) => limit)) - nominal;
  const above = sum(wanted.map(({ limit, least }) => limit - least));
  const kept = over > 0 && above > 0 ? Math.max(0, 1 - over / above) : 1;
  return new Map(wanted.map(({ who, limit, least }) => [who, least + Math.floor((limit - least) * kept)]));
}

/** Whether the least of all fits into what the kernel reports, and the sum in words: "database 512 + … = 1760 MiB". */
export function leastMemory(asks: readonly Ask[], memoryMiB: number): { fits: boolean; sum: string } {
  const all = [...asks, system];
  const needed = sum(all.map(({ least }) => least));
  return {
    fits: needed <= memoryMiB,
    sum: `${all.map(({ who, least }) => `${who} ${least}`).join(' + ')} = ${needed} MiB`,
  };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
