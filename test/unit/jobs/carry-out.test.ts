// How a run ends, and what stands in the record of it: on a host that is a folder, and on one that answers what a test says.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { RunbookError } from '../../../lib/core/errors.ts';
import type { CheckResult, RunEvent } from '../../../lib/core/event.ts';
import type { Spec } from '../../../lib/core/spec.ts';
import type { RecordLine } from '../../../lib/core/status.ts';
import { planOf } from '../../../lib/engine/plan.ts';
import { probe } from '../../../lib/engine/probe.ts';
import { localHost } from '../../../lib/host/local.ts';
import { carryOut, converged, failIfAny, failIfFailed } from '../../../lib/jobs/converge/carry-out.ts';
import type { Look } from '../../../lib/jobs/converge/look.ts';
import { openRecord } from '../../../lib/jobs/converge/run-record.ts';
import { changeOf } from '../../../lib/kinds/text.ts';
import { recorder } from '../shell/recorder.ts';

const owner = { uid: process.getuid!(), gid: process.getgid!() };
const folder = (path: string): Spec => ({
  ...{ kind: 'directory', id: path, phase: 'system', path, mode: '0700' },
  ...owner,
});
const change = (title: string) => changeOf(folder(title), 'create', title, `${title} is missing`);
const failure = (title: string, where?: string) => ({
  change: change(title),
  error: new RunbookError('changeFailed', {
    what: `${title} failed`,
    cause: 'full',
    next: `mend ${title}`,
    ...(where ? { where } : {}),
  }),
});
const thrown = (act: () => void) => {
  try {
    act();
    return undefined;
  } catch (error) {
    const { kind, exitCode, parts, cause } = error as RunbookError;
    return { kind, exitCode, ...parts, cause_: cause };
  }
};

t.test('changes that failed end a run with the first of them, and name the others', (t) => {
  const ended = (failures: readonly ReturnType<typeof failure>[], skipped: readonly string[]) =>
    thrown(() => failIfAny({ changed: 3, failures, skipped: skipped.map(change) }));
  t.equal(ended([], []), undefined);
  const one = failure('a', 'host');
  t.match(ended([one], []), {
    kind: 'changeFailed',
    exitCode: 20,
    what: 'a failed',
    where: 'host',
    cause: 'full',
    next: 'mend a',
  });
  t.equal(ended([one], [])?.cause_, one.error);
  t.match(ended([failure('a'), failure('b')], ['c', 'd']), {
    what: 'a failed. Also not done: b, c (not tried), d (not tried)',
    where: 'a',
    next: 'mend a',
  });
  t.match(ended([one], ['c']), { what: 'a failed. Also not done: c (not tried)' });
  t.end();
});

t.test('a check that failed ends a run, a warning does not', (t) => {
  const check = (title: string, status: CheckResult['status'], next?: string): CheckResult => ({
    ...{ id: title, title, status, detail: `${title} is so`, took: 0 },
    ...(next ? { next } : {}),
  });
  const ended = (...checks: readonly CheckResult[]) => thrown(() => failIfFailed(checks));
  t.equal(ended(), undefined);
  t.equal(ended(check('dns', 'pass'), check('tls', 'warn', 'look at it')), undefined);
  t.match(ended(check('dns', 'pass'), check('tls', 'fail', 'mend tls'), check('git', 'fail', 'mend git')), {
    kind: 'checkFailed',
    what: '2 of 3 checks from outside failed',
    cause: 'tls: tls is so\ngit: git is so',
    next: 'mend tls',
  });
  t.match(ended(check('tls', 'fail')), {
    what: '1 of 1 checks from outside failed',
    next: 'npx zx runbooks/doctor.mjs',
  });
  t.end();
});

