import type { Config } from '../../config/config.types.ts';
import { RunbookError } from '../../core/errors.ts';
import type { Host } from '../../host/port.ts';
import { lastLines } from '../../kinds/text.ts';
import { obtainScript } from '../../kinds/tls/index.ts';
import { certificateSpec } from '../../phases/tls.ts';
import { lockPatiently } from '../converge/patient-lock.ts';
import { openRecord } from '../converge/run-record.ts';

/**
 * Renew the certificate if it is due, on the host itself, beside a backup but never beside a deploy. What systemd's timer
 * runs twice a day. Throws `changeFailed` when it could not be had: the old certificate goes on being served.
 */
export async function renew(config: Config, machine: Host): Promise<{ readonly changed: boolean }> {
  const started = performance.now();
  const held = await lockPatiently(machine, 'renew');
  const { host } = held;
  const record = openRecord(host, 'renew');
  try {
    const spec = certificateSpec(config);
    const link = { argv: ['readlink', `${spec.directory}/current`] };
    const before = (await host.query(link)).stdout;
    const output = await host.run({ script: obtainScript(spec, { force: false }), timeout: 300 });
    if (output.code !== 0) {
      throw new RunbookError('changeFailed', {
        what: 'the certificate could not be renewed; the one before is still served',
        cause: lastLines(output),
        next: 'journalctl -u gitea-runbooks-renew; the timer tries again by itself',
      });
    }
    const changed = (await host.query(link)).stdout !== before;
    await record.end({
      outcome: changed ? 'changed' : 'converged',
      changes: Number(changed),
      took: performance.now() - started,
    });
    return { changed };
  } catch (error) {
    await record.fail(error, performance.now() - started);
    throw error;
  } finally {
    await held.release();
  }
}
