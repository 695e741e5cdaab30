import { rmSync } from 'node:fs';
import type { Config } from '../../../config/config.types.ts';
import { RunbookError } from '../../../core/errors.ts';
import type { PrunePlan } from '../../../core/prune.ts';
import { quote } from '../../../core/quote.ts';
import { Secret } from '../../../core/secret.ts';
import type { Host, Output } from '../../../host/port.ts';
import { lockPatiently } from '../../converge/patient-lock.ts';
import { openRecord } from '../../converge/run-record.ts';
import { lastWords, progressOf, type Restic, readJson, resticExit, resticFor, stateOf } from '../store/index.ts';
import { planOf, snapshotsIn } from './prune-plan.ts';
import { forget } from './upkeep.ts';

/** What an operator gives to the host for one removal. */
export interface PruneOrder {
  /** What restic gets its rights by, over what the host has. Names of environment variables with their values. */
  readonly environment: Readonly<Record<string, string>>;
  /** Variables of the host that must not be mixed with these. */
  readonly without: readonly string[];
  /** What was approved: nothing else is removed, whatever has become due since. */
  readonly ids: readonly string[];
}

/** Seconds: what is still needed of a pack is read and written again. */
const limit = 12 * 3600;

/** Of what is kept so much may lie idle: below it nothing is written again, which on a locked bucket is paid for twice. */
const options = '--max-unused 20%';

const words = (ids: readonly string[]) =>
  ['manifest', 'generation'].flatMap((tag) => ids.map((id) => `--tag ${tag}=${id}`)).join(' ');

/** What an operator would remove off the host. Looks only, with the host's own rights. */
export async function prunePreview(config: Config, host: Host, now = Date.now()): Promise<PrunePlan> {
  return preview(config, await resticFor(config, host), now);
}

async function preview(config: Config, restic: Restic, now: number): Promise<PrunePlan> {
  const place = mustHaveRemote(config);
  const { aws } = config;
  const held = aws?.backupBucket && place.endsWith(`/${aws.backupBucket}`) ? { heldDays: aws.objectLockDays } : {};
  const plan = planOf({
    place,
    snapshots: await snapshotsIn(restic),
    retention: config.backup.retention,
    verified: stateOf(config, 'verify'),
    now,
  });
  const going = [...plan.goes, ...plan.unfinished];
  if (going.length === 0 || plan.refused) return { ...plan, ...held };
  const output = await restic({
    ...{ what: 'prune-preview', looks: true, place: 'remote', timeout: 3600 },
    script: `archive forget --no-lock --dry-run --prune ${options} --unsafe-allow-remove-all ${words(going)}`,
  });
  if (output.code !== 0) throw pruneFailed(output, 'it cannot be reckoned what a removal would come to');
  return { ...plan, ...held, ...reckoned(output.stdout) };
}

/** What restic reckons, in bytes; pure. */
export function reckoned(text: string): Pick<PrunePlan, 'freed' | 'left'> {
  const bytes = (title: string) => {
    const found = new RegExp(`^${title}: +\\d+ blobs / ([0-9.]+) ([KMGT]i)?B$`, 'm').exec(text);
    return found ? Number(found[1]) * 1024 ** ['', 'Ki', 'Mi', 'Gi', 'Ti'].indexOf(found[2] ?? '') : undefined;
  };
  const [freed, left] = [bytes('total prune'), bytes('remaining')];
  return { ...(freed === undefined ? {} : { freed }), ...(left === undefined ? {} : { left }) };
}

/** What was left of a pack by one that was cut off is found again by the next one. */
const removal = (ids: readonly string[]) => `answers archive
${forget('archive', ids)}
archive prune ${options}`;

/**
 * Remove what has served its time off the host, with the rights that an operator has left in `file`, which is gone as soon as
 * it is read. Throws `refused`, `locked`, `changeFailed`. Cut off anywhere, the next call and the jobs go on.
 */
export async function pruneHere(
  config: Config,
  machine: Host,
  {
    file,
    tell,
    now = Date.now(),
  }: { readonly file: string; readonly tell: (text: string) => void; readonly now?: number },
): Promise<string> {
  const order = takeOrder(file);
  const started = performance.now();
  const held = await lockPatiently(machine, 'prune');
  const { host } = held;
  const record = openRecord(host, 'prune');
  try {
    const restic = await resticFor(config, host, tell);
    const plan = await preview(config, restic, now);
    if (plan.refused) throw new RunbookError('refused', plan.refused);
    const going = [...plan.goes, ...plan.unfinished].filter((id) => order.ids.includes(id));
    if (going.length === 0) return 'nothing has served its time';
    tell(`removing ${going.length} whole generations at ${plan.place}: ${going.join(', ')}`);
    const output = await restic({
      ...{ what: 'prune-remote', place: 'remote', script: removal(going), timeout: limit },
      given: environmentOf(order),
      onLine: progressOf(tell),
    });
    if (output.code !== 0) throw pruneFailed(output, 'not all of it could be removed; what stays is untouched');
    await record.end({ outcome: 'changed', changes: going.length, took: performance.now() - started });
    return `${going.length} whole generations removed, ${plan.stays.length} stay`;
  } catch (error) {
    await record.fail(error, performance.now() - started);
    throw error;
  } finally {
    await held.release();
  }
}

function takeOrder(file: string): PruneOrder {
  const order = readJson<PruneOrder>(file);
  rmSync(file, { force: true });
  if (order) return order;
  throw new RunbookError('refused', {
    what: 'no credentials came along',
    next: 'nothing was removed. From your own machine: npx zx runbooks/backup.mjs --prune',
  });
}

const environmentOf = ({ environment, without }: PruneOrder) =>
  new Secret(
    'credentials',
    [
      ...(without.length > 0 ? [`unset ${without.join(' ')}`] : []),
      ...Object.entries(environment).map(([name, value]) => `export ${name}=${quote(value)}`),
    ].join('\n'),
  );

function mustHaveRemote({ backup }: Config): string {
  if (backup.remote) return backup.remote.repository;
  throw new RunbookError('refused', {
    what: 'there is no place off the host (backup.remote)',
    next: 'nothing to do: on the host the runs remove by themselves what has served its time',
  });
}

function pruneFailed(output: Output, what: string): RunbookError {
  const cause = lastWords(output);
  if (output.code === resticExit.locked) {
    return new RunbookError('locked', {
      what: 'the whole generations off the host are in use',
      cause,
      next: 'the same command again, later: another one is on its way there. A lock that nobody keeps is taken away after half an hour',
    });
  }
  return new RunbookError('changeFailed', {
    what,
    cause,
    next: /access ?denied|forbidden|403|not (allowed|authorized)/i.test(cause)
      ? 'the credentials may not remove there: docs/runbooks/backup.md, "Remove what has served its time"'
      : 'the same command again goes on',
  });
}
