import t from 'tap';
import { backupNow, generations, verifyBackups } from '../../../lib/jobs/backup/index.ts';
import { input } from '../phases/input.ts';
import { fails, played, says } from './backups.ts';

const { config } = input();

/** systemd on a host where a unit prints these lines and ends with this code. */
function systemd(code = 0, lines: readonly string[] = []) {
  const state = (active: string, sub: string) =>
    `ActiveState=${active}\nSubState=${sub}\nInvocationID=one\nExecMainCode=${code ? 1 : 0}\nExecMainStatus=${code}\n`;
  const ended = code ? state('failed', 'failed') : state('active', 'exited');
  return played((command) =>
    says(
      command.includes('read_journal')
        ? `${lines.join('\n')}\n\n-- gitea-runbooks: state\n${ended}`
        : `started\n${state('active', 'running')}`,
    ),
  );
}

t.test('a backup now is the unit that the timer starts', async (t) => {
  for (const [full, unit] of [
    [false, 'gitea-runbooks-backup.service'],
    [true, 'gitea-runbooks-backup-full.service'],
  ] as const) {
    const { host, commands } = systemd(0, ['backup: copying']);
    const steps: unknown[] = [];
    await backupNow(config, host, { full, onEvent: (event) => steps.push(event) });
    t.match(commands[0], new RegExp(`^unit=${unit}\n`));
    t.notMatch(commands[0], 'systemd-run');
    t.same(steps, [{ type: 'step', text: 'backup: copying' }]);
  }
});

t.test('one that fails is told with its last words', async (t) => {
  const lines = Array.from({ length: 12 }, (_, at) => `line ${at}.`);
  const error = await backupNow(config, systemd(20, lines).host).catch((thrown) => thrown);
  t.match(error, { exitCode: 20, message: /line 11\..*journalctl -u gitea-runbooks-backup on the host/s });
  t.notMatch(error.message, /line 3\./);
});

t.test('the next step is the one that the job on the host names', async (t) => {
  const lines = ['backup: this machine: the disk has 1 MB left', 'Next: nothing was begun. Make room'];
  const error = await backupNow(config, systemd(20, lines).host).catch((thrown) => thrown);
  t.match(error.message, /has 1 MB left.*\nNext: nothing was begun\. Make room$/s);
  t.notMatch(error.message, /journalctl/);
});

t.test('damage is another failure than not being able to look', async (t) => {
  const { host, commands } = systemd(21, ['verify: local archive: pack 12ab']);
  await t.rejects(verifyBackups(config, host, { all: true }), { exitCode: 21, message: /are damaged.*pack 12ab/s });
  t.match(commands[0], /gitea-runbooks\.mjs verify all/);
  await t.rejects(verifyBackups(config, systemd(11).host), { exitCode: 20, message: /could not be read back/ });
  await t.resolves(verifyBackups(config, systemd().host));
});

t.test('the list of the host, whatever stands around it', async (t) => {
  const { host } = played(() => says('generations: warning\n[{"id":"a","places":["local"]}]\n'));
  t.same(await generations(config, host), [{ id: 'a', places: ['local'] }]);
  await t.rejects(generations(config, played(() => fails('cannot be read')).host), {
    exitCode: 20,
    message: /cannot be read/,
  });
});

t.test('where backups are turned off nothing is asked of the host', async (t) => {
  const off = input({ config: { backup: { enabled: false } } }).config;
  const { host, commands } = played();
  const refused = { exitCode: 22, message: /turned off/ };
  await t.rejects(backupNow(off, host), refused);
  await t.rejects(verifyBackups(off, host), refused);
  await t.rejects(generations(off, host), refused);
  t.same(commands, []);
});
