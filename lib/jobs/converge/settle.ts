import { RunbookError } from '../../core/errors.ts';
import type { OnEvent } from '../../core/event.ts';
import type { ComposeSpec } from '../../core/spec.ts';
import type { Host } from '../../host/port.ts';
import { type Health, idsOf, someContainerIs } from '../../kinds/containers/index.ts';
import type { Look } from './look.ts';

/**
 * Containers may be on their way by themselves, after a reboot or a crash: asking them too early would look like a
 * failure. Waits until none is starting any more, for as long as the config gives them. After a change (`changed`) one
 * that was found unhealthy is waited for as well: the change may be what it lacked. Without one it is told at once, by
 * the checks. Gives whether there was anything to wait for.
 */
export async function settle(
  host: Host,
  seen: Pick<Look, 'specs' | 'observations'>,
  onEvent: OnEvent,
  { changed }: { readonly changed: boolean },
): Promise<boolean> {
  const waitFor: readonly Health[] = changed ? ['starting', 'unhealthy'] : ['starting'];
  const onTheirWay = seen.specs.filter(
    (spec): spec is ComposeSpec =>
      spec.kind === 'compose' && someContainerIs(spec, seen.observations.get(spec.id), waitFor),
  );
  for (const spec of onTheirWay) {
    const { timeout } = spec;
    onEvent({ type: 'step', text: `waiting for containers that are still starting (at most ${timeout} s)` });
    const found = idsOf(
      spec,
      waitFor.map((health) => `health=${health}`),
    );
    const script = `end=$(($(date +%s) + ${timeout}))
while [ -n "$(${found})" ]; do [ "$(date +%s)" -lt "$end" ] || exit 1; sleep 1; done`;
    const { code } = await host.query({ script, timeout: timeout + 30 });
    if (code === 0) continue;
    throw new RunbookError('checkFailed', {
      what: `containers are still not healthy after ${timeout} s`,
      where: host.label,
      next: 'on the host: docker ps names them; docker logs --tail 50 NAME tells why',
    });
  }
  return onTheirWay.length > 0;
}
