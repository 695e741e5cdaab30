import type { Config } from '../../config/config.types.ts';
import { RunbookError } from '../../core/errors.ts';
import type { Manifest } from '../../core/generation.ts';
import type { Host } from '../../host/port.ts';
import { lockPatiently } from '../converge/patient-lock.ts';
import { openRecord } from '../converge/run-record.ts';
import { mustBeWhole } from '../converge/whole-state.ts';
import { generation } from './generation.ts';
import { offHost } from './off-host/index.ts';
import { clearAway, fullDisk, measureHere, mustHaveRoom, saysFull } from './space/index.ts';
import { resticFor, stateOf, tellState } from './store/index.ts';
import { upkeep } from './thinning/index.ts';

export interface BackupOptions {
  /** A whole one, also where what has changed would do. */
  readonly full?: boolean;
  /** Told what is under way, line by line. */
  readonly tell?: (text: string) => void;
}

/**
 * Make a generation on the host itself and bring it off the host, beside people at work. What systemd's timers run. Throws
 * `changeFailed` when it could not be had: the generations before are untouched. One that could not be brought off the host is
 * still one on the host: that failure comes after it, and the next run makes up for it.
 */
export async function backup(config: Config, machine: Host, options: BackupOptions = {}): Promise<Manifest> {
  const started = performance.now();
  const tell = options.tell ?? (() => {});
  const held = await lockPatiently(machine, 'backup');
  const { host } = held;
  const record = openRecord(host, 'backup');
  let clear = async () => {};
  try {
    await mustBeWhole(config, host);
    const work = { config, host, restic: await resticFor(config, host, tell), tell };
    await mustHaveRoom(config, host, options.full ?? false);
    clear = () => clearAway(work);
    const steps: Record<string, number> = {};
    const step = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
      const from = performance.now();
      const result = await work();
      steps[name] = Math.round(performance.now() - from) / 1000;
      return result;
    };
    const made = await step('generation', () => generation(work, options.full ?? false));
    const copied = config.backup.remote ? await step('ship', () => offHost(work)) : 'there';
    // What is being copied must not be taken away meanwhile: the next whole one sees to it.
    if (made.kind === 'full' && copied === 'there') await step('upkeep', () => upkeep(work));
    tellState(config, 'backup', { steps: { ...stateOf(config, 'backup').steps, [made.kind]: steps } });
    await measureHere(work);
    await record.end({ outcome: 'changed', changes: 1, took: performance.now() - started });
    return made;
  } catch (thrown) {
    const full = saysFull(thrown);
    const error = full ? fullDisk(config, thrown) : thrown;
    if (full) await clear().catch(() => {});
    const what = error instanceof RunbookError ? error.parts.what : String(error);
    try {
      tellState(config, 'backup', { ...stateOf(config, 'backup'), failed: { at: new Date().toISOString(), what } });
    } catch {
      // On a full disk there may be no room for that either; why it failed says more than this would.
    }
    await record.fail(error, performance.now() - started);
    throw error;
  } finally {
    await held.release();
  }
}
