import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Host, Output } from '../../../host/port.ts';

/** All containers that restic runs in begin with it; what follows names the job. */
export const containerPrefix = 'gitea-backup-';

/** What tells this machine from others, in the host names of its containers. */
export function machineHere(): string {
  try {
    return readFileSync('/etc/machine-id', 'utf8').slice(0, 12);
  } catch {
    return hostname().slice(0, 12);
  }
}

/** A lock file in a repository, as restic shows it. */
export interface LockFile {
  readonly repository: string;
  readonly hostname: string;
  /** ISO 8601; who is at work sets it anew every five minutes. */
  readonly time: string;
}

/** What a lock is judged by. */
export interface Scene {
  readonly place: 'local' | 'remote';
  /** What ends the host names of this machine's jobs. */
  readonly machine: string;
  /** Names of the containers of jobs that run now. */
  readonly running: readonly string[];
  readonly now: number;
}

/** restic's own measure of a lock that nobody keeps any more. */
const abandoned = 30 * 60_000;

/**
 * Whether nobody is at work any more behind a lock; pure. One of a job of this machine that does not run is, however young; so is,
 * in a repository that nobody but this machine writes to, any lock while no job runs; and one that has not been kept up.
 */
export function isLeft({ hostname, time }: LockFile, { place, machine, running, now }: Scene): boolean {
  const ours = hostname.startsWith(containerPrefix) && hostname.endsWith(`-${machine}`);
  if (ours) return !running.includes(hostname.slice(0, -machine.length - 1));
  return (place === 'local' && running.length === 0) || now - Date.parse(time) > abandoned;
}

/** Each lock on a line, behind the name of its repository. What cannot be read is half of one, and in nobody's way. */
const locksScript = `for name in archive recent; do
  for id in $(run "$name" list locks --no-lock --quiet 2>/dev/null); do
    printf '%s ' "$name"; run "$name" cat lock "$id" --no-lock 2>/dev/null | tr -d '\\n'; echo
  done
done`;

/**
 * Takes away the locks of a place that runs which are gone have left: `kill -9` and a power cut leave them, and restic would take
 * them for those of somebody at work. Where somebody is, everything stays.
 */
export async function freeLocks(
  host: Host,
  place: Scene['place'],
  restic: (script: string) => Promise<Output>,
  tell: (text: string) => void,
): Promise<void> {
  const { stdout } = await restic(locksScript);
  const locks = locksIn(stdout);
  const { stdout: names } = await host.query({
    script: `docker ps --format '{{.Names}}' --filter name=${containerPrefix}`,
  });
  const scene = { place, machine: machineHere(), running: names.split('\n').filter(Boolean), now: Date.now() };
  for (const repository of new Set(locks.map((one) => one.repository))) {
    const here = locks.filter((one) => one.repository === repository);
    if (!here.every((one) => isLeft(one, scene))) {
      tell(
        `the ${place} repository ${repository} is locked by ${here.map(({ hostname }) => hostname).join(', ')}: waiting`,
      );
      continue;
    }
    await restic(`${repository} unlock --remove-all`);
    tell(
      `a run that is gone had left ${here.length === 1 ? 'a lock' : `${here.length} locks`} on the ${place} repository ${repository}: taken away`,
    );
  }
}

/** What `locksScript` prints; pure. */
export function locksIn(stdout: string): readonly LockFile[] {
  return stdout.split('\n').flatMap((line) => {
    const at = line.indexOf(' {');
    if (at < 0) return [];
    const { hostname = '', time = '' } = JSON.parse(line.slice(at + 1)) as Partial<LockFile>;
    return [{ repository: line.slice(0, at), hostname, time }];
  });
}
