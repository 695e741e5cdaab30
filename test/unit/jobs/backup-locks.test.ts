import t from 'tap';
import type { Output } from '../../../lib/host/port.ts';
import { isLeft, locksIn, machineHere } from '../../../lib/jobs/backup/store/locks.ts';
import { resticOn } from '../../../lib/jobs/backup/store/restic.ts';
import { configIn, fails, fine, played, remote, says } from './backups.ts';

const machine = machineHere();
const now = Date.parse('2026-11-30T12:00:00Z');
const lockOf = (hostname: string, minutes: number) => ({
  repository: 'recent',
  hostname,
  time: new Date(now - minutes * 60_000).toISOString(),
});

t.test('a lock is left behind where nobody is at work any more', async (t) => {
  const left = (hostname: string, minutes: number, place: 'local' | 'remote', running: readonly string[] = []) =>
    isLeft(lockOf(hostname, minutes), { place, machine, running, now });
  const ours = `gitea-backup-ship-${machine}`;
  for (const place of ['local', 'remote'] as const) {
    t.ok(left(ours, 0, place), 'ours, however young');
    t.ok(left(ours, 0, place, ['gitea-backup-wal']), 'also beside another job of ours');
    t.notOk(left(ours, 0, place, ['gitea-backup-ship']), 'but not while that job runs');
    t.notOk(left(ours, 31, place, ['gitea-backup-ship']), 'which may have been asleep');
    t.ok(left('laptop', 31, place, ['gitea-backup-ship']), 'nobody has kept it up');
  }
  t.notOk(left('laptop', 29, 'remote'), 'an operator who prunes');
  t.notOk(left('gitea-backup-ship-ba9876543210', 29, 'remote'), 'a job of another machine');
  t.ok(left('f00dfeedbeef', 0, 'local'), 'nobody else writes to the repositories of the host');
  t.notOk(left('f00dfeedbeef', 0, 'local', ['gitea-backup-prune']));
});

t.test('what restic shows of locks', async (t) => {
  t.same(
    locksIn('archive {"time":"2026-11-30T11:00:00Z","exclusive":true,"hostname":"a","pid":7}\nrecent \n\n'),
    [{ repository: 'archive', hostname: 'a', time: '2026-11-30T11:00:00Z' }],
    'half of one is none',
  );
});

/** A place whose `recent` is locked until it is freed. */
function locked(hostname: string, place: 'local' | 'remote') {
  let free = false;
  const told: string[] = [];
  const { host, commands } = played((command): Output => {
    if (command.includes('docker ps')) return fine;
    if (command.includes('list locks'))
      return says(`recent {"time":"${new Date().toISOString()}","hostname":"${hostname}"}\n`);
    if (command.includes('recent unlock --remove-all')) {
      free = true;
      return fine;
    }
    return free || command.includes('wait=5m') ? says('done') : fails('repository is already locked', 11);
  });
  const config = configIn(t.testdir(), { remote });
  const restic = resticOn(host, config, 200, (text) => told.push(text));
  return { told, commands, run: () => restic({ what: 'wal', place, script: 'recent backup /x', timeout: 60 }) };
}

t.test('the lock of a run that is gone is in the way of no run, and is told', async (t) => {
  for (const place of ['local', 'remote'] as const) {
    const { run, told, commands } = locked(`gitea-backup-ship-${machine}`, place);
    t.equal((await run()).stdout, 'done');
    t.same(told, [`a run that is gone had left a lock on the ${place} repository recent: taken away`]);
    t.match(commands[0], `--hostname gitea-backup-wal-${machine} `);
    t.ok(commands.some((command) => command.includes('gitea-backup-wal-locks')));
  }
});

t.test('that of somebody at work is waited for and not touched', async (t) => {
  const { run, told, commands } = locked('laptop', 'remote');
  t.equal((await run()).stdout, 'done');
  t.same(told, ['the remote repository recent is locked by laptop: waiting']);
  t.notOk(commands.some((command) => command.includes('unlock')));
  t.match(commands.at(-1), /\nwait=5m\nrecent backup/);
});

t.test('a key that does not open the repository is told as that, whatever the job', async (t) => {
  const { host } = played(() => fails('Fatal: wrong password or no key found', 12));
  const config = configIn(t.testdir(), { remote });
  const call = (place: 'local' | 'remote') =>
    resticOn(host, config, 200)({ what: 'look', place, script: 'recent snapshots', timeout: 60 });
  await t.rejects(call('local'), {
    exitCode: 20,
    message: /backup_key on the host does not open the local repositories/,
  });
  await t.rejects(call('remote'), { message: /no other repository was made.*lost-key/s });
});
