import type { Config } from '../../config/config.types.ts';
import type { CheckResult } from '../../core/event.ts';
import { volume } from '../../kinds/volume.ts';
import { gib, verdictOn } from '../../kinds/volume-verdict.ts';
import { dataVolume } from '../../phases/volume.ts';
import { result } from '../converge/check-result.ts';

/** The data volume, where the config names one: the deploy's own judgement of what the script found. */
export function volumes(config: Config, text: string): CheckResult[] {
  return dataVolume(config, 'preflight').map((spec) => {
    const found = volume.parse(text, [spec]).get(spec.id)!;
    const verdict = verdictOn(spec, found);
    const say = (status: CheckResult['status'], detail: string, next?: string) =>
      result('volume', status, 'data volume', detail, next);
    if (verdict.state === 'refused') return say('fail', verdict.what, verdict.next);
    const size = gib(found.device?.size ?? 0);
    if (found.mounted === 'device') return say('pass', `mounted at ${spec.path}, ${size}${dueSays(verdict)}`);
    // Part of the boot since a deploy: then it should be there.
    if (!found.enabled) return say('pass', `${spec.device}, ${size}${dueSays(verdict)}`);
    return say(
      'fail',
      `the data volume ${spec.device} is not mounted at ${spec.path}, so Docker and Gitea do not start`,
      `npx zx runbooks/deploy.mjs, which mounts it; why it was not: journalctl -b -u '${spec.unit}' on the host`,
    );
  });
}

const dueSays = (verdict: ReturnType<typeof verdictOn>) => (verdict.state === 'due' ? `: ${verdict.why}` : '');
