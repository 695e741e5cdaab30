import { RunbookError } from '../core/errors.ts';
import type { OnEvent } from '../core/event.ts';
import { quote } from '../core/quote.ts';
import type { ComposeSpec } from '../core/spec.ts';
import type { Host } from '../host/port.ts';
import { isStarting } from '../kinds/compose.ts';
import type { Look } from './look.ts';

/**
 * After a reboot the containers are on their way by themselves: nothing has to be changed, and asking them too early would
 * look like a failure. Waits until none is starting any more, for as long as the config gives them.
 */
export async function settle(host: Host, seen: Look, onEvent: OnEvent): Promise<void> {
  const starting = seen.specs.filter(
    (spec): spec is ComposeSpec => spec.kind === 'compose' && isStarting(seen.observations.get(spec.id)),
  );
  for (const { project, timeout } of starting) {
    onEvent({ type: 'step', text: `waiting for containers that are still starting (at most ${timeout} s)` });
    const found = `docker ps -q --filter label=com.docker.compose.project=${quote(project)} --filter health=starting`;
    const script = `end=$(($(date +%s) + ${timeout}))
while [ -n "$(${found})" ]; do [ "$(date +%s)" -lt "$end" ] || exit 1; sleep 1; done`;
    const { code } = await host.query({ script, timeout: timeout + 30 });
    if (code === 0) continue;
    throw new RunbookError('checkFailed', {
      what: `containers are still starting after ${timeout} s`,
      where: host.label,
      next: 'on the host: docker ps; docker logs --tail 50 gitea-gitea-1',
    });
  }
}
