import t from 'tap';
import { RunbookError } from '../../../lib/core/errors.ts';
import { type RestoreRepositoryOptions, restore, restoreRepository } from '../../../lib/jobs/restore/index.ts';
import { input } from '../phases/input.ts';
import { played, says } from './backups.ts';

const { config } = input();

/** systemd on a host where a restore with these words is under way, or none is. */
function systemd(under?: string) {
  const state = (active: string, sub: string, words = '') =>
    `ActiveState=${active}\nSubState=${sub}\nInvocationID=one\nExecMainCode=0\nExecMainStatus=0\nExecStart={ path=/n ; argv[]=/n /p ${words} ; ignore_errors=no }\n`;
  const { host, commands } = played((command) => {
    if (command.includes(' restore repository preview ')) return says('restore: main goes back\nlater stays\n');
    if (command.includes('systemd-run')) return says(`started\n${state('active', 'running', under)}`);
    if (command.includes('read_journal'))
      return says(`restore: looking\nrestore: it is there\n\n-- gitea-runbooks: state\n${state('active', 'exited')}`);
    return says(under === undefined ? state('inactive', 'dead') : state('active', 'running', under));
  });
  const started = () =>
    commands.flatMap(
      (one) => /systemd-run .*gitea-runbooks\.mjs(.*?) \|\|/.exec(one)?.[1]?.trim().replaceAll("'", '') ?? [],
    );
  const go = (options: Partial<RestoreRepositoryOptions> = {}) =>
    restoreRepository(config, host, { repo: 'alice/work', ...options });
  return { go, started, host, commands };
}

t.test('what takes nothing away is begun without a question', async (t) => {
  const { go, started, commands } = systemd();
  const approve = () => Promise.reject(new Error('asked'));
  t.match(await go({ approve }), { host: 'host', result: 'it is there' });
  await go({ to: '20261129T221503Z', from: 'remote', as: 'bob/mine', approve });
  t.same(started(), [
    'restore repository beside alice/work latest local',
    'restore repository beside alice/work 20261129T221503Z remote bob/mine',
  ]);
  t.notMatch(commands.join('\n'), / preview /);
});

t.test('refs in use go back only when that was approved, with the list in view', async (t) => {
  const { go, started } = systemd();
  const seen: unknown[] = [];
  const no = new RunbookError('refused', { what: 'not confirmed', next: 'type it' });
  await t.rejects(go({ refsOnly: true, approve: () => Promise.reject(no) }), { name: 'RunbookError', exitCode: 22 });
  t.same(started(), []);
  await go({ refsOnly: true, approve: async (lines) => void seen.push(lines) });
  t.same(seen, [['main goes back', 'later stays']]);
  t.same(started(), ['restore repository refs alice/work latest local']);
  await t.rejects(go({ refsOnly: true, as: 'x' }), { exitCode: 22, message: /--as/ });
});

t.test('the same one under way is followed; another one, or one of everything, is not taken for it', async (t) => {
  const same = systemd('restore repository beside alice/work latest local');
  t.match(await same.go(), { result: 'it is there' });
  for (const [words, flags] of [
    ['restore repository refs alice/work latest local', '--repo alice/work --refs-only --to "latest" --from local'],
    ['restore repository beside alice/work latest local other', '--repo alice/work --to "latest" --from local'],
    ['restore latest local', '--to "latest" --from local'],
    ['restore undo', '--undo'],
  ] as const) {
    const other = systemd(words);
    await t.rejects(other.go(), { exitCode: 11, message: `another restore is under way (${flags})` });
    t.same(other.started(), []);
  }
  const { host } = systemd('restore repository beside alice/work latest local');
  await t.rejects(restore(config, host), { exitCode: 11, message: /--repo alice\/work/ });
});
