// What the engine tells of its steps, and what it says when the host is not as it should be: on hosts that answer what a test says.
import os from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { RunbookError } from '../../../lib/core/errors.ts';
import type { RunEvent } from '../../../lib/core/event.ts';
import { Secret } from '../../../lib/core/secret.ts';
import type { FileSpec, Spec } from '../../../lib/core/spec.ts';
import { apply } from '../../../lib/engine/apply.ts';
import { withDiffs } from '../../../lib/engine/diffs.ts';
import { factsScript, parseFacts } from '../../../lib/engine/facts.ts';
import { type LockOptions, lock } from '../../../lib/engine/lock.ts';
import type { Plan } from '../../../lib/engine/plan.ts';
import { probe } from '../../../lib/engine/probe.ts';
import { localHost } from '../../../lib/host/local.ts';
import type { Host } from '../../../lib/host/port.ts';
import { changeOf } from '../../../lib/kinds/text.ts';
import { sandbox } from '../kinds/sandbox.ts';
import { recorder } from '../shell/recorder.ts';

const folder = (id: string, phase: string): Spec => ({
  ...{ kind: 'directory', id, phase, path: `/x/${id}`, mode: '0755', uid: 0, gid: 0 },
});
const planFor = (...specs: readonly Spec[]): Plan => ({
  steps: specs.map((spec) => ({ spec, change: changeOf(spec, 'create', spec.id, 'why'), observed: undefined })),
  unchanged: 0,
});
const needs = new Map([
  ['three', ['two']],
  ['four', ['three', 'one']],
]);

/** A host on which a script with one of these texts fails, or ends with this error. */
function failing(when: Readonly<Record<string, 'no' | Error>>) {
  const { host, scripts } = recorder();
  const run: Host['run'] = async (command) => {
    const answer = Object.entries(when).find(([text]) => command.script?.includes(text))?.[1];
    if (answer instanceof Error) throw answer;
    const output = await host.run(command);
    return answer ? { ...output, code: 1, stderr: 'said no' } : output;
  };
  return { host: { ...host, run }, scripts };
}

t.test('each step is told when it begins and when it ends, and put down before the next', async (t) => {
  const plan = planFor(
    folder('a', 'one'),
    folder('b', 'two'),
    folder('c', 'three'),
    folder('d', 'four'),
    folder('e', 'one'),
  );
  const { host } = failing({ '/x/b': 'no' });
  const log: string[] = [];
  const onEvent = (event: RunEvent) => {
    if (event.type === 'change.start') log.push(`${event.index}/${event.total} ${event.change.id}`);
    if (event.type === 'change.end') log.push(`end ${event.change.id} ${event.ok} ${event.error ?? ''}`.trim());
  };
  const afterChange = ({ id }: { id: string }, took: number, error?: RunbookError) => {
    t.ok(took >= 0 && took < 60_000);
    log.push(`down ${id} ${error?.kind ?? 'done'}`);
  };
  const { changed, failures, skipped } = await apply(host, plan, { onEvent, needs, afterChange });
  const [b] = failures.map(({ error }) => error.message);
  t.strictSame(log, [
    ...['1/5 a', 'end a true', 'down a done'],
    ...['2/5 b', `end b false ${b}`, 'down b changeFailed'],
    ...['5/5 e', 'end e true', 'down e done'],
  ]);
  t.equal(changed, 2);
  t.strictSame(
    skipped.map(({ id }) => id),
    ['c', 'd'],
    'also what needs it at second hand',
  );
});

t.test('what a long step says is told as its own', async (t) => {
  const spec: Spec = { kind: 'images', id: 'images', phase: 'one', refs: ['a:1'] };
  const events: RunEvent[] = [];
  await apply(failing({}).host, planFor(spec), { onEvent: (event) => void events.push(event), needs });
  t.match(events, [
    { type: 'change.start' },
    { type: 'change.output', change: { id: 'images' }, line: 'a:1 pulled' },
    { type: 'change.end', ok: true },
  ]);
});

t.test('a host that is lost ends the run at that step, and nothing else is tried', async (t) => {
  const lost = new RunbookError('hostUnreachable', { what: 'the connection is lost', next: 'look at it' });
  const { host, scripts } = failing({ '/x/b': lost });
  const events: RunEvent[] = [];
  const down: string[] = [];
  const plan = planFor(folder('a', 'one'), folder('b', 'two'), folder('e', 'one'));
  const options = { onEvent: (event: RunEvent) => void events.push(event), needs };
  await t.rejects(apply(host, plan, { ...options, afterChange: ({ id }) => void down.push(id) }), lost);
  t.strictSame(down, ['a'], 'what became of the other nobody knows');
  t.match(events.at(-1), { type: 'change.end', ok: false, error: /connection is lost/ });
  t.notMatch(scripts.join('\n'), '/x/e');
});

