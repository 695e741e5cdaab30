import t from 'tap';
import { RunbookError } from '../../../lib/core/errors.ts';
import { type RestoreOptions, restore, restorePreview } from '../../../lib/jobs/restore/index.ts';
import { input } from '../phases/input.ts';
import { fails, fine, played, says } from './backups.ts';

const { config } = input();

interface Played {
  readonly running?: boolean;
  readonly code?: number;
  readonly lines?: readonly string[];
  readonly preview?: string;
}

/** systemd on a host where a restore prints these lines and ends with this code. */
function systemd({ running = false, code = 0, lines = [], preview = 'generation x\nnothing newer\n' }: Played) {
  const state = (active: string, sub: string) =>
    `ActiveState=${active}\nSubState=${sub}\nInvocationID=one\nExecMainCode=${code ? 1 : 0}\nExecMainStatus=${code}\nExecStart={ path=/n ; argv[]=/n /p restore latest local ; ignore_errors=no }\n`;
  const { host, commands } = played((command) => {
    if (command.includes(' restore preview ')) return says(`restore: ${preview}`);
    if (command.includes('systemd-run'))
      return says(`${running ? 'attached' : 'started'}\n${state('active', 'running')}`);
    if (command.includes('read_journal'))
      return says(
        `${lines.join('\n')}\n\n-- gitea-runbooks: state\n${state(code ? 'failed' : 'active', code ? 'failed' : 'exited')}`,
      );
    return says(state(...((running ? ['active', 'running'] : ['inactive', 'dead']) as [string, string])));
  });
  const started = () =>
    commands.flatMap(
      (one) => /systemd-run .*gitea-runbooks\.mjs(.*?) \|\|/.exec(one)?.[1]?.trim().replaceAll("'", '') ?? [],
    );
  const go = (options: RestoreOptions = {}) => restore(config, host, options);
  return { go, started, host, commands };
}

t.test('what will happen is shown and approved before anything is started', async (t) => {
  const { go, started } = systemd({ lines: ['restore: fetching', 'restore: 20261129T221503Z is back'] });
  const seen: unknown[] = [];
  const report = await go({
    to: '2026-11-29 22:15',
    from: 'remote',
    approve: async (lines) => void seen.push(lines, [...started()]),
  });
  t.same(seen, [['generation x', 'nothing newer'], []]);
  t.same(started(), ['restore 2026-11-29 22:15 remote']);
  t.match(report, { host: 'host', result: '20261129T221503Z is back' });
});

t.test('the tunnel to one that can be looked at goes by the key and the pinned keys of the config', async (t) => {
  const lines = ['restore: x can be looked at: ssh -N -p 2022 -L 3001:172.18.0.3:3000 root@a, then look'];
  const host = { ...config.host, knownHosts: '/my keys/known', identityFile: '/k/id', proxyCommand: ['aws', 'ssm'] };
  const told = async (machine: typeof config.host) =>
    (await restore({ ...config, host: machine }, systemd({ lines }).host, { into: 'scratch' })).result;
  const rest = '-p 2022 -L 3001:172.18.0.3:3000 root@a, then look';
  t.equal(
    await told(host),
    `x can be looked at: ssh -N -o 'UserKnownHostsFile=/my keys/known' -i /k/id -o 'ProxyCommand=aws ssm' ${rest}`,
  );
  const { identityFile: _key, proxyCommand: _way, ...agent } = { ...host, knownHosts: '/known' };
  t.equal(await told(agent), `x can be looked at: ssh -N -o UserKnownHostsFile=/known ${rest}`);
});

t.test('without the approval nothing is started', async (t) => {
  const { go, started } = systemd({});
  const no = new RunbookError('refused', { what: 'not confirmed', next: 'type it' });
  await t.rejects(go({ approve: () => Promise.reject(no) }), { name: 'RunbookError', exitCode: 22 });
  t.same(started(), []);
});

