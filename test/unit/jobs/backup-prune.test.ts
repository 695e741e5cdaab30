import { existsSync } from 'node:fs';
import t, { type Test } from 'tap';
import type { Secret } from '../../../lib/core/secret.ts';
import type { Host, Output } from '../../../lib/host/port.ts';
import { pruneHere, prunePreview } from '../../../lib/jobs/backup/index.ts';
import { tellState } from '../../../lib/jobs/backup/store/state.ts';
import { reckoned } from '../../../lib/jobs/backup/thinning/prune.ts';
import { configIn, fails, fine, played, put, remote, says } from './backups.ts';

const [one, two, three] = ['20261120T021000Z', '20261121T021000Z', '20261122T021000Z'];
const now = Date.parse('2026-11-23T12:00:00Z');
const none = { hours: 0, days: 0, weeks: 0, months: 0, years: 0 };
const rows = [one, two, three].flatMap((id) => [
  { tags: [`generation=${id}`] },
  { tags: [`manifest=${id}`, 'kind=full', `full=${id}`] },
]);
const reckoning = `to delete:             4 blobs / 2.862 MiB
total prune:           4 blobs / 3 MiB
remaining:            11 blobs / 1.5 GiB
`;

const facts =
  'ID=debian\nVERSION_ID=13\nPRETTY_NAME=Debian\narch=x86_64\nkernel=6\nmem=4000000\nswap=0\ncpus=2\nclock=1\nhostname=git\n';

/** A host with a lock whose Docker answers what restic would say, and a file with credentials that an operator left. */
function scene(t: Test, { removal = fine as Output, dry = says(reckoning) as Output } = {}) {
  const root = t.testdir();
  const config = configIn(root, { remote, retention: none });
  tellState(config, 'verify', { at: '2026-11-23T05:20:00.000Z', all: false, newest: { remote: three } });
  const { host, commands } = played((command) => {
    if (command.includes('/etc/os-release')) return says(facts);
    if (!command.includes('docker run')) return fine;
    if (!command.includes('gitea-backup-prune-preview')) return removal;
    return command.includes('--dry-run') ? dry : says(`archive ${JSON.stringify(rows)}\nrecent []\n`);
  });
  const input: unknown[] = [];
  const machine: Host = {
    ...host,
    hold: async () => ({ firstLine: 'held\t', lost: new Promise<void>(() => {}), release: async () => {} }),
    run(command) {
      if (command.stdin !== undefined) input.push(command.stdin);
      return host.run(command);
    },
  };
  const file = `${root}/order`;
  const order = (ids: readonly string[]) =>
    put(
      file,
      JSON.stringify({ environment: { AWS_SECRET_ACCESS_KEY: "it's secret" }, without: ['AWS_SESSION_TOKEN'], ids }),
    );
  const go = () => pruneHere(config, machine, { file, now, tell: () => {} });
  const restic = () => commands.filter((command) => command.includes('docker run'));
  return { config, machine, commands, restic, input, file, order, go };
}

t.test('what restic reckons is read in bytes', async (t) => {
  t.same(reckoned(reckoning), { freed: 3 * 1024 ** 2, left: 1.5 * 1024 ** 3 });
  t.same(reckoned('total prune: 4 blobs / 12 B\n'), { freed: 12 });
  t.same(reckoned('nothing'), {});
});

t.test('a preview only looks: without a lock, and with no more rights than the host has', async (t) => {
  const { config, machine, restic, input } = scene(t);
  const plan = await prunePreview(config, machine, now);
  t.match(plan, { goes: [one], stays: [{ id: three }, { id: two }], freed: 3 * 1024 ** 2 });
  t.notOk('heldDays' in plan);
  t.same([restic().length, input], [2, []]);
  t.match(restic()[0], 'snapshots --json --no-lock');
  t.match(restic()[1], 'archive forget --no-lock --dry-run --prune');
  t.notOk(restic().some((command) => /archive prune|--rm -i/.test(command)));
});

