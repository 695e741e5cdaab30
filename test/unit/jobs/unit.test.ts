import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { runUnit, type UnitRun, unitState } from '../../../lib/jobs/unit/index.ts';
import { parseSlice, parseState } from '../../../lib/jobs/unit/script.ts';
import { sandbox } from '../kinds/sandbox.ts';

interface Played {
  readonly active?: string;
  readonly sub?: string;
  /** What each look at it finds from then on, in the order of the looks: the state, and what the journal has. */
  readonly looks?: readonly {
    readonly active: string;
    readonly sub: string;
    readonly status?: number;
    readonly id?: string;
  }[];
  readonly journal?: string;
  /** What starting it prints, and its exit code. */
  readonly refused?: string;
  /** Of its process. */
  readonly pid?: number;
}

/** systemd with one unit. `systemctl show` reads it from a file, which each wait moves on. */
function systemd(t: Test, { active = 'inactive', sub = 'dead', looks = [], journal = '', refused, pid = 1 }: Played) {
  const root = t.testdir();
  const file = (name: string, text: string) => writeFileSync(join(root, name), text);
  const state = (a: string, s: string, id: string, status = 0) =>
    `ActiveState=${a}\nSubState=${s}\nInvocationID=${id}\nExecMainCode=${status ? 1 : 0}\nExecMainStatus=${status}\nExecMainPID=${pid}\nExecStart={ path=/n ; argv[]=/n /p restore --to latest ; ignore_errors=no }\n`;
  file('state', state(active, sub, active === 'inactive' ? '' : 'one'));
  for (const [at, look] of looks.entries())
    file(`state.${at}`, state(look.active, look.sub, look.id ?? 'one', look.status));
  file('started', state('active', 'running', 'one'));
  file('journal', journal);
  const start = refused === undefined ? `cp '${root}/started' '${root}/state'` : `echo '${refused}' >&2; exit 1`;
  const box = sandbox(root, {
    systemctl: `case "$1" in
show) if [ "$2" = --value ]; then sed -n "s/^$4=//p" '${root}/state'; else cat '${root}/state'; fi ;;
start) ${start} ;;
esac`,
    'systemd-run': start,
    journalctl: `case "$*" in
*MESSAGE_ID=*) echo '{"EXIT_CODE":"exited","EXIT_STATUS":"20"}' ;;
*--after-cursor=c1*|*--sync*) ;;
*) cat '${root}/journal'; echo '-- cursor: c1' ;;
esac`,
    sleep: `for n in 0 1 2 3; do [ -e '${root}/state.'$n ] && mv '${root}/state.'$n '${root}/state' && break; done`,
  });
  const lines: string[] = [];
  const attached: string[] = [];
  const run = (more: Partial<UnitRun> = {}) =>
    runUnit(box.host, {
      ...{ name: 'gitea-runbooks-restore', words: ['restore', '--to', "it's"] },
      onLine: (line) => lines.push(line),
      onAttached: (command) => attached.push(command),
      ...more,
    });
  return {
    ...box,
    run,
    lines,
    attached,
    started: () => box.calls().filter((call) => /^systemd-run|^systemctl start/.test(call)),
  };
}

const done = { active: 'active', sub: 'exited' };

t.test('a job is started as a unit of its own and followed to its end', async (t) => {
  const { run, lines, started, attached } = systemd(t, { looks: [done], journal: 'one\ntwo\n' });
  t.same(await run(), { code: 0 });
  t.same(lines, ['one', 'two']);
  t.match(started(), [
    /^systemd-run .*--unit=gitea-runbooks-restore\.service .*RemainAfterExit=yes.*gitea-runbooks\.mjs restore --to it's$/,
  ]);
  t.same(attached, []);
});

t.test(
  'one that runs is not started again: it is followed, and the caller told what it was started with',
  async (t) => {
    const { run, lines, started, attached } = systemd(t, {
      active: 'active',
      sub: 'running',
      looks: [done],
      journal: 'one\n',
    });
    t.same(await run(), { code: 0 });
    t.same(started(), []);
    t.same(attached, ['/n /p restore --to latest']);
    t.same(lines, ['one']);
  },
);

t.test('a unit that the host has is started by its name, without waiting for its end', async (t) => {
  const { host, started } = systemd(t, { looks: [{ active: 'inactive', sub: 'dead' }] });
  t.same(await runUnit(host, { name: 'gitea-runbooks-restore' }), { code: 0 });
  t.same(started(), ['systemctl start --no-block gitea-runbooks-restore.service']);
});

t.test('the exit code of the job is that of the run', async (t) => {
  const { run } = systemd(t, { looks: [{ active: 'failed', sub: 'failed', status: 22 }] });
  t.same(await run(), { code: 22 });
});

t.test('when a timer has started it anew meanwhile, the journal tells how the run before ended', async (t) => {
  const { run } = systemd(t, { looks: [{ active: 'activating', sub: 'start', id: 'two' }] });
  t.same(await run(), { code: 20 });
});

t.test('the words of a run that the journal knows by its process alone come as well', async (t) => {
  const { run, calls } = systemd(t, { looks: [done], journal: 'one\n', pid: 77 });
  t.same(await run(), { code: 0 });
  t.match(
    calls().findLast((call) => call.startsWith('journalctl') && call.includes('--show-cursor')),
    / --boot .* _SYSTEMD_INVOCATION_ID=one \+ _SYSTEMD_UNIT=gitea-runbooks-restore\.service _PID=77$/,
  );
});

t.test('what cannot be started fails in the words of systemd', async (t) => {
  const { run } = systemd(t, { refused: 'Failed to start: Access denied' });
  await t.rejects(run(), { exitCode: 20, message: /cannot be started.*Access denied/s });
});

t.test('who stops looking on leaves it running, unless asked to end it', async (t) => {
  const signal = AbortSignal.abort();
  const looks = [{ active: 'active', sub: 'running' }];
  const one = systemd(t, { looks });
  await t.rejects(one.run({ signal }), { exitCode: 130, message: /goes on on the host/ });
  t.notMatch(one.calls().join('\n'), /stop --no-block/);
  const other = systemd(t, { looks });
  await t.rejects(other.run({ signal, endToo: async () => true }), { exitCode: 130, message: /was told to end/ });
  t.match(other.calls().join('\n'), /systemctl stop --no-block gitea-runbooks-restore\.service/);
});

t.test('the state of a unit', async (t) => {
  const { host } = systemd(t, { active: 'active', sub: 'running' });
  t.match(await unitState(host, 'gitea-runbooks-restore'), { running: true, invocation: 'one', code: 0 });
  t.match(parseState('ActiveState=active\nSubState=exited\nInvocationID=a\n'), { running: false, code: 0 });
  t.match(parseState('ActiveState=failed\nSubState=failed\nExecMainCode=2\nExecMainStatus=9\n'), {
    running: false,
    code: 137,
  });
  t.match(parseState('ActiveState=activating\nSubState=start\n'), { running: true });
});

t.test('what a job prints may look like what the looking on prints', (t) => {
  const text =
    '-- gitea-runbooks: state\n-- cursor: x\nend\n-- cursor: c2\n\n-- gitea-runbooks: state\nActiveState=active\nSubState=running\nInvocationID=one\n';
  t.match(parseSlice(text, 'one'), {
    lines: ['-- gitea-runbooks: state', '-- cursor: x', 'end'],
    cursor: 'c2',
    state: { running: true },
  });
  t.end();
});
