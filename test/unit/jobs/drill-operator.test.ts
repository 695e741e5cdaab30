import t from 'tap';
import type { Drill, ListedDrill } from '../../../lib/core/drill.ts';
import { drill, drills } from '../../../lib/jobs/drill/index.ts';
import { mustHaveMemory } from '../../../lib/jobs/drill/stack.ts';
import { renderDrills } from '../../../lib/report/drills.ts';
import { input } from '../phases/input.ts';
import { fails, played, says } from './backups.ts';

const { config } = input();
const done: Drill = {
  ...{ format: 1, at: '2026-11-29T04:40:00.000Z', host: 'h', release: '1', from: 'remote', generation: 'g' },
  ...{ result: 'passed', problems: [], notes: [], rto: 41_000, rpo: 180_000, took: 60_000, steps: {} },
  checked: { repositories: 3 },
};
const list: readonly ListedDrill[] = [
  { line: 1, drill: { ...done, result: 'failed', problems: ['git fsck: a'] } },
  { line: 2, drill: done },
];

/** A host whose unit prints these lines and ends with this code. */
function systemd(code: number, lines: readonly string[] = []) {
  const state = (active: string, sub: string) =>
    `ActiveState=${active}\nSubState=${sub}\nInvocationID=one\nExecMainCode=${code ? 1 : 0}\nExecMainStatus=${code}\n`;
  return played((command) => {
    if (command.endsWith('drill list')) return says(`drill: ${JSON.stringify(list)}\n`);
    return says(
      command.includes('read_journal')
        ? `${lines.join('\n')}\n\n-- gitea-runbooks: state\n${code ? state('failed', 'failed') : state('inactive', 'dead')}`
        : `started\n${state('activating', 'start')}`,
    );
  });
}

t.test('a drill now is the unit of the timer, and what it came to is the last line of the record', async (t) => {
  const { host, commands } = systemd(0, ['signing in']);
  const steps: unknown[] = [];
  t.same(await drill(config, host, { onEvent: (event) => steps.push(event) }), done);
  t.match(commands[0], /^unit=gitea-runbooks-drill\.service\n/);
  t.notMatch(commands[0], 'systemd-run');
  t.same(steps, [{ type: 'step', text: 'signing in' }]);
});

t.test('what was found is told, and not being able to look is another failure', async (t) => {
  const lines = ['bringing g about', 'PROBLEM: git fsck: a', 'cloning', 'PROBLEM: LFS object b'];
  const bad = await drill(config, systemd(21, lines).host).catch((error) => error);
  t.match(bad, { exitCode: 21, parts: { cause: 'PROBLEM: git fsck: a\nPROBLEM: LFS object b' } });
  await t.rejects(drill(config, systemd(11, ['drill: the host is in use']).host), {
    exitCode: 20,
    message: /could not be done.*the host is in use/s,
  });
  await t.rejects(drill(config, systemd(143, ['signing in']).host), {
    exitCode: 20,
    message: /was ended on the host.*again begins anew/s,
  });
  await t.rejects(drills(config, played(() => fails('no such job')).host), { exitCode: 20, message: /no such job/ });
  const off = { ...config, backup: { ...config.backup, enabled: false } };
  await t.rejects(drill(off, played().host), { exitCode: 22, message: /turned off/ });
});

t.test('a second Gitea has to fit into the memory', async (t) => {
  const { host } = played();
  const free = (mebibytes: number) => `MemTotal: 9 kB\nMemAvailable:    ${mebibytes * 1024} kB\n`;
  t.throws(() => mustHaveMemory(host, free(1023)), /needs 1024 MiB.*1023 MiB left/);
  t.doesNotThrow(() => mustHaveMemory(host, free(1024)));
  t.doesNotThrow(() => mustHaveMemory(host, 'nothing known'), 'where the kernel does not say, it is tried');
});

t.test('as a table, newest first, with what is wrong below', async (t) => {
  t.equal(renderDrills([]), 'Drills: none yet');
  t.equal(
    renderDrills([...list, { line: 3, trouble: 'half of a line' }]),
    [
      'began                 result  generation  from          RTO     RPO         repositories',
      'line 3                ?       ?           ?             ?       ?           ?',
      '    NOT AS IT WAS WRITTEN, line 3: half of a line',
      '2026-11-29T04:40:00Z  passed  g           off the host  41.0 s  3 min 00 s  3',
      '2026-11-29T04:40:00Z  failed  g           off the host  41.0 s  3 min 00 s  3',
      '    git fsck: a',
    ].join('\n'),
  );
});
