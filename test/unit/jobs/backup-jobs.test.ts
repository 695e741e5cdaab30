import { readFileSync, utimesSync } from 'node:fs';
import t, { type Test } from 'tap';
import type { Output } from '../../../lib/host/port.ts';
import { verify } from '../../../lib/jobs/backup/checking/verify.ts';
import { shipWal } from '../../../lib/jobs/backup/off-host/wal-job.ts';
import { listGenerations } from '../../../lib/jobs/backup/store/list.ts';
import { stateOf, tellState } from '../../../lib/jobs/backup/store/state.ts';
import { baseOf, configIn, fails, fine, manifestOf, played, put, remote, says } from './backups.ts';

const facts =
  'ID=debian\nVERSION_ID=13\nPRETTY_NAME=Debian\narch=x86_64\nkernel=6\nmem=4000000\nswap=0\ncpus=2\nclock=1\nhostname=git\n';

/** A host with a lock, on which restic and the receiver's container answer by `answer`. */
function machine(answer: (command: string) => Output = () => fine) {
  const { host, commands } = played((command) => (command.includes('/etc/os-release') ? says(facts) : answer(command)));
  const hold = async () => ({ firstLine: 'held\t', lost: new Promise<void>(() => {}), release: async () => {} });
  const restic = () => commands.filter((command) => command.includes('docker run'));
  return { host: { ...host, hold }, commands, restic };
}

const note = (id: string) => ({ id, kind: 'full', at: '2026-11-29T02:10:00Z', degraded: [], snapshot: 's' });
const [full, partial, away] = ['20261123T021000Z', '20261123T120000Z', '20261122T021000Z'];

t.test('generations of both places in one list, newest first, with what the host knows of them', async (t) => {
  const root = t.testdir();
  const config = configIn(root, { remote });
  put(`${root}/backups/generations/${full}.json`, JSON.stringify(manifestOf(full)));
  const row = (id: string, kind: string, below: string) => ({
    tags: [`manifest=${id}`, `kind=${kind}`, `full=${below}`, 'system=7001'],
  });
  const summary = { total_bytes_processed: 5000, data_added_packed: 700 };
  const files = { tags: [`generation=${full}`], summary };
  const local = [
    [row(full, 'full', full), files],
    [row(partial, 'partial', full), { tags: ['wal'] }],
  ];
  const there = [[row(full, 'full', full), row(away, 'full', away)], []];
  const { host } = machine((command) =>
    says((command.includes('list-remote') ? there : local).map((list) => JSON.stringify(list)).join('\n\n')),
  );
  const found = await listGenerations(config, host);
  t.same(
    found.map(({ id, kind, places }) => [id, kind, places]),
    [
      [partial, 'partial', ['local']],
      [full, 'full', ['local', 'remote']],
      [away, 'full', ['remote']],
    ],
  );
  t.match(found[1]?.manifest, { at: '2026-11-23T02:10:00.000Z', repositories: 3, added: 2048, degraded: [] });
  t.same([found[0]?.manifest, found[2]?.manifest], [undefined, undefined]);
  t.notOk('system' in found[0]!);
  t.same(found[1]?.size, { holds: 5000, added: 700 });
  t.notOk('size' in found[0]!, 'nothing is made up');
  t.notOk(found.some((one) => 'verified' in one));
  const at = '2026-11-23T13:00:00.000Z';
  const soundAt = async (newest: object, failed?: object) => {
    tellState(config, 'verify', { at, newest, ...failed });
    return (await listGenerations(config, host)).map(({ verified }) => verified === at);
  };
  t.same(await soundAt({ local: partial, remote: full }), [true, true, true]);
  t.same(await soundAt({ local: full, remote: full }), [false, true, true], 'it came after it was looked at');
  t.same(await soundAt({ local: full }), [false, false, false], 'off the host nobody has looked');
  t.same(await soundAt({ local: partial, remote: full }, { failed: { at, what: 'x' } }), [false, false, false]);
});

