import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Config } from '../../../config/config.types.ts';
import { type BackupState, stateFile, type VerifyState, type WalState } from '../../../phases/backup-watch.ts';

/** A JSON document that somebody else wrote; undefined where there is none, or half of one. */
export function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

/** Whole or not at all. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  writeFileSync(`${path}.next`, content, { mode: 0o600, flush: true });
  renameSync(`${path}.next`, path);
}

export const writeJson = (path: string, value: unknown) => writeWhole(path, `${JSON.stringify(value)}\n`);

interface States {
  readonly backup: BackupState;
  readonly wal: WalState;
  readonly verify: VerifyState;
}

/** What a job has told of itself. */
export const stateOf = <J extends keyof States>(config: Config, job: J): States[J] =>
  readJson<States[J]>(stateFile(config, job)) ?? ({} as States[J]);

/** What a job tells of itself from now on, a failure that it had before left out. */
export function tellState<J extends keyof States>(config: Config, job: J, now: States[J]): void {
  const { failed: _before, ...before } = stateOf(config, job);
  writeJson(stateFile(config, job), { ...before, ...now });
}

/** The newest whole generation that is at the place off the host which the config names. */
export function shippedFull(config: Config): string | undefined {
  const { shippedFull: id, place } = stateOf(config, 'backup');
  return place === undefined || place === config.backup.remote?.repository ? id : undefined;
}
