import type { CheckResult } from '../../core/event.ts';
import { project as ours } from '../../phases/layout.ts';
import { result } from '../converge/check-result.ts';

/** Each of our ports: free, held by our own container, or by somebody who is named. */
export function portsTaken(
  ports: readonly number[],
  listening: readonly string[][],
  containers: readonly string[][],
): CheckResult[] {
  const published = containers
    .filter(([, project]) => project === ours)
    .map(([, , shown]) => shown ?? '')
    .join(' ');
  return ports.map((port) => {
    const holder = listening.find(([local]) => local?.endsWith(`:${port}`));
    const free = holder === undefined || published.includes(`:${port}->`);
    const container = containers.find(([, , shown]) => shown?.includes(`:${port}->`))?.[0];
    const who = /\(\("([^"]+)",pid=(\d+)/.exec(holder?.[1] ?? '');
    const detail = free
      ? holder
        ? 'held by our own container'
        : 'free'
      : `in use by ${container ? `container ${container}` : who ? `${who[1]} (pid ${who[2]})` : 'another program'}`;
    // After a power cut Docker may keep a port for a container that is no more; a deploy that meets it puts that right.
    const stale = !free && !container && who?.[1] === 'docker-proxy';
    return result(
      `port:${port}`,
      free ? 'pass' : 'fail',
      `port ${port}`,
      detail,
      stale
        ? 'no container has it: npx zx runbooks/deploy.mjs restarts Docker, which frees it; or on the host: systemctl restart docker'
        : `on the host: ss -ltnp 'sport = :${port}'; stop and disable what holds it`,
    );
  });
}

/** Containers of somebody else that have the names of ours. */
export function foreignContainers(names: readonly string[], containers: readonly string[][]): CheckResult {
  const foreign = containers
    .filter(([name, project]) => names.includes(name ?? '') && project !== ours)
    .map(([name]) => name);
  const good = foreign.length === 0;
  return result(
    'containers',
    good ? 'pass' : 'fail',
    'container names',
    good ? 'no foreign container holds one of ours' : `held by somebody else's: ${foreign.join(', ')}`,
    `rename or remove it on the host: docker rename ${foreign[0] ?? 'NAME'} other-name`,
  );
}