t.test('a place that cannot be read is a failure of the list', async (t) => {
  const { host, commands } = machine((command) =>
    command.includes('list-remote') ? fails('Fatal: timeout') : says('[]'),
  );
  await t.rejects(listGenerations(configIn(t.testdir(), { remote }), host), {
    exitCode: 20,
    message: /the remote repositories cannot be read.*timeout/s,
  });
  t.match(
    commands.find((command) => command.includes('list-remote')),
    /\nreached\n/,
    'within a minute',
  );
});

t.test('where one place cannot be read, it is told what the other one has', async (t) => {
  const list = JSON.stringify([{ tags: [`manifest=${full}`, 'kind=full', `full=${full}`] }]);
  const { host } = machine((command) => (command.includes('list-remote') ? fails('Fatal: timeout') : says(list)));
  await t.rejects(listGenerations(configIn(t.testdir(), { remote }), host), {
    exitCode: 20,
    message: new RegExp(`timeout.*on the host there are 1, the newest is ${full}: .*--from local --preview`, 's'),
  });
});

t.test('the log waits for a first whole generation off the host', async (t) => {
  const { host, commands } = machine();
  t.equal(await shipWal(configIn(t.testdir(), { remote }), host), 'waits for a first generation');
  t.same(commands, []);
});

/** A host whose log was last written at a moment. */
function log(t: Test, written: string, answer?: Output, active = 't') {
  const root = t.testdir();
  const config = configIn(root, { remote });
  put(`${root}/backups/wal/000000010000000000000001`);
  const at = new Date(written);
  utimesSync(`${root}/backups/wal/000000010000000000000001`, at, at);
  tellState(config, 'backup', { shippedFull: full });
  const { host, restic } = machine((text) =>
    text.includes('pg_replication_slots') ? says(`${active}\n`) : (answer ?? fine),
  );
  return { root, config, restic, go: () => shipWal(config, host) };
}

t.test('the log goes where it was written since, and nothing goes where it was not', async (t) => {
  const { go, restic, config } = log(t, '2026-11-29T10:00:00Z');
  const before = Date.now();
  t.equal(await go(), 'sent');
  t.match(
    restic()[0],
    /--network host .*answers recent\nlimit=220\nrecent backup --quiet --no-scan --host gitea --tag wal \/generation\/wal/s,
  );
  t.ok(Date.parse(stateOf(config, 'wal').at!) >= before);
  t.equal(await go(), 'nothing new');
  t.equal(restic().length, 1);
  tellState(config, 'wal', { at: '2026-11-29T10:00:01.000Z' });
  t.equal(await go(), 'sent', 'written a moment before the last look');
  tellState(config, 'wal', { at: new Date(Date.now() + 86_400_000).toISOString() });
  t.equal(await go(), 'sent', 'the clock was a day ahead at the last look');
});

t.test('while nobody receives the log, what is off the host grows older', async (t) => {
  const { go, restic, config } = log(t, '2026-11-29T10:00:00Z', fine, 'f');
  t.equal(await go(), 'sent');
  t.equal(stateOf(config, 'wal').at, '2026-11-29T10:00:00.000Z', 'up to when it was written');
  t.equal(await go(), 'nothing new');
  t.equal(stateOf(config, 'wal').at, '2026-11-29T10:00:00.000Z');
  tellState(config, 'wal', { at: '2026-11-29T10:00:20.000Z' });
  t.equal(await go(), 'nothing new');
  t.equal(stateOf(config, 'wal').at, '2026-11-29T10:00:20.000Z', 'it was received until then');
  t.equal(restic().length, 1);
});