t.test('what marks comes before the first change, once, and not for nothing', async (t) => {
  const first = 'echo mark';
  const options = { onEvent: () => {}, needs };
  const some = failing({});
  await apply(some.host, { ...planFor(folder('a', 'one'), folder('e', 'one')), first }, options);
  t.match(some.scripts, [first, /\/x\/a/, /\/x\/e/]);
  const none = failing({});
  await apply(none.host, { ...planFor(), first }, options);
  const aborted = { ...options, signal: AbortSignal.abort() };
  await t.rejects(apply(none.host, { ...planFor(folder('a', 'one')), first }, aborted), {
    kind: 'interrupted',
    message: /stopped after 0 of 1 changes, before a;/,
  });
  t.strictSame(none.scripts, []);
  const refused = failing({ mark: 'no' });
  await t.rejects(apply(refused.host, { ...planFor(folder('a', 'one')), first }, options), {
    kind: 'changeFailed',
    message: /marked as ours[\s\S]*said no[\s\S]*nothing was changed/,
  });
  t.equal(refused.scripts.length, 1);
});

t.test('what this machine tells of itself, and what a host that lacks something is told', async (t) => {
  const { stdout } = await localHost().query({ script: factsScript });
  const facts = parseFacts(stdout, 'here');
  t.equal(facts.kernel, os.release());
  t.equal(facts.hostname, os.hostname());
  t.equal(facts.memoryMiB, Math.round(os.totalmem() / 2 ** 20));
  t.ok(Math.abs(facts.clock - Date.now() / 1000) < 600);
  t.ok(facts.cpus >= 1 && facts.swapMiB >= 0);
  const text = `ID=debian\nVERSION_ID="13"\nPRETTY_NAME="Debian GNU/Linux 13 (trixie)"\narch=x86_64\nkernel=6.12.0\nmem=2097152\nswap=524288\ncpus=2\nclock=5\nhostname=git\n`;
  t.strictSame(parseFacts(`=odd\nnothing\n${text}`, 'h'), {
    ...{ distribution: 'debian', release: '13', prettyName: 'Debian GNU/Linux 13 (trixie)', architecture: 'x86_64' },
    ...{ kernel: '6.12.0', memoryMiB: 2048, swapMiB: 512, cpus: 2, clock: 5, hostname: 'git' },
  });
  t.equal(parseFacts(`${text}setup=yes\n`, 'h').settingUp, true);
  t.notOk('settingUp' in parseFacts(`${text}setup=no\n`, 'h'));
  t.throws(() => parseFacts(text.replace(/^ID.*\n/, ''), 'h'), {
    kind: 'refused',
    message: /its ID: is it a Debian[\s\S]*os-release/,
  });
});

t.test(
  'a lock that cannot be had: who holds it, what is still at work, or an answer that nobody understands',
  async (t) => {
    const patience = { door: 0, work: 0, waits: 3 };
    const ask = async (...firstLines: readonly string[]) => {
      const told: string[] = [];
      let [asked, released] = [0, 0];
      const hold: Host['hold'] = async () => ({
        firstLine: firstLines[Math.min(asked++, firstLines.length - 1)]!,
        lost: new Promise(() => {}),
        release: async () => void released++,
      });
      const options: LockOptions = { who: 'me@here', what: 'deploy', mode: 'exclusive', patience };
      const result = await lock({ ...recorder().host, hold }, { ...options, tell: (text) => told.push(text) }).then(
        ({ answer }) => ({ answer }),
        (error: RunbookError) => ({ kind: error.kind, ...error.parts }),
      );
      return { result, told, asked, released };
    };
    const holder = (what: string, since: string, mode = 'shared') =>
      JSON.stringify({ who: 'bob@desk', what, mode, since });
    const busy = await ask(`busy\t${holder('renew', '2026-02')}\t${holder('backup', '2026-01', 'exclusive')}`);
    t.match(busy, { asked: 1, released: 1, told: [] });
    t.match(busy.result, {
      kind: 'locked',
      what: 'the host is in use: backup by bob@desk since 2026-01; renew by bob@desk since 2026-02 (shared)',
      where: 'host',
      next: /nothing has to be removed by hand/,
    });
    t.match((await ask('busy')).result, { kind: 'locked', what: 'the host is in use: another run' });
    t.match((await ask('busybox: not found')).result, {
      kind: 'unexpected',
      cause: 'busybox: not found',
      next: /what \/bin\/sh is on the host/,
    });
    t.equal(String(((await ask('x'.repeat(500))).result as { cause: string }).cause).length, 200);

    const ends = await ask('finishing apt-get install ', 'finishing  docker pull', 'held\taGVsbG8=');
    t.strictSame(ends.result, { answer: 'hello' });
    t.match(ends, { asked: 3, released: 2 });
    t.match(ends.told, [/still finishing: apt-get install$/, /still finishing: docker pull$/]);
    const never = await ask('finishing apt-get install');
    t.match(never, {
      asked: 3,
      released: 3,
      result: { kind: 'locked', what: /at work: apt-get install$/, next: /"Locked"/ },
    });
    t.equal(never.told.length, 2);
  },
);

