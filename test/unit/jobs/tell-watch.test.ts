// The watch and what is called when a unit has failed, on a host that answers as it is told: who hears of what.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import { stateOf, tellState } from '../../../lib/jobs/backup/store/state.ts';
import { reasonIn, tellFailed } from '../../../lib/jobs/tell/failed.ts';
import { notify } from '../../../lib/jobs/tell/notify.ts';
import { watch } from '../../../lib/jobs/tell/watch.ts';
import { backupMark } from '../../../lib/phases/backup-watch.ts';
import { watchedUnits } from '../../../lib/phases/watch.ts';
import { configIn, fails, fine, played, put, says } from './backups.ts';
import { read } from './exposition-reader.ts';

/** A host with all units as wanted but for these, on which scripts that begin with `sh -c` are left out of what is remembered. */
function stage(t: Test, { busy = false } = {}) {
  const root = t.testdir();
  const config = configIn(root);
  const places = {
    ...{ notices: `${root}/notices.json`, noticeLog: `${root}/notices.jsonl` },
    ...{ watch: `${root}/watch.json`, metrics: `${root}/metrics` },
  };
  mkdirSync(places.metrics);
  put(`${root}/backups/${backupMark}`);
  const now = new Date().toISOString();
  const generation = { id: 'g', kind: 'full', at: now, degraded: [], snapshot: 's' };
  tellState(config, 'backup', { generation, full: generation });
  tellState(config, 'verify', { at: now });
  const states = new Map<string, [active: string, file: string]>();
  for (const { service, timer } of watchedUnits(config)) {
    states.set(service, ['inactive', 'static']);
    states.set(timer, ['active', 'enabled']);
  }
  const logged: string[] = [];
  const { host, commands } = played((command) => {
    if (command.startsWith('logger ')) logged.push(command.slice('logger -t gitea-runbooks-notice -p daemon.'.length));
    const start = /^systemctl start (.*)$/.exec(command)?.[1];
    if (start) for (const unit of start.replaceAll("'", '').split(' ')) states.set(unit, ['active', 'enabled']);
    if (command.includes('UserspaceTimestamp'))
      return says(
        `1\n${[...states].map(([id, [active, file]]) => `Id=${id}\nLoadState=loaded\nActiveState=${active}\nResult=timeout\nUnitFileState=${file}\n`).join('\n')}\nslot\treserved\tt\n`,
      );
    return fine;
  });
  const hold = async () => ({
    ...{ firstLine: busy ? 'busy' : 'held\t', lost: new Promise<void>(() => {}), release: async () => {} },
  });
  // The log is really written: by a shell, as on a host.
  const run: typeof host.run = async (command) => {
    const [shell, , , , line, path] = command.argv ?? [];
    if (shell === 'sh' && path) writeFileSync(path, `${line}\n`, { flag: 'a' });
    return host.run(command);
  };
  const machine = { ...host, run, hold };
  const events = () => {
    try {
      return readFileSync(places.noticeLog, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    } catch {
      return [];
    }
  };
  return { config, places, states, commands, logged, events, machine, look: () => watch(config, machine, places) };
}

t.test('a host that is well: nobody is told, and the figures say when it was looked at', async (t) => {
  const { look, logged, places } = stage(t);
  t.equal(await look(), 'all is well');
  t.same(logged, []);
  const { gitea_runbooks_watch_timestamp_seconds: at, gitea_runbooks_notices: open } = read(
    readFileSync(`${places.metrics}/gitea-runbooks-watch.prom`, 'utf8'),
  );
  t.ok(Math.abs(Date.now() / 1000 - at![0]!.value) < 60);
  t.same(
    open?.map(({ value }) => value),
    [0, 0],
  );
});

t.test('a unit that fails is told once, goes on failing without a word, and is told to be well again', async (t) => {
  const { look, logged, states, config, machine, places, events } = stage(t);
  const said = await tellFailed(
    config,
    { ...machine, query: async () => says('exit-code\nbackup: no room\n    x\nNext: y\n') },
    'gitea-runbooks-backup',
    places,
  );
  t.equal(said, 'gitea-runbooks-backup has failed: no room');
  states.set('gitea-runbooks-backup.service', ['failed', 'static']);
  await look();
  states.set('gitea-runbooks-backup.service', ['activating', 'static']);
  await look();
  t.equal(logged.length, 1);
  t.match(
    logged[0],
    /^err -- gitea-runbooks-backup has failed: no room \(since 20.*\)\. Next: .*journalctl -u gitea-runbooks-backup -n 50$/,
  );
  states.set('gitea-runbooks-backup.service', ['inactive', 'static']);
  t.equal(await look(), 'all is well');
  t.match(logged[1], /^notice -- over: gitea-runbooks-backup has failed/);
  t.match(events(), [
    { id: 'unit:gitea-runbooks-backup', event: 'new', severity: 'error' },
    { id: 'unit:gitea-runbooks-backup', event: 'over' },
  ]);
});

t.test('timers that were left stopped are started again, which is told', async (t) => {
  const { look, states, commands, events } = stage(t);
  states.set('gitea-runbooks-backup.timer', ['inactive', 'enabled']);
  t.match(await look(), /gitea-runbooks-backup\.timer did not wait for its time: started again/);
  t.ok(commands.includes('systemctl start gitea-runbooks-backup.timer'));
  t.equal(await look(), 'all is well');
  t.match(events(), [
    { id: 'timers', event: 'new' },
    { id: 'timers', event: 'over' },
  ]);
});

t.test('while somebody has the host alone timers are theirs, and what was told of them stays', async (t) => {
  const { look, states, commands, events, places } = stage(t, { busy: true });
  states.set('gitea-runbooks-backup.timer', ['inactive', 'enabled']);
  const open = { id: 'timers', severity: 'warning', what: 'x', since: '2026-11-30T00:00:00.000Z', next: 'y' };
  writeFileSync(places.notices, JSON.stringify({ open: [{ ...open, told: new Date().toISOString() }], over: {} }));
  t.equal(await look(), 'x');
  t.notOk(commands.some((command) => command.startsWith('systemctl start')));
  t.same(events(), []);
});

t.test('what the run said is what is told; where it said nothing, how it ended', async (t) => {
  t.equal(
    reasonIn('exit-code\nrestore point 1: 2 repositories\nwal: sent\nwal: it could not\n    cause: x\nNext: z'),
    'it could not',
  );
  t.equal(
    reasonIn('exit-code\ndrill: not all would have come back\n    x\nNext: z\ndrill: nothing of it is left\n'),
    'not all would have come back',
    'what tidies up says nothing of it',
  );
  t.equal(reasonIn('oom-kill\ncopying the database\n'), 'it needed more memory than it may have, and was ended');
  t.equal(reasonIn('exec-condition\n'), 'it ended as "exec-condition"');
});

t.test('one way that fails does not keep a notice from the others; none at all is a failure', async (t) => {
  const { config, places } = stage(t);
  const notice = { id: 'x', severity: 'error', what: 'w', since: 's', next: 'n', event: 'new', at: 'a' } as const;
  const { host } = played((command) => (command.startsWith('logger') ? fails('no journal') : fine));
  await notify(config, host, notice, places.noticeLog);
  const { host: deaf } = played(() => fails('no space left'));
  await t.rejects(notify(config, deaf, notice, places.noticeLog), { message: /nobody could be told: .*no space left/ });
});

t.test('of a log of notices that has grown long the newer half stays, in whole lines', async (t) => {
  const { config, places, machine } = stage(t);
  const line = (at: number) => JSON.stringify({ at, filler: 'x'.repeat(1000) });
  put(places.noticeLog, `${Array.from({ length: 1100 }, (_, at) => line(at)).join('\n')}\n`);
  const notice = { id: 'last', severity: 'error', what: 'w', since: 's', next: 'n', event: 'new', at: 'a' } as const;
  await notify(config, machine, notice, places.noticeLog);
  const lines = readFileSync(places.noticeLog, 'utf8')
    .trimEnd()
    .split('\n')
    .map((one) => JSON.parse(one));
  t.ok(lines.length > 500 && lines.length < 600, String(lines.length));
  t.match(lines.at(-1), { id: 'last' });
});

t.test('a state that cannot be read tells nothing, and is written anew', async (t) => {
  const { look, places, config } = stage(t);
  writeFileSync(places.notices, '{"open": [');
  writeFileSync(places.watch, '');
  t.equal(await look(), 'all is well');
  t.match(JSON.parse(readFileSync(places.notices, 'utf8')), { open: [], over: {} });
  t.ok(stateOf(config, 'backup').generation);
});