t.test('a failure is told, keeps the moment up to which all is well, and is tried again', async (t) => {
  const { go, config, restic } = log(t, '2026-11-29T10:00:00Z', fails('Fatal: connection refused'));
  tellState(config, 'wal', { at: '2026-11-29T11:00:00.000Z' });
  t.equal(await go(), 'nothing new');
  tellState(config, 'wal', { at: '2026-11-29T09:00:00.000Z' });
  await t.rejects(go(), { exitCode: 20, message: /connection refused/ });
  t.match(stateOf(config, 'wal'), {
    at: '2026-11-29T09:00:00.000Z',
    failed: { what: /could not be brought off the host/ },
  });
  tellState(config, 'wal', { at: '2026-11-29T11:00:00.000Z', failed: { at: '2026-11-29T11:00:00.000Z', what: 'x' } });
  await t.rejects(go(), { name: 'RunbookError', exitCode: 20 }, 'though nothing was written since');
  t.equal(restic().length, 2);
});

/** A host with two copies of the database and three files of log. */
function stored(t: Test, { answer = (_: string) => fine as Output, missing = '', off = false } = {}) {
  const root = t.testdir();
  const config = configIn(root, off ? { remote } : {});
  const bases = [baseOf('one', '0/1000028'), baseOf('two', '0/2000028')];
  put(`${root}/backups/chain.json`, JSON.stringify({ system: '7001', bases }));
  for (const { name } of bases) put(`${root}/backups/base/${name}/backup_manifest`);
  for (const end of ['2', '3', '4.partial'].filter((name) => name !== missing))
    put(`${root}/backups/wal/00000001000000000000000${end}`);
  if (off) tellState(config, 'backup', { shippedFull: full });
  const { host, commands, restic } = machine(answer);
  const go = (options = {}) => verify(config, host, { today: new Date('2026-11-29T03:00:00Z'), ...options });
  return { root, config, commands, restic, go };
}

t.test('what is sound is said to be, with the moment and how much was read', async (t) => {
  const { go, config, restic, commands } = stored(t, { off: true });
  tellState(config, 'verify', { failed: { at: 'x', what: 'y' } });
  await go();
  t.same(stateOf(config, 'verify'), {
    at: '2026-11-29T03:00:00.000Z',
    all: false,
    newest: {},
    found: { packs: {}, hurt: { local: [], remote: [] }, lost: { local: [], remote: [] }, sound: {} },
  });
  tellState(config, 'backup', { shipped: note(away) });
  await go();
  t.match(stateOf(config, 'verify').newest, { remote: away });
  t.match(
    restic().map((text) => /--name (\S+)/.exec(text)?.[1]),
    ['gitea-backup-check-local', 'gitea-backup-check-remote'],
  );
  t.match(restic()[0], /part=--read-data-subset=[1-7]\/7\n/);
  t.ok(commands.some((text) => text.endsWith('pg_verifybackup -n -q /base/two')));
  t.match(
    commands.find((text) => text.includes('pg_waldump')),
    / sh 000000010000000000000002 000000010000000000000003$/,
    'not the one that is being written',
  );
});

t.test('in a week every part has its turn, or all at once', async (t) => {
  const { go, restic } = stored(t);
  for (let day = 1; day <= 7; day++) await go({ today: new Date(Date.UTC(2026, 10, day)) });
  t.same(
    restic()
      .map((text) => Number(/subset=(\d)\/7/.exec(text)?.[1]))
      .sort(),
    [1, 2, 3, 4, 5, 6, 7],
  );
  await go({ all: true });
  t.match(restic().at(-1), /part=--read-data\n/);
});

const damages: Record<string, [Parameters<typeof stored>[1], RegExp]> = {
  'a damaged pack': [
    { answer: (text) => (text.includes('check-local') ? says('said archive pack 12ab: damaged\n') : fine) },
    /^local archive: pack 12ab: damaged/,
  ],
  'a place that does not answer': [
    { off: true, answer: (text) => (text.includes('check-remote') ? fails('timeout') : fine) },
    /^remote timeout$/,
  ],
  'a damaged copy': [
    { answer: (text) => (text.endsWith('/base/one') ? fails('checksum mismatch for file "x"') : fine) },
    /^copy of the database one: checksum mismatch/,
  ],
  'a hole in the log': [
    { missing: '3' },
    /^log of the database: 000000010000000000000003 is missing, between \d{4}-.*Z and \d{4}-.*Z$/,
  ],
  'a torn file of the log': [
    {
      answer: (text) => (text.includes('pg_waldump') ? says('000000010000000000000002: incorrect prev-link\n') : fine),
    },
    /^log of the database 000000010000000000000002: incorrect/,
  ],
};

