/** How the host's memory is shared out. All figures are MiB unless the name says otherwise. */
export interface Memory {
  readonly database: DatabaseMemory;
  readonly giteaLimitMiB: number;
  readonly proxyLimitMiB: number;
}

export interface DatabaseMemory {
  /** Limit of the container, page cache of its files included. */
  readonly limitMiB: number;
  /** /dev/shm, which parallel queries use. Counts towards the limit. */
  readonly sharedMiB: number;
  readonly sharedBuffersMiB: number;
  readonly effectiveCacheMiB: number;
  readonly maintenanceMiB: number;
  readonly workMiB: number;
}

/**
 * The memory that was bought. The kernel reports a little less, and how much less changes with the kernel; taken as it
 * is, every kernel update would change the limits and restart the containers. So it is rounded up to the next quarter
 * of the power of two below it: 3836 to 4096, 64300 to 65536.
 */
export function nominalMemory(memoryMiB: number): number {
  const step = 2 ** Math.floor(Math.log2(Math.max(memoryMiB, 256))) / 4;
  return Math.ceil(memoryMiB / step) * step;
}

const clamp = (least: number, value: number, most: number) => Math.min(most, Math.max(least, Math.floor(value)));

/**
 * Limits that leave a third of a 4 GiB host (1.3 GiB) to the system, the engine, certbot (256 MiB) and the host's own
 * jobs, and settings of PostgreSQL that fit its container: it sees the memory of the host, not its limit.
 */
export function memoryOf(memoryMiB: number): Memory {
  const nominal = nominalMemory(memoryMiB);
  const limitMiB = clamp(512, nominal / 4, 16384);
  return {
    database: {
      limitMiB,
      sharedMiB: clamp(64, limitMiB / 8, 1024),
      sharedBuffersMiB: clamp(128, limitMiB / 4, 4096),
      effectiveCacheMiB: Math.floor((limitMiB * 3) / 4),
      maintenanceMiB: clamp(32, limitMiB / 16, 512),
      // Each sort of each of up to 100 connections may take this much; few do at once.
      workMiB: clamp(4, limitMiB / 128, 64),
    },
    giteaLimitMiB: clamp(640, (nominal * 3) / 8, 24576),
    proxyLimitMiB: clamp(128, nominal / 32, 512),
  };
}
