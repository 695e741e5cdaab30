/**
 * Versions in image tags. Gitea dropped the leading "1." in 2026: 28.0.0 came after 1.27. So 1.27.3 is read as release
 * 3 of line 27, and 28.1.0 as release 1 of line 28: the numbers then compare as the releases followed each other.
 */
export interface Version {
  /** Most important number first. Missing ones count as 0. */
  readonly numbers: readonly number[];
  /** Whether the text names one release (`1.27.3`) or follows a line (`1.27`). */
  readonly exact: boolean;
  /** What follows the numbers, without the dash: "rootless", "alpine3.22", "rc1". */
  readonly suffix: string;
}

const lastOldLine = 27;

/** `1.27.3`, `28.1.0`, with or without a suffix. Undefined for what no Gitea release is called. */
export function parseGiteaVersion(text: string): Version | undefined {
  const version = parseVersion(text);
  if (!version) return undefined;
  const [first = 0, second] = version.numbers;
  const old = first === 1;
  if (old ? second === undefined || second > lastOldLine : first <= lastOldLine) return undefined;
  const numbers = old ? version.numbers.slice(1) : version.numbers;
  return { ...version, numbers, exact: version.numbers.length === 3 };
}

/** Dotted numbers with an optional leading "v" and an optional `-suffix`, as most image tags have them; none begins with a zero. */
export function parseVersion(text: string): Version | undefined {
  const match = /^v?((?:0|[1-9]\d{0,4})(?:\.(?:0|[1-9]\d{0,4})){0,3})(?:-([A-Za-z0-9_.-]+))?$/.exec(text);
  if (!match) return undefined;
  const numbers = match[1]!.split('.').map(Number);
  return { numbers, exact: numbers.length >= 3, suffix: match[2] ?? '' };
}

/** Negative when `a` came before `b`. Suffixes do not count. */
export function compareVersions(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
