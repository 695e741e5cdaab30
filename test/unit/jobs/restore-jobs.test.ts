import t from 'tap';
import { withoutJobs } from '../../../lib/jobs/restore/jobs.ts';
import { configIn, fine, played, says } from './backups.ts';

/** A host on which these units run. */
function at(running: string) {
  const { host, commands } = played((command) => (command.includes('list-units') ? says(running) : fine));
  const told: string[] = [];
  const config = configIn(t.testdir());
  const go = (work: () => Promise<string>) => withoutJobs(config, host, (text) => told.push(text), work);
  return { go, commands, told };
}

t.test('no job begins, and what runs is ended and told, before anything else is done', async (t) => {
  const { go, commands, told } = at('gitea-runbooks-backup.service\n');
  const result = await go(async () => {
    t.same(
      commands.map((command) => /^systemctl (\S+) \S+\.(timer|service)/.exec(command)?.slice(1).join(' ') ?? 'look'),
      ['stop timer', 'look', 'stop service'],
    );
    return 'done';
  });
  t.equal(result, 'done');
  t.match(commands[2], /gitea-runbooks-backup\.service .*gitea-runbooks-verify-now\.service/);
  t.match(commands.at(-1), /^systemctl start gitea-runbooks-backup\.timer/);
  t.same(told, ['ending gitea-runbooks-backup.service: what it was at is done anew after this']);
});

t.test('they begin again when it fails, a host in use among that', async (t) => {
  const { go, commands, told } = at('');
  await t.rejects(
    go(() => Promise.reject(new Error('in use'))),
    /in use/,
  );
  t.match(commands.at(-1), /^systemctl start .*\.timer/);
  t.same(told, []);
});
