import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { beginOf } from '../../../lib/jobs/backup/database/wal.ts';
import { fetchLog, holeBehind, mustLeadOn, systemIn, writtenAt } from '../../../lib/jobs/restore/finding/log.ts';
import { fails, manifestOf, put, resticThat } from './backups.ts';

const file = (number: number, line = 1) =>
  `0000000${line}00000000000000${number.toString(16).toUpperCase().padStart(2, '0')}`;
const manifest = manifestOf('20261123T021000Z');
/** In file 3. */
const { point } = manifest.database;

/** The first bytes of a file of the log. */
function head(system: bigint): Buffer {
  const bytes = Buffer.alloc(48);
  bytes.writeBigUInt64LE(system, 24);
  return bytes;
}

t.test('a hole is seen before PostgreSQL would take it for the end', async (t) => {
  t.same(holeBehind([file(2), file(3), file(4), `${file(5)}.partial`], point), undefined);
  t.same(
    holeBehind([file(3), `${file(3)}.partial`, `${file(4)}.partial`], point),
    undefined,
    'what was half of one is whole',
  );
  t.same(holeBehind([`${file(3)}.partial`], point), undefined, 'nothing behind it yet');
  t.same(holeBehind([file(3), file(5)], point), { first: file(4), last: file(4) });
  t.same(holeBehind([file(3), file(6), `${file(7)}.partial`], point), { first: file(4), last: file(5) });
  t.same(
    holeBehind([`${file(3)}.partial`, file(4)], point),
    { first: file(3), last: file(3) },
    'half of one in the middle',
  );
  t.same(holeBehind([file(3), `${file(4)}.partial`, file(5, 2)], point), undefined, 'another line is not looked at');
  t.same(holeBehind([], point), { first: file(3), last: file(3) });
});

t.test('where a file begins', async (t) => {
  t.equal(beginOf(file(3)), '0/3000000');
  t.equal(beginOf('0000000100000016000000B3'), '16/b3000000');
});

t.test('which database a file is of stands in its head', async (t) => {
  t.equal(systemIn(head(7001n)), '7001');
  t.equal(systemIn(head(0n)), undefined);
  t.equal(systemIn(Buffer.alloc(3)), undefined);
});

t.test('a log of another database, or of one that went another way, is refused', async (t) => {
  const wal = t.testdir({ [file(2)]: head(5n), [file(3)]: head(7001n), [`${file(4)}.partial`]: head(0n) });
  t.doesNotThrow(() => mustLeadOn(wal, manifest));
  writeFileSync(join(wal, `${file(4)}.partial`), head(7002n));
  t.throws(() => mustLeadOn(wal, manifest), { exitCode: 22, message: new RegExp(`${file(4)}.partial is of another`) });
  writeFileSync(join(wal, `${file(4)}.partial`), head(7001n));
  writeFileSync(join(wal, file(3, 2)), head(7001n));
  t.throws(() => mustLeadOn(wal, manifest), { exitCode: 22, message: /went another way.*--to latest/s });
});

t.test('on the host it is what lies where it is received, from the restore point on', async (t) => {
  const root = t.testdir();
  for (const name of [file(2), file(3), `${file(4)}.partial`, 'status']) put(join(root, 'wal', name), `new ${name}`);
  for (const name of [file(2), `${file(3)}.partial`]) put(join(root, 'work/generation/wal', name), 'old');
  const { restic, calls } = resticThat();
  const where = {
    what: 'restore',
    place: 'local' as const,
    log: {},
    folder: join(root, 'work'),
    received: join(root, 'wal'),
  };
  await fetchLog({ restic, tell: () => {} }, where, manifest);
  const there = join(root, 'work/generation/wal');
  t.same(readdirSync(there).sort(), [file(2), file(3), `${file(3)}.partial`, `${file(4)}.partial`]);
  t.equal(readFileSync(join(there, file(2)), 'utf8'), 'old', 'what came with the generation');
  t.equal(readFileSync(join(there, file(3)), 'utf8'), `new ${file(3)}`);
  t.same(calls, []);
  const { uid } = statSync(join(root, 'wal', file(3)));
  t.equal(statSync(join(there, file(3))).uid, uid, 'who may read the one may read the other');
});

t.test('off the host it is the newest snapshot of it, and one that cannot be read is told', async (t) => {
  const folder = t.testdir();
  const where = { what: 'restore', place: 'remote' as const, log: { snapshot: 'abc' }, folder, received: '/none' };
  const { restic, calls } = resticThat();
  await fetchLog({ restic, tell: () => {} }, where, manifest);
  t.match(calls, [{ place: 'remote', script: 'recent restore --no-lock abc --target /target', restores: true }]);
  const bad = resticThat(() => fails('Fatal: ciphertext verification failed'));
  await t.rejects(fetchLog({ restic: bad.restic, tell: () => {} }, where, manifest), {
    exitCode: 20,
    message: /ciphertext verification failed.*--to latest/s,
  });
});

t.test('when it was last written', async (t) => {
  const wal = t.testdir({ [file(2)]: '', [`${file(3)}.partial`]: '', status: '' });
  utimesSync(join(wal, file(2)), 100, 100);
  utimesSync(join(wal, `${file(3)}.partial`), 200, 200);
  t.equal(writtenAt(wal), 200_000);
  t.equal(writtenAt(t.testdir({ other: '' })), undefined);
  t.equal(writtenAt('/nowhere/at/all'), undefined);
});
