import type { Config } from '../../config/config.types.ts';
import { RunbookError } from '../../core/errors.ts';
import type { CheckResult } from '../../core/event.ts';
import { storeOf } from '../../secrets/index.ts';
import { unfinished } from '../../secrets/rotation.ts';
import { result } from '../converge/check-result.ts';

export const finishRotation =
  'npx zx runbooks/rotate-secrets.mjs brings it to its end; npx zx runbooks/deploy.mjs goes back to the values before';

/** Whether a rotation was cut off. A store that cannot be asked is a finding, too: nothing else that doctor does needs it. */
export async function rotationCheck(config: Config): Promise<CheckResult> {
  const [id, title] = ['rotation', 'rotation of secrets'] as const;
  try {
    const names = Object.keys(await unfinished(storeOf(config)));
    if (names.length === 0) return result(id, 'pass', title, 'none is under way');
    return result(id, 'warn', title, `that of ${names.join(', ')} has not come to its end`, finishRotation);
  } catch (error) {
    if (!(error instanceof RunbookError)) throw error;
    return result(id, 'warn', title, `not known: ${error.parts.what}`, error.parts.next);
  }
}
