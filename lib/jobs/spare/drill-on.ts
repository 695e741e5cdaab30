import type { Config } from '../../config/config.types.ts';
import { namesGiven } from '../../config/rules/index.ts';
import type { Change } from '../../core/change.ts';
import type { Drill, RecordedDrill } from '../../core/drill.ts';
import { RunbookError } from '../../core/errors.ts';
import type { OnEvent } from '../../core/event.ts';
import { quote } from '../../core/quote.ts';
import { factsScript, parseFacts } from '../../engine/facts.ts';
import { lock } from '../../engine/lock.ts';
import { planOf } from '../../engine/plan.ts';
import { probe } from '../../engine/probe.ts';
import { operator } from '../../engine/record.ts';
import type { Host } from '../../host/port.ts';
import { layout } from '../../phases/layout.ts';
import { drillRecord } from '../../phases/proven.ts';
import { nodeVersion } from '../../phases/runtime.ts';
import { spareNeeds, spareState } from '../../phases/spare.ts';
import { loadSecrets, missingIn, storeOf } from '../../secrets/index.ts';
import { approved } from '../converge/approved.ts';
import { carryOut, converged, failIfAny } from '../converge/carry-out.ts';
import { assetsFor } from '../converge/desired.ts';
import type { Look } from '../converge/look.ts';
import { openRecord } from '../converge/run-record.ts';
import { type Following, followUnit, unitState } from '../unit/index.ts';

export interface DrillOnOptions extends Following {
  /** Asked once when the machine is to be changed; throw to stop before anything is touched. Default: go ahead. */
  readonly approve?: (changes: readonly Change[]) => Promise<void>;
}

const unit = 'gitea-runbooks-drill-spare';
const program = [`${layout.node}/${nodeVersion}/bin/node`, layout.program] as const;

/**
 * A drill on a machine that has no Gitea of its own: it gets what a drill needs, as a deploy would bring it, restores the newest
 * generation off the host, looks at everything, and keeps neither data nor secrets. `config` is one of `spareOf`. Gives what the
 * drill came to, passed or failed. The same call again follows one that is at work. Throws `refused` for a machine that is in
 * use, `locked`, `changeFailed`, `interrupted`.
 */
export async function drillOn(config: Config, host: Host, options: DrillOnOptions = {}): Promise<Drill> {
  const { onEvent = () => {} } = options;
  if (!(await unitState(host, unit)).running) await prepare(config, host, { ...options, onEvent });
  const before = await lastDrill(config, host);
  const { code, last } = await followUnit(
    host,
    {
      name: unit,
      words: ['drill', 'spare'],
      // Killed as well it leaves nothing.
      settings: [`ExecStopPost=-${program.join(' ')} drill leave`, 'MemoryMax=512M', 'SuccessExitStatus=SIGTERM'],
    },
    options,
  );
  const done = await lastDrill(config, host);
  if (done && done.signature !== before?.signature) {
    const { before: _, signature: __, ...drill } = done;
    return drill;
  }
  throw new RunbookError('changeFailed', {
    where: host.label,
    what: `the drill could not be done (it has ended with ${code})`,
    cause: last.slice(-8).join('\n'),
    next: `nothing of the backups was touched. journalctl -u ${unit} there; the same command again`,
  });
}

/** Write a drill of another machine into the record of the host whose backups it was about. Throws `changeFailed`. */
export async function noteDrill(host: Host, drill: Drill): Promise<void> {
  const output = await host.run({ argv: [...program, 'drill', 'note'], stdin: JSON.stringify(drill), timeout: 120 });
  if (output.code === 0) return;
  throw new RunbookError('changeFailed', {
    where: host.label,
    what: 'the drill could not be written into the record there',
    cause: output.stderr,
    next: 'npx zx runbooks/deploy.mjs, and the drill again. Its own record is on the machine that it ran on',
  });
}

async function prepare(config: Config, machine: Host, options: DrillOnOptions & { onEvent: OnEvent }): Promise<void> {
  const { onEvent, approve, signal } = options;
  const started = performance.now();
  await mustBeSpare(config, machine);
  const store = storeOf(config);
  if ((await missingIn(store)).includes('backup_key'))
    throw new RunbookError('refused', {
      where: store.label,
      what: 'there is no backup_key in the secret store: nothing opens the backups',
      next: 'nothing was done; docs/runbooks/lost-key.md',
    });
  const secrets = await loadSecrets(store, { given: namesGiven(config) });
  const ask = factsScript;
  const held = await lock(machine, { who: operator(), what: 'drill', mode: 'exclusive', ask });
  const { host } = held;
  const record = openRecord(host, 'drill-on');
  try {
    const facts = parseFacts(held.answer, host.label);
    // How the one before ended is known by a unit that is still there; it clears up once more when it goes, and
    // would take this away. The first time there is none.
    await host.run({ script: `systemctl stop ${unit} 2>/dev/null || true`, timeout: 300 });
    const look = async (): Promise<Look> => {
      const specs = spareState({ config, facts, secrets, assets: assetsFor(config) });
      const observations = await probe(host, specs);
      return { facts, specs, observations, plan: planOf(specs, observations) };
    };
    const { seen, changes } = await approved(held, await look(), { onEvent, ask: approve, again: look });
    if (changes.length === 0) return;
    await record.start(changes.length);
    const applied = await carryOut(host, seen, { onEvent, record, signal, needs: spareNeeds });
    failIfAny(applied);
    await converged(host, seen, onEvent);
    await record.end({ outcome: 'changed', changes: applied.changed, took: performance.now() - started });
  } catch (error) {
    await record.fail(error, performance.now() - started);
    throw error;
  } finally {
    await held.release();
  }
}

/** Its settings would be those of a Gitea in use. */
async function mustBeSpare({ host: { dataPath } }: Config, host: Host): Promise<void> {
  const { stdout } = await host.query({ script: `cat ${quote(layout.config)} 2>/dev/null; true` });
  const used = stdout.trim() === '' ? undefined : /"dataPath": ?"([^"]*)"/.exec(stdout)?.[1];
  if (stdout.trim() === '' || used === dataPath) return;
  throw new RunbookError('refused', {
    where: host.label,
    what: `that machine has a Gitea of its own, with its data in ${used}`,
    next: 'nothing was done. A drill on it: npx zx runbooks/drill.mjs with its own config; --on needs one that is free',
  });
}

async function lastDrill(config: Config, host: Host): Promise<RecordedDrill | undefined> {
  const { stdout } = await host.query({ script: `tail -n 1 ${quote(drillRecord(config))} 2>/dev/null; true` });
  try {
    return JSON.parse(stdout) as RecordedDrill;
  } catch {
    return undefined;
  }
}