t.test('one that is under way is followed, and nobody is asked again', async (t) => {
  const { go } = systemd({ running: true, lines: ['restore: x is back'] });
  const events: string[] = [];
  const report = await go({
    approve: () => Promise.reject(new Error('asked')),
    onEvent: (event) => events.push(JSON.stringify(event)),
  });
  t.equal(report.result, 'x is back');
  t.match(events[0], /under way already, following it: .*restore latest local/);
});

t.test('one of something else that is under way is not taken for the one that was asked for', async (t) => {
  for (const options of [{ to: '20261129T221503Z' }, { from: 'remote' }, { instead: 'undo' }] as const) {
    const { go, started } = systemd({ running: true, lines: ['restore: x is back'] });
    await t.rejects(go({ ...options, approve: () => Promise.reject(new Error('asked')) }), {
      exitCode: 11,
      message: /another restore is under way \(--to "latest" --from local\)/,
    });
    t.same(started(), []);
  }
});

t.test('to undo needs no preview of a generation, but an approval', async (t) => {
  for (const instead of ['undo', 'discard-old'] as const) {
    const { go, started, commands } = systemd({});
    const asked: unknown[] = [];
    await go({ instead, approve: async (lines) => void asked.push(lines) });
    t.same([started(), asked], [[`restore ${instead}`], [[]]]);
    t.notMatch(commands.join('\n'), / restore preview /);
  }
});

t.test('a failure comes over with all its parts and its exit code', async (t) => {
  const lines = [
    'restore: getting the files of x',
    'restore: this machine: the generation x is not whole',
    '    pack 12ab is damaged',
    '    and 13ab',
    'Next: take an older one',
  ];
  const error = await systemd({ code: 22, lines })
    .go()
    .catch((thrown) => thrown);
  t.match(error, { exitCode: 22, kind: 'refused' });
  t.same(error.parts, {
    ...{ where: 'host', what: 'the generation x is not whole', cause: 'pack 12ab is damaged\nand 13ab' },
    next: 'take an older one',
  });
  for (const code of [11, 20, 21])
    await t.rejects(systemd({ code, lines }).go(), { name: 'RunbookError', exitCode: code });
});

t.test('what tidies up behind it speaks last, and is taken neither for its reason nor for its result', async (t) => {
  const behind = ['settle: nothing was left half done'];
  const refused = ['restore: this machine: the generation x is not whole', '    pack 12ab', 'Next: take an older one'];
  for (const after of [behind, ['settle: this machine: Gitea does not come up', '    of it', 'Next: look at it']]) {
    const error = await systemd({ code: 22, lines: ['finding it', ...refused, ...after] })
      .go()
      .catch((thrown) => thrown);
    t.match(error.parts, { what: 'the generation x is not whole', cause: 'pack 12ab', next: 'take an older one' });
  }
  t.equal((await systemd({ lines: ['finding it', 'restore: x is back', ...behind] }).go()).result, 'x is back');
});

t.test('one that was killed has said nothing: what to look at is told', async (t) => {
  for (const lines of [[], ['getting the files of x', 'settle: nothing was left half done']])
    await t.rejects(systemd({ code: 137, lines }).go(), {
      exitCode: 20,
      message: /has ended with 137.*journalctl -u gitea-runbooks-restore/s,
    });
});

t.test('a preview that fails says why', async (t) => {
  const { host } = played(() => fails('restore: there is no generation\n    it has none\nNext: --from remote\n', 22));
  await t.rejects(restorePreview(host, {}), {
    exitCode: 22,
    message: /there is no generation\n {4}it has none\nNext: --from remote/,
  });
  t.match(await restorePreview(played(() => ({ ...fine, stdout: 'restore: one\ntwo\n' })).host, {}), ['one', 'two']);
});

t.test('where backups are turned off nothing is asked of the host', async (t) => {
  const { host, commands } = played();
  const off = input({ config: { backup: { enabled: false } } }).config;
  await t.rejects(restore(off, host), { exitCode: 22, message: /turned off/ });
  t.same(commands, []);
});
