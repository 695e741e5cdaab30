import { RunbookError } from '../../core/errors.ts';
import type { OnEvent } from '../../core/event.ts';
import type { HostFacts } from '../../core/facts.ts';
import { readFacts } from '../../engine/facts.ts';
import type { Host } from '../../host/port.ts';

/** Seconds. */
const limit = 600;

/**
 * A cloud image that boots sets itself up: users, keys, package sources, updates. What is looked at meanwhile is not what
 * will be, so nothing is looked at before its end. Gives the facts as they are then.
 */
export async function afterFirstBoot(host: Host, facts: HostFacts, onEvent: OnEvent): Promise<HostFacts> {
  if (!facts.settingUp) return facts;
  const started = performance.now();
  onEvent({ type: 'step', text: `waiting for cloud-init, which still sets this host up (at most ${limit} s)` });
  const script = `timeout ${limit} cloud-init status --wait 2>&1`;
  const { code, stdout } = await host.query({ script, timeout: limit + 30 });
  if (code === 124) {
    throw new RunbookError('checkFailed', {
      what: `cloud-init has not come to its end after ${limit} s; nothing was changed`,
      where: host.label,
      next: 'on the host: cloud-init status --long; tail /var/log/cloud-init-output.log. Then run the deploy again',
    });
  }
  if (code !== 0) {
    const said = stdout.replace(/^\.+/, '').trim().split('\n').at(-1) ?? '';
    const text = `cloud-init ended with an error (${said || `exit code ${code}`}): see /var/log/cloud-init-output.log on the host`;
    onEvent({ type: 'warning', text });
  }
  onEvent({ type: 'step', text: 'cloud-init has come to its end', took: performance.now() - started });
  return readFacts(host);
}
