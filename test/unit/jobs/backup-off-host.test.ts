import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { offHost, shipNow } from '../../../lib/jobs/backup/off-host/off-host.ts';
import { stateOf, tellState } from '../../../lib/jobs/backup/store/state.ts';
import { configIn, fails, fine, manifestOf, momentOf, played, put, remote, says } from './backups.ts';

const facts =
  'ID=debian\nVERSION_ID=13\nPRETTY_NAME=Debian\narch=x86_64\nkernel=6\nmem=4000000\nswap=0\ncpus=2\nclock=1\nhostname=git\n';
const id = '20261123T021000Z';

interface Run {
  /** Followed, because it ran already. */
  readonly attached?: boolean;
  /** Never when undefined. */
  readonly ends?: number;
  readonly lines?: readonly string[];
}

interface Before {
  /** What is said when a copy that began before the way there was changed is to end. */
  readonly outdated?: string;
}

/** systemd on a host where the unit is started so often, each time with what comes of it. */
function scene(t: Test, runs: readonly Run[], { outdated = '' }: Before = {}) {
  const config = configIn(t.testdir(), { remote });
  const state = (active: string, sub: string, code = 0) =>
    `ActiveState=${active}\nSubState=${sub}\nInvocationID=one\nExecMainCode=${code ? 1 : 0}\nExecMainStatus=${code}\nExecStart={ path=/n ; argv[]=/n /p ship ; ignore_errors=no }\n`;
  let at = -1;
  const { host, commands } = played((command) => {
    if (command.includes('-newermt')) return says(outdated);
    if (command.includes('systemd-run'))
      return says(`${runs[++at]?.attached ? 'attached' : 'started'}\n${state('active', 'running')}`);
    const { ends, lines = [] } = runs[at]!;
    const seen = lines.map((line) => `${line}\n`).join('');
    if (ends === undefined) return says(`${seen}\n-- gitea-runbooks: state\n${state('active', 'running')}`);
    const ended = ends ? state('failed', 'failed', ends) : state('active', 'exited');
    return says(`${seen}\n-- gitea-runbooks: state\n${ended}`);
  });
  const told: string[] = [];
  // A look takes a while, as on a host.
  const query: typeof host.query = (command) => sleep(1).then(() => host.query(command));
  const go = (limit?: number) => offHost({ config, host: { ...host, query }, tell: (text) => told.push(text) }, limit);
  return { go, told, started: () => commands.filter((one) => one.includes('systemd-run')) };
}

t.test('the copy is a unit of its own, which is followed', async (t) => {
  const { go, told, started } = scene(t, [
    { ends: 0, lines: ['copying it off the host', `ship: ${id} is off the host`] },
  ]);
  t.equal(await go(), 'there');
  t.match(started(), [/--unit="\$unit".*gitea-runbooks\.mjs ship \|\|/]);
  t.match(started()[0], 'IOSchedulingClass=idle');
  t.same(told, ['copying it off the host']);
});

t.test('it takes as long as it takes: the run that began it ends, and the next one finds it', async (t) => {
  const { go, told } = scene(t, [{}]);
  t.equal(await go(50), 'under way');
  t.match(told.at(-1), /on its way off the host, which goes on by itself/);
});

t.test('the copy of an earlier one is waited for, then that of this one is made', async (t) => {
  const { go, told, started } = scene(t, [{ attached: true, ends: 0 }, { ends: 0 }]);
  t.equal(await go(), 'there');
  t.equal(started().length, 2);
  t.match(told, [/an earlier one off the host is still under way/]);
});

t.test('a copy that began before the way there was changed does not go on in vain', async (t) => {
  const { go, told } = scene(t, [{ ends: 0 }], { outdated: 'ended\n' });
  t.equal(await go(), 'there');
  t.match(told, [/the way off the host was changed since the copy under way began/]);
});

t.test('its failure is that of the run, in its own words', async (t) => {
  const lines = [
    `ship: the generation ${id} is on this host only: it could not be copied to s3:x`,
    '    Access Denied.',
    'Next: the next run tries again by itself',
  ];
  await t.rejects(scene(t, [{ ends: 20, lines }]).go(), {
    name: 'RunbookError',
    message: /is on this host only: it could not be copied.*Access Denied.*tries again/s,
  });
});

t.test('the unit notes itself why a generation is not off the host, for when nobody follows it any more', async (t) => {
  const root = t.testdir();
  const config = configIn(root, { remote });
  t.equal(await shipNow(config, played().host, () => {}), 'there is no generation yet');
  put(`${root}/backups/generations/${id}.json`, JSON.stringify(manifestOf(id)));
  const generation = { id, kind: 'full', at: momentOf(id), degraded: [], snapshot: 's' };
  tellState(config, 'backup', { generation, full: generation });
  const host = (code: number) =>
    played((command) => {
      if (command.includes('/etc/os-release')) return says(facts);
      if (command.includes(' init ')) return fine;
      return !command.includes(' copy ') || code === 0 ? says('[]\n') : fails('Access Denied.', code);
    }).host;
  await t.rejects(
    shipNow(config, host(1), () => {}),
    { name: 'RunbookError', message: /Access Denied/ },
  );
  t.match(stateOf(config, 'backup'), { generation: { id }, failed: { what: /is on this host only/ } });
});
