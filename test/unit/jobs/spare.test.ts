// A drill on a machine of its own, as the operator's side of it goes; the rest is seen in the lab.
import path from 'node:path';
import t from 'tap';
import type { Drill } from '../../../lib/core/drill.ts';
import { mustBeApart } from '../../../lib/jobs/drill/drill.ts';
import { drillOn, noteDrill } from '../../../lib/jobs/spare/index.ts';
import { spareOf, spareSettings } from '../../../lib/phases/spare.ts';
import { fileStore } from '../../../lib/secrets/file-store.ts';
import { input } from '../phases/input.ts';
import { madeIn } from '../secrets/made.ts';
import { configIn, fails, played, put, remote, says } from './backups.ts';

const drill: Drill = {
  ...{ format: 1, at: '2026-11-29T04:40:00.000Z', host: 'spare', release: '1', from: 'remote', generation: 'g' },
  ...{ result: 'passed', problems: [], notes: [], rto: 41_000, rpo: 180_000, took: 60_000, steps: {}, checked: {} },
};
const line = (signature: string) => `${JSON.stringify({ ...drill, before: '', signature })}\n`;

function spare(dir: string) {
  const base = input().config;
  const { config } = input({ config: { backup: { ...base.backup, remote } } });
  return spareOf({ ...config, secrets: { source: 'file', file: path.join(dir, 'secrets.yaml') } }, 'root@192.0.2.20');
}

/** A machine with this config of ours on it, whose unit runs already or not, and whose record says so before and after. */
function machine({ runs = true, config = '', records = [''], code = 0 }) {
  const state = (active: string) =>
    `ActiveState=${active}\nSubState=x\nInvocationID=one\nExecMainCode=1\nExecMainStatus=${code}\n`;
  let asked = 0;
  return played((command) => {
    if (command.startsWith('cat ')) return says(config);
    if (command.startsWith('tail ')) return says(records[Math.min(asked++, records.length - 1)]!);
    if (command.includes('read_journal')) return says(`signing in\n\n-- gitea-runbooks: state\n${state('failed')}`);
    if (command.includes('systemd-run')) return says(`attached\n${state('active')}`);
    return says(state(runs ? 'active' : 'inactive'));
  });
}

t.test('one that is at work is followed, and what it came to is the new line of its record', async (t) => {
  const { host, commands } = machine({ records: [line('old'), line('new')], code: 21 });
  t.same(await drillOn(spare(t.testdir({})), host), drill);
  t.notOk(
    commands.some((command) => command.startsWith('cat ')),
    'nothing is prepared again',
  );
  t.match(commands.join('\n'), /systemd-run .*ExecStopPost=-\S+ \S+ drill leave.* drill spare/s);
});

t.test('without a new line it came to nothing', async (t) => {
  const { host } = machine({ records: [line('old')], code: 20 });
  const failure = await drillOn(spare(t.testdir({})), host).catch((error) => error);
  t.match(failure, { exitCode: 20, parts: { what: /ended with 20/, cause: /signing in/ } });
});

t.test('a machine that is in use is refused, and so is one that nothing could be opened on', async (t) => {
  const own = spare(t.testdir({}));
  const used = machine({ runs: false, config: '{\n  "host": { "dataPath": "/srv/gitea" }\n}' });
  await t.rejects(drillOn(own, used.host), {
    exitCode: 22,
    message: /Gitea of its own, with its data in \/srv\/gitea/,
  });
  const before = machine({ runs: false, config: '{\n  "host": { "dataPath": "/srv/gitea-drill" }\n}' });
  await t.rejects(drillOn(own, before.host), { exitCode: 22, message: /no backup_key/ });
  t.equal(used.commands.length + before.commands.length, 4, 'both were only looked at');
  await madeIn(fileStore(own.secrets.file));
  await t.rejects(drillOn(own, machine({ runs: false }).host), /not played/);
});

t.test('the record of the host gets it as it was', async (t) => {
  const { host, commands } = played();
  await noteDrill(host, drill);
  t.match(commands, [/ drill note$/]);
  await t.rejects(noteDrill(played(() => fails('no such job')).host, drill), { exitCode: 20, message: /no such job/ });
});

t.test('what takes secrets away from a machine is refused where they are those of a Gitea in use', async (t) => {
  const config = configIn(t.testdir());
  t.throws(() => mustBeApart(config), { name: 'RunbookError', exitCode: 22, message: /of a Gitea in use/ });
  put(spareSettings(config));
  t.doesNotThrow(() => mustBeApart(config));
});
