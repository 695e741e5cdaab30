import { readCaBundle } from '../../config/beside/index.ts';
import type { Config } from '../../config/config.types.ts';
import type { CheckResult, OnEvent } from '../../core/event.ts';
import { readFacts } from '../../engine/facts.ts';
import type { Host } from '../../host/port.ts';
import { readOnly } from '../../host/wrappers.ts';
import { outsideChecks } from '../../outside/outside.ts';
import { backupKeyCheck } from './backup-key.ts';
import { delegationCheck } from './delegation.ts';
import { preflight } from './preflight.ts';
import { preflightScript } from './preflight-script.ts';
import { rotationCheck } from './rotation-check.ts';

export { testMail } from './test-mail.ts';

/**
 * Look for everything that is known to go wrong, before and after a deploy: on this machine, on the host, from outside.
 * Changes nothing. Gives all results; what failed says how to put it right. Of the
 * service itself only the name is looked up while it has no containers.
 */
export async function doctor(
  config: Config,
  host: Host,
  options: { onEvent?: OnEvent; signal?: AbortSignal } = {},
): Promise<readonly CheckResult[]> {
  const quiet = readOnly(host);
  const started = Date.now();
  const facts = await readFacts(quiet);
  const { stdout } = await quiet.query({
    script: preflightScript(config, config.tls.caBundle ? readCaBundle(config.tls.caBundle) : ''),
    timeout: 60,
  });
  const { results, deployed } = preflight({ config, facts, text: stdout, now: started / 1000 });
  const [rotation, key, delegated, outside] = await Promise.all([
    rotationCheck(config),
    backupKeyCheck(config, quiet),
    delegationCheck(config),
    outsideChecks({
      config,
      level: deployed ? 'quick' : 'dns',
      ...(options.signal ? { signal: options.signal } : {}),
    }),
  ]);
  const all = [...results, rotation, ...(key ? [key] : []), ...delegated, ...outside];
  for (const result of all) options.onEvent?.({ type: 'check', result });
  return all;
}
