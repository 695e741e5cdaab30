// Whether the key that the operator keeps opens the backups: asked of the host, with that key and no other.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import { Secret } from '../../../lib/core/secret.ts';
import type { Command, Host } from '../../../lib/host/port.ts';
import { backupKeyCheck } from '../../../lib/jobs/doctor/backup-key.ts';
import { input } from '../phases/input.ts';

/** A host where the script finds what it asks for, with a restic that knows one key. */
function sandbox(
  t: Test,
  { kept = 'kEpT7x' as string | null, hostKey = true, backup = true, image = true, ends = 0, damaged = false } = {},
) {
  const docker = `#!/bin/sh
echo "$*" >> "$SEEN"
[ "$1" = run ] || exit ${image ? 0 : 1}
[ ${ends} = 0 ] || { echo something; echo "the last word" >&2; exit ${ends}; }
case "$*" in *'--password-file /key '*) exit ${damaged ? 12 : 0} ;; esac
[ "$(cat)" = kEpT7x ] || { echo "Fatal: wrong password or no key found" >&2; exit 12; }`;
  const dir = t.testdir({ bin: { docker }, local: { archive: {} }, seen: '' });
  chmodSync(`${dir}/bin/docker`, 0o755);
  if (backup) writeFileSync(`${dir}/local/archive/config`, '');
  if (hostKey) writeFileSync(`${dir}/key`, '');
  writeFileSync(`${dir}/gitea.secrets.yaml`, kept === null ? 'other: x\n' : `backup_key: ${kept}\n`, {
    mode: 0o600,
  });
  const { config } = input({ config: { secrets: { file: `${dir}/gitea.secrets.yaml` } } });
  const seen: Command[] = [];
  const host = {
    label: 'here',
    run: () => Promise.reject(new Error('not to be changed')),
    query: async (command: Command) => {
      seen.push(command);
      const [shell, c, script = ''] = command.argv!;
      const { status, stdout, stderr } = spawnSync(
        shell!,
        [c!, script.replaceAll('/etc/gitea-runbooks/secrets/backup_key', `${dir}/key`)],
        {
          ...{ encoding: 'utf8', env: { PATH: `${dir}/bin:${process.env.PATH}`, SEEN: `${dir}/seen` } },
          input: (command.stdin as Secret).reveal(),
        },
      );
      return { code: status!, stdout, stderr };
    },
  } as unknown as Host;
  mkdirSync(`${dir}/local`, { recursive: true });
  const backups = { ...config.backup, local: { path: `${dir}/local` } };
  return {
    check: (enabled = true) => backupKeyCheck({ ...config, backup: { ...backups, enabled } }, host),
    seen,
    docker: () => readFileSync(`${dir}/seen`, 'utf8'),
  };
}

t.test('the right key opens them, fed by standard input, and nothing can be written', async (t) => {
  const { check, seen, docker } = sandbox(t);
  t.match(await check(), { id: 'backup-key', status: 'pass', detail: /gitea\.secrets\.yaml opens the backups$/ });
  t.ok(seen[0]?.stdin instanceof Secret);
  t.notMatch(docker(), 'kEpT7x', 'in no argument list');
  for (const words of [
    '--network none',
    '--pull never',
    'target=/archive,readonly',
    '--no-lock --no-cache',
    'cat config',
  ])
    t.match(docker(), words);
});

t.test('another one in the file that the jobs of the host read is a failure as well', async (t) => {
  const { check, docker } = sandbox(t, { damaged: true });
  t.match(await check(), {
    status: 'fail',
    detail: /opens the backups, the one on the host does not: its jobs fail/,
    next: /lost-key\.md, "Another key/,
  });
  t.match(docker(), /target=\/key,readonly/);
});

t.test('another key, and one that is on the host only, are failures with a way out', async (t) => {
  t.match(await sandbox(t, { kept: 'wrong' }).check(), {
    status: 'fail',
    detail: /does not open/,
    next: /lost-key\.md, "Another key/,
  });
  for (const kept of [null, "''"])
    for (const backup of [true, false])
      t.match(await sandbox(t, { kept, backup }).check(), {
        status: 'fail',
        detail: /only the host/,
        next: /lost-key\.md, "The key is on/,
      });
});

t.test('what cannot be tried yet is left out, and what went wrong is not taken for an answer', async (t) => {
  t.match(await sandbox(t, { kept: null, hostKey: false }).check(), {
    status: 'skip',
    detail: /the deploy makes it/,
  });
  t.match(await sandbox(t, { backup: false }).check(), { status: 'skip', detail: /no backup yet/ });
  t.match(await sandbox(t, { image: false }).check(), { status: 'skip', detail: /restic yet/ });
  for (const ends of [1, 10, 125])
    t.match(await sandbox(t, { ends }).check(), { status: 'warn', detail: 'not known: the last word' });
  t.equal(await sandbox(t).check(false), undefined, 'no backups, no question');
  const { config } = input({ config: { secrets: { file: t.testdirName } } });
  const host = { query: () => t.fail('the host is not asked') } as unknown as Host;
  t.match(await backupKeyCheck(config, host), { status: 'warn', detail: /not known: the secrets file/ });
});