t.test('of a bucket of ours it is told how long it holds what was removed', async (t) => {
  const { config, machine } = scene(t);
  const aws = { backupBucket: 'backup', objectLockDays: 30 } as NonNullable<typeof config.aws>;
  t.match(await prunePreview({ ...config, aws }, machine, now), { heldDays: 30 });
});

t.test('the credentials come by standard input, and their file is gone before anything is done', async (t) => {
  const { go, order, restic, input, file, commands } = scene(t);
  order([one]);
  t.match(await go(), '1 whole generations removed, 2 stay');
  t.notOk(existsSync(file));
  const [given] = input as [Secret];
  t.equal(input.length, 1);
  t.equal(given.reveal(), "unset AWS_SESSION_TOKEN\nexport AWS_SECRET_ACCESS_KEY='it'\\''s secret'");
  t.notMatch(commands.join('\n'), /it.{0,4}s secret/);
  const removal = restic().at(-1)!;
  t.match(removal, /^sh -c docker rm -f gitea-backup-prune-remote /);
  t.match(removal, 'docker run --rm -i --name gitea-backup-prune-remote');
  t.match(removal, 'eval "$(cat)"');
});

t.test('the manifests go first, and only what was approved goes', async (t) => {
  const { go, order, restic } = scene(t);
  order([one, two, three]);
  await go();
  const lines = restic().at(-1)!.split('\n');
  t.same(
    lines.filter((line) => / forget | prune /.test(line)).map((line) => line.trim().slice(0, 90)),
    [
      `archive forget --unsafe-allow-remove-all --tag manifest=${one} || exit`,
      `archive forget --unsafe-allow-remove-all --tag generation=${one} || exit`,
    ].concat(lines.filter((line) => line.startsWith('archive prune'))),
    'the newest two are not among them whatever was approved',
  );
  const other = scene(t);
  other.order([two]);
  t.equal(await other.go(), 'nothing has served its time');
  t.equal(other.restic().length, 2, 'what has become due since waits for the next approval');
});

t.test('without credentials nothing is asked', async (t) => {
  const { go, commands } = scene(t);
  await t.rejects(go(), { exitCode: 22, message: /no credentials came along/ });
  t.same(commands, []);
});

t.test('nothing is removed behind a generation that was not read back', async (t) => {
  const { go, order, config, restic, file } = scene(t);
  tellState(config, 'verify', { failed: { at: 'x', what: 'pack 12ab' } });
  order([one]);
  await t.rejects(go(), { exitCode: 22, message: /not sound: pack 12ab/ });
  t.notOk(existsSync(file));
  t.equal(restic().length, 1);
});

t.test('each way in which it fails says what to do', async (t) => {
  const cases = [
    [fails('Fatal: remove: Access Denied.'), 20, /not all of it.*Access Denied.*"Remove what has served its time"/s],
    [
      fails('client.RemoveObject: User is not authorized to perform: s3:DeleteObject\nmain.init\n\ta/b.go:67'),
      ...[20, /s3:DeleteObject[^\n]*\n[^\n]*"Remove what has served its time"/],
    ],
    [fails('Fatal: connection reset'), 20, /the same command again goes on/],
    [fails('repository is already locked', 11), 11, /in use.*already locked.*on its way there/s],
  ] as const;
  for (const [removal, exitCode, message] of cases) {
    const { go, order } = scene(t, { removal });
    order([one]);
    await t.rejects(go(), { exitCode, message });
  }
  const blind = scene(t, { dry: fails('Fatal: timeout') });
  await t.rejects(prunePreview(blind.config, blind.machine, now), { exitCode: 20, message: /reckoned.*timeout/s });
  const none = configIn(t.testdir());
  await t.rejects(prunePreview(none, blind.machine, now), { exitCode: 22, message: /no place off the host/ });
});
