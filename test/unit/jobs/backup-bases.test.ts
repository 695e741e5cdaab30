import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import t, { type Test } from 'tap';
import { sha256 } from '../../../lib/core/hash.ts';
import type { Output } from '../../../lib/host/port.ts';
import { addBase, chainNow, keepChain, readBase } from '../../../lib/jobs/backup/database/bases.ts';
import { configIn, fails, fine, played, put } from './backups.ts';

const text = (lsn: string, timeline = 1) =>
  JSON.stringify({ 'WAL-Ranges': [{ Timeline: timeline, 'Start-LSN': lsn }] });

/** The receiver's container, in which pg_basebackup makes a copy or ends by `ended`. */
function scene(t: Test, ended: (command: string) => Output = () => fine) {
  const root = t.testdir();
  const config = configIn(root);
  const base = `${root}/backups/base`;
  const { host, commands } = played((command) => {
    const output = ended(command);
    const name = / -D \/base\/([^ ]+)\.new /.exec(command)?.[1];
    if (output.code === 0 && name) put(`${base}/${name}/backup_manifest`, text('0/4000028'));
    return output;
  });
  const told: string[] = [];
  const add = (id: string, more: { system?: string; anew?: boolean } = {}) =>
    addBase(config, host, { id, system: '7001', anew: false, onLine: (line) => told.push(line), ...more });
  /** The copies of a chain that is gone on with. */
  const upTo = async (count: number) => {
    for (let at = 1; at <= count; at++) keepChain(config, await add(String(at)));
  };
  return { config, base, commands, told, add, upTo };
}

const names = ({ bases }: { bases: readonly { name: string }[] }) => bases.map(({ name }) => name);

t.test('the first copy is a whole one, checked before it has its name', async (t) => {
  const { add, commands } = scene(t);
  const chain = await add('1');
  t.same(chain, {
    system: '7001',
    bases: [{ name: '1-whole', sha256: sha256(text('0/4000028')), lsn: '0/4000028', timeline: 1 }],
  });
  const [command = ''] = commands;
  t.match(
    command,
    /set -e\n.*pg_basebackup .* -D \/base\/1-whole\.new .*\npg_verifybackup -n -q \/base\/1-whole\.new\nmv -T \/base\/1-whole\.new/s,
  );
  t.notMatch(command, '--incremental');
});

t.test('then what has changed since the last, a week long; then a whole one again', async (t) => {
  const { upTo, add, commands, config, base } = scene(t);
  await upTo(7);
  t.match(commands.at(-1), '--incremental=/base/6-changes/backup_manifest');
  t.same(names(chainNow(config)!), ['1-whole', ...[2, 3, 4, 5, 6, 7].map((day) => `${day}-changes`)]);
  const next = await add('8');
  t.same(names(next), ['8-whole']);
  t.equal(readdirSync(base).length, 8, 'the copies of before stay until a generation holds the new one');
  keepChain(config, next);
  t.same(readdirSync(base), ['8-whole']);
});

t.test('only copies that no chain has are taken away, and those that were cut off', async (t) => {
  const { upTo, config, base } = scene(t);
  await upTo(2);
  mkdirSync(`${base}/3-changes.new`);
  keepChain(config, chainNow(config)!);
  t.same(readdirSync(base).sort(), ['1-whole', '2-changes']);
});

t.test('another database, or a log with a gap, needs a whole copy', async (t) => {
  const { upTo, add } = scene(t);
  await upTo(2);
  t.same(names(await add('3', { system: '7002' })), ['3-whole']);
  t.same(names(await add('4', { anew: true })), ['4-whole']);
  t.same(names(await add('5')), ['1-whole', '2-changes', '5-changes']);
});

t.test('a copy of the changes that cannot be made becomes a whole one, and that is told', async (t) => {
  const { upTo, add, told, base } = scene(t, (command) =>
    command.includes('--incremental') ? fails('pg_basebackup: error: WAL summaries are required') : fine,
  );
  await upTo(1);
  t.same(names(await add('2')), ['2-whole']);
  t.match(told, [/it will be a whole one: pg_basebackup: error: WAL summaries are required/]);
  t.ok(existsSync(`${base}/1-whole`));
});

t.test('a whole copy that cannot be made is a failure', async (t) => {
  const { add, config } = scene(t, () => fails('No space left on device'));
  await t.rejects(add('1'), { exitCode: 20, message: /No space left on device/ });
  t.equal(chainNow(config), undefined);
});

t.test('a chain of which a copy is gone is none', async (t) => {
  const { upTo, config, base } = scene(t);
  await upTo(2);
  mkdirSync(`${base}/elsewhere`);
  renameSync(`${base}/1-whole`, `${base}/elsewhere/1-whole`);
  t.equal(chainNow(config), undefined);
});

t.test('the log has to begin where the last range of a copy does', async (t) => {
  const folder = t.testdir();
  const ranges = [
    { Timeline: 1, 'Start-LSN': '0/2000028' },
    { Timeline: 2, 'Start-LSN': '0/5000028' },
  ];
  put(`${folder}/x/backup_manifest`, JSON.stringify({ 'WAL-Ranges': ranges }));
  t.match(readBase(folder, 'x'), { name: 'x', lsn: '0/5000028', timeline: 2 });
});

t.test('a copy that is damaged is nothing to go on from, and is told', async (t) => {
  let damaged = false;
  const { add, upTo, told } = scene(t, (command) =>
    damaged && command.endsWith('/base/2-changes') ? fails('checksum mismatch for file "global/pg_control"') : fine,
  );
  await upTo(2);
  damaged = true;
  t.same(names(await add('3')), ['3-whole']);
  t.match(told.join('\n'), /a copy of the database is damaged.*2-changes: checksum mismatch/);
});