t.test('converged is what the same question finds nothing to do for', async (t) => {
  const root = t.testdir();
  const [made, other] = [folder(join(root, 'made')), folder(join(root, 'other'))];
  mkdirSync(join(root, 'made'), { mode: 0o700 });
  const look = (...specs: readonly Spec[]) => ({ specs }) as Look;
  const observations = await converged(localHost(), look(made), () => {});
  t.ok(observations.has(made.id));
  await t.rejects(
    converged(localHost(), look(made, other), () => {}),
    {
      kind: 'checkFailed',
      message: new RegExp(`still not as wanted[\\s\\S]*${root}/other/: does not exist[\\s\\S]*run the deploy again`),
    },
  );
});

/** Lines that a run has put into the record. */
function recorded() {
  const { host, scripts } = recorder();
  const lines = () =>
    scripts
      .filter((script) => script.includes('runs.jsonl'))
      .map((script) => JSON.parse(/printf '%s\\n' '(.*)' >>/.exec(script)![1]!.replaceAll("'\\''", "'")) as RecordLine);
  return { host, lines, record: openRecord(host, 'deploy') };
}

t.test('each change is put down as it was made or failed, and a run is told by its number', async (t) => {
  const root = t.testdir();
  const specs = [folder(join(root, 'a')), { ...folder(join(root, 'none/b')), phase: 'accounts' }] as const;
  const seen: Look = {
    facts: {} as Look['facts'],
    specs,
    observations: await probe(localHost(), specs),
    plan: undefined!,
  };
  const { record, lines } = recorded();
  const events: RunEvent[] = [];
  const plan = planOf(specs, seen.observations);
  await record.start(plan.steps.length);
  const denied = { ...localHost(), run: async () => ({ code: 1, stdout: '', stderr: 'no room' }) };
  const fine = await carryOut(
    localHost(),
    { ...seen, plan: { ...plan, steps: plan.steps.slice(0, 1) } },
    { onEvent: (event) => void events.push(event), record },
  );
  t.match(fine, { changed: 1, failures: [], skipped: [], changes: [{ id: specs[0].id }] });
  const { failures, changes } = await carryOut(
    denied,
    { ...seen, plan: { ...plan, steps: plan.steps.slice(1) } },
    { onEvent: () => {}, record },
  );
  t.equal(failures.length, 1);
  t.equal(changes.length, 1, 'what was to do, done or not');
  await record.end({ outcome: 'changed', changes: 1, took: 12.6 });
  const [start, a, b, end] = lines();
  t.match(start, {
    event: 'start',
    runbook: 'deploy',
    changes: 2,
    who: /.@./,
    at: /^20..-..-..T/,
    run: /^[0-9a-f]{8}$/,
  });
  t.match(a, { event: 'change', change: /\/a/, why: 'does not exist', run: start!.run });
  t.notOk('error' in a!);
  t.equal(a!.took, Math.round(a!.took!));
  t.match(b, { event: 'change', change: /none\/b/, error: /\S/ });
  t.match(end, { event: 'end', outcome: 'changed', changes: 1, took: 13, run: start!.run });
  t.equal(lines().length, 4);
});

t.test(
  'a run that failed is put down by its kind; one that never was a run, or whose host is gone, is not',
  async (t) => {
    const lineOf = async (error: unknown) => {
      const { record, lines } = recorded();
      await record.fail(error, 7.4);
      return lines();
    };
    const error = (kind: ConstructorParameters<typeof RunbookError>[0]) =>
      new RunbookError(kind, { what: 'why it failed', next: 'x' });
    t.match(await lineOf(error('changeFailed')), [
      { event: 'end', outcome: 'changeFailed', took: 7, error: 'why it failed' },
    ]);
    t.match(await lineOf(error('interrupted')), [{ outcome: 'interrupted' }]);
    t.match(await lineOf(new Error('with a path')), [{ outcome: 'unexpected', error: 'unexpected failure' }]);
    t.strictSame(await lineOf(error('hostUnreachable')), []);
    t.strictSame(await lineOf(error('refused')), []);
    const { host } = recorder();
    const run = () => Promise.reject(new Error('the disk is full'));
    await t.resolves(
      openRecord({ ...host, run }, 'deploy').end({ outcome: 'changed', changes: 0, took: 0 }),
      'hides nothing',
    );
  },
);
