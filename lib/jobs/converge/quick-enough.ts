import type { Config } from '../../config/config.types.ts';
import { placeOf } from '../../config/places.ts';
import { secondsOf } from '../../core/duration.ts';
import { RunbookError } from '../../core/errors.ts';
import { quote } from '../../core/quote.ts';
import type { Host } from '../../host/port.ts';
import { layout } from '../../phases/layout.ts';
import { drillRecord, provenIn, tooSlow } from '../../phases/proven.ts';

/**
 * Throws `configInvalid`, with the line and the sum, where the config asks for a quicker restore than the host was last measured
 * at, and the deploy before did not ask for it. What has become slow under a config that is the same is told by `status`, `doctor`
 * and a notice: it must not be in the way of a deploy that has nothing to do with it.
 */
export async function mustBeQuickEnough(config: Config, host: Host): Promise<void> {
  if (!config.backup.enabled) return;
  const [record, before] = [quote(drillRecord(config)), quote(layout.config)];
  // Of a first deploy there is neither.
  const { stdout } = await host.query({
    script: `tail -n 1 ${record} 2>/dev/null || true; echo; cat ${before} 2>/dev/null || true`,
  });
  const [line = '', ...rest] = stdout.split('\n');
  const proven = provenIn(line);
  const slow = proven && tooSlow(config.backup, proven);
  if (!slow || asked(rest.join('\n')) <= secondsOf(config.backup.objectives.restore)) return;
  const key = 'backup.objectives.restore';
  const place = placeOf(config, key);
  throw new RunbookError('configInvalid', {
    where: place ? `${place.file}:${place.line}:${place.column} ${key}` : key,
    what: slow,
    next: 'nothing was changed. Set it to what can be kept; after a change that makes a restore quicker, npx zx runbooks/drill.mjs measures anew',
  });
}

/** Seconds that the config of the last deploy allows for a restore. */
function asked(text: string): number {
  try {
    return secondsOf((JSON.parse(text) as Config).backup.objectives.restore);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
