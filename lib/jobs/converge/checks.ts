import type { Config } from '../../config/config.types.ts';
import type { CheckResult, OnEvent } from '../../core/event.ts';
import { Secret } from '../../core/secret.ts';
import type { AccountSpec, Spec } from '../../core/spec.ts';
import type { Host } from '../../host/port.ts';
import { outsideChecks } from '../../outside/outside.ts';

/**
 * Look at the service from outside, as its users do. `full` also clones, pushes and moves an LFS file with the account
 * that exists for this; its token is read from the host and goes no further.
 */
export async function checkOutside(
  config: Config,
  host: Host,
  specs: readonly Spec[],
  level: 'quick' | 'full',
  onEvent: OnEvent,
  signal?: AbortSignal,
): Promise<readonly CheckResult[]> {
  const probe = level === 'full' ? await probeAccount(host, specs) : undefined;
  return outsideChecks({
    config,
    level,
    onResult: (result) => onEvent({ type: 'check', result }),
    onLine: atMostEvery(10_000, (text) => onEvent({ type: 'step', text })),
    ...(probe ? { probe } : {}),
    ...(signal ? { signal } : {}),
  });
}

/** git tells its progress many times a second; a sign of life now and then is enough. */
function atMostEvery(ms: number, tell: (text: string) => void): (text: string) => void {
  let last = performance.now();
  return (text) => {
    if (performance.now() - last < ms) return;
    last = performance.now();
    tell(text);
  };
}

async function probeAccount(host: Host, specs: readonly Spec[]) {
  const account = specs.find((spec): spec is AccountSpec => spec.kind === 'account' && spec.token !== undefined);
  if (!account?.token) return undefined;
  const { stdout } = await host.query({ argv: ['cat', '--', account.token.file] });
  return { username: account.username, token: new Secret('runbooks_probe_token', stdout.trim()) };
}