t.test('a look that breaks off names the kind, with the last words of the shell', async (t) => {
  const { host } = recorder({ stdout: '@@gitea-runbooks directory\n', stderr: 'one\ntwo\n'.repeat(9) });
  await t.rejects(probe(host, [folder('a', 'one')]), {
    kind: 'unexpected',
    message: /the probe of "directory" broke off[\s\S]*two\n[\s\S]*--verbose/,
    parts: { where: 'host', cause: /^two\none\ntwo\n/ },
  });
});

t.test('the settings in use are what new ones are compared with, and of a file that goes all of it goes', async (t) => {
  const root = t.testdir({ old: { 'app.ini': '[a]\nX = 1\n' }, there: { 'app.ini': '[a]\nX = 2\n' }, conf: 'gone\n' });
  const { host, calls } = sandbox(root, { docker: `printf '%s' '${root}/old'` });
  const inUse = { container: 'gitea-gitea-1', target: '/etc/gitea' };
  const file = (path: string, content: FileSpec['content'], hidden: readonly string[] | undefined): FileSpec => ({
    ...{ kind: 'file', id: path, phase: 'one', path: join(root, path), content, mode: '0400', uid: 0, gid: 0 },
    ...(hidden ? { settings: { hidden, inUse } } : {}),
  });
  const text = new Secret('app.ini', '[a]\nX = 3\nKEY = hunter2\n');
  const gone = folder('unused', 'one');
  const plan = planFor(
    file('new/app.ini', text, ['a.KEY']),
    file('there/app.ini', text, ['a.KEY']),
    file('x', text, undefined),
  );
  const step = { spec: { ...gone, kind: 'owned' } as unknown as Spec, observed: undefined };
  const removal = (id: string) => ({ ...step, change: { ...changeOf(gone, 'remove', 'conf', 'why'), id } });
  const steps = [...plan.steps, removal(`owned:file:${root}/conf`), removal(`owned:link:${root}/conf`)];
  const diffs = (await withDiffs(host, { ...plan, steps })).steps.map(({ change }) => change.diff);
  t.match(diffs[0], /^-X = 1$\n^\+X = 3$\n^\+KEY = <another secret>$/m, 'those in use lie in another folder');
  t.match(diffs[1], /^-X = 2$/m, 'what is in its place comes first');
  t.match(diffs[0], /^--- .*new\/app\.ini\ton the host\n\+\+\+ .*new\/app\.ini\twanted$/m);
  t.equal(diffs[2], undefined, 'a secret that nobody says how to show');
  t.match(diffs[3], /^-gone$/m);
  t.notMatch(diffs[3], /^\+(?!\+\+)/m);
  t.equal(diffs[4], undefined, 'a link has no text');
  t.match(calls(), [
    `docker inspect -f {{range .Mounts}}{{if eq .Destination "/etc/gitea"}}{{.Source}}{{end}}{{end}} gitea-gitea-1`,
  ]);
  t.equal(calls().length, 1);
  t.notMatch(diffs.join('\n'), 'hunter2');

  const access = (kind: 'sshd' | 'firewall', more: object) =>
    ({ kind, id: kind, phase: 'one', path: join(root, kind), ...more }) as unknown as Spec;
  const closing = [access('sshd', { content: 'Port 22\n' }), access('firewall', { rules: 'table x\n' })];
  const shown = (await withDiffs(host, planFor(...closing))).steps.map(({ change }) => change.diff);
  t.match(shown, [/^\+Port 22$/m, /^\+table x$/m], 'what could lock somebody out is shown before it is approved');
  const opens = await withDiffs(host, planFor(access('firewall', { path: join(root, 'conf'), rules: undefined })));
  t.match(opens.steps[0]!.change.diff, /^-gone$/m);
  t.notMatch(opens.steps[0]!.change.diff, /^\+(?!\+\+)/m);

  const untouched = planFor(folder('a', 'one'));
  t.equal(await withDiffs(recorder({ stdout: 'x' }).host, untouched), untouched, 'nothing to show: nothing is asked');
});