for (const [name, [options, sentence]] of Object.entries(damages)) {
  t.test(`${name} becomes a sentence, and the state tells of it`, async (t) => {
    const { go, config } = stored(t, options);
    tellState(config, 'verify', { at: '2026-11-28T03:00:00.000Z', all: true });
    const error = await go().catch((thrown) => thrown);
    t.match(error, { name: 'RunbookError', exitCode: 21 });
    t.match(error.parts.cause, sentence);
    t.match(stateOf(config, 'verify'), { at: '2026-11-28T03:00:00.000Z', all: true, failed: { what: sentence } });
  });
}

const list = (...ids: readonly string[]) =>
  JSON.stringify(
    ids.flatMap((id) => [
      { id: `a${id}`, tags: [`generation=${id}`] },
      { id: `m${id}`, tags: [`manifest=${id}`, 'kind=full', `full=${id}`] },
    ]),
  );

t.test('what is sound is offered by its name, and what has to be mended is left for the next generation', async (t) => {
  const pack = 'ab'.repeat(32);
  const damaged = `said archive pack ${pack}: damaged\npack archive ${pack}\nhurt archive a${full}\n`;
  let now = damaged;
  const { go, config, restic } = stored(t, {
    off: true,
    answer: (text) =>
      /check-(local|remote)/.test(text)
        ? says(`list archive ${list(away, full)}\n${text.includes('check-local') ? now : ''}`)
        : fine,
  });
  const error = await go({ all: true }).catch((thrown) => thrown);
  t.match(error.parts.next, `--to ${away}, or npx zx runbooks/restore.mjs --to ${full} --from remote`);
  t.match(stateOf(config, 'verify'), {
    found: { packs: { 'local archive': [pack] }, hurt: { local: [full], remote: [] } },
    mend: { anew: false },
  });
  await t.rejects(go(), { message: /as far as was read/ });
  const looks = restic().filter((text) => text.includes('gitea-backup-check-local '));
  t.match(looks[1], new RegExp(`look archive .*${pack}`), 'it is looked at again');
  now = '';
  await go();
  t.equal(stateOf(config, 'verify').mend, undefined);
});

t.test('what is gone for good is told as a failure once', async (t) => {
  const lost = `list archive ${list(away, full)}\nsaid archive blob 12 not found in index\nhurt archive a${away}\n`;
  const { go, config } = stored(t, { answer: (text) => (text.includes('check-local') ? says(lost) : fine) });
  await t.rejects(go(), { exitCode: 21, message: new RegExp(`which hurts ${away}`) });
  const told: string[] = [];
  await go({ tell: (text: string) => told.push(text) });
  t.match(told.join('\n'), new RegExp(`known: .*hurts ${away}`));
  t.match(stateOf(config, 'verify'), { found: { hurt: { local: [away] }, sound: { local: full } } });
});

t.test('all that is damaged is told at once, and nothing to look at is damage', async (t) => {
  const { go } = stored(t, {
    answer: (text) => (/check-local|\/base\//.test(text) ? fails('broken') : fine),
    missing: '3',
  });
  await t.rejects(go(), { exitCode: 21, message: /damaged in 4 places/ });
  const empty = stored(t);
  put(`${empty.root}/backups/chain.json`, '');
  await t.rejects(empty.go(), { exitCode: 21, message: /no copy of the database/ });
  t.equal(readFileSync(`${empty.root}/backups/chain.json`, 'utf8'), '');
});
