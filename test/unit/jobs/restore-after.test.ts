import t from 'tap';
import { complaintsIn, looking, namesIn, tellGitea } from '../../../lib/jobs/restore/after.ts';
import { played, says } from './backups.ts';

// As Gitea 1.25.4 prints it: a table with tabs, in which the first column is empty for what is no default.
const table =
  'Default\tName\t\t\t\tTitle\n*\tpaths\t\t\t\tCheck paths and basic configuration\n\tstorages\t\t\tCheck if there are orphaned objects\n*\tcheck-db-version\t\tCheck Database Version\n\thooks\t\t\t\tCheck if hook files are up-to-date and executable\n\tgc-lfs\t\t\t\tGarbage collect LFS\n';
const found = `
[1] Check Database Version
 - [I] Expected database version: 323
OK

[2] Check if hook files are up-to-date and executable
 - [W] old hook file /x/hooks/update is not executable
 - [C] Errors noted whilst checking delegate hooks.
ERROR

All done (checks: 2).
`;

t.test('what the checks say', async (t) => {
  t.same(namesIn(table), ['paths', 'storages', 'check-db-version', 'hooks', 'gc-lfs']);
  t.same(complaintsIn(found), [
    'Check if hook files are up-to-date and executable: old hook file /x/hooks/update is not executable',
    'Check if hook files are up-to-date and executable: Errors noted whilst checking delegate hooks.',
  ]);
  t.same(complaintsIn('\n[1] Check\n - [I] all is well\nOK\n'), []);
});

const asked = async (answer: (command: string) => Partial<ReturnType<typeof says>> | undefined) => {
  const told: string[] = [];
  const { host, commands } = played((command) => ({ ...says(''), ...answer(command) }));
  await tellGitea(host, (text) => void told.push(text));
  return { told, commands };
};

t.test('hooks first, then those checks that only look and that this version has', async (t) => {
  const { told, commands } = await asked((command) =>
    command.includes('--list') ? says(table) : command.includes('--run') ? says(found) : undefined,
  );
  t.match(commands[0], /gitea admin regenerate hooks$/);
  const run = commands.find((command) => command.includes('--run')) ?? '';
  t.same(run.match(/--run \S+/g), ['--run check-db-version', '--run hooks'], 'nothing that was not asked for');
  t.equal(told.length, 2);
  t.notOk(commands.some((command) => command.includes('--fix')));
  for (const name of ['gc-lfs', 'delete-orphaned-repos', 'storages', 'paths'])
    t.notOk(looking.includes(name), 'not among those');
});

t.test('nothing of it makes a restore fail, and nothing is kept quiet', async (t) => {
  const { told } = await asked((command) => ({ ...says('broken\n'), code: command.includes('regenerate') ? 1 : 0 }));
  t.match(told, [
    /hooks .* could not be written anew \(broken\); on the host: docker exec/,
    /could not be asked: broken/,
  ]);
  const many = Array.from({ length: 30 }, (_, at) => ` - [W] number ${at}`).join('\n');
  const lines = await asked((command) =>
    command.includes('--list') ? says(table) : command.includes('--run') ? says(`[1] Check\n${many}\n`) : undefined,
  );
  t.equal(lines.told.length, 21);
  t.match(lines.told.at(-1), /^and 10 more: docker exec/);
  const well = await asked((command) => (command.includes('--list') ? says(table) : undefined));
  t.match(well.told, [/find nothing: check-db-version, hooks/]);
});
