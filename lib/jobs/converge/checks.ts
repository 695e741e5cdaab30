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

/** Checks that are under way before it is known whether they will count. */
export interface BegunChecks {
  /** The results, told as they are given; undefined after `drop`. Fails as `outsideChecks` does. */
  results(onEvent: OnEvent): Promise<readonly CheckResult[] | undefined>;
  /** What they found is of no use any more. */
  drop(): void;
}

/** Begins the quick checks. Nothing is told of them, a failure neither, before the results are asked for. */
export function beginChecks(config: Config, signal?: AbortSignal): BegunChecks {
  const stop = new AbortController();
  const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  // What the caller is about to send to the host goes first.
  const begun = new Promise((resolve) => setImmediate(resolve)).then(() =>
    outsideChecks({ config, level: 'quick', signal: either }),
  );
  begun.catch(() => {});
  return {
    results: async (onEvent) => {
      if (stop.signal.aborted) return undefined;
      const results = await begun;
      for (const result of results) onEvent({ type: 'check', result });
      return results;
    },
    drop: () => stop.abort(),
  };
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
