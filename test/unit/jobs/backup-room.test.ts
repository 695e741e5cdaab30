// A backup begins only where the disk can hold it.
import t from 'tap';
import { mustHaveRoom } from '../../../lib/jobs/backup/space/room.ts';
import { configIn, manifestOf, played, put, says } from './backups.ts';

const MB = 1e6;
const reserve = 256 * 1024 ** 2;

function stage(root: string, generations: readonly [id: string, full: string, added: number][] = []) {
  const config = configIn(root);
  for (const [id, full, added] of generations)
    put(`${root}/backups/generations/${id}.json`, JSON.stringify(manifestOf(id, full, { added })));
  const { host, commands } = played((command) =>
    says(command.endsWith('/postgres') ? `${300 * MB}\tx\n` : `${5000 * MB}\tx\n`),
  );
  const fits = (free: number, full = false) =>
    mustHaveRoom(config, host, full, () => free).then(
      () => 'yes',
      (error) => error,
    );
  return { fits, commands };
}

const [one, two, three] = ['20261128T021000Z', '20261129T021000Z', '20261129T101500Z'];
const some = [
  [one, one, 9000 * MB],
  [two, two, 100 * MB],
  [three, two, 7 * MB],
] as [string, string, number][];

t.test('the first one needs as much as there is', async (t) => {
  const { fits } = stage(t.testdir());
  const needed = reserve + 5300 * MB;
  t.equal(await fits(needed), 'yes');
  t.match(await fits(needed - 1), {
    exitCode: 22,
    message: /has 5569 MB left, and a whole generation may need 269 MB \+ 300 MB \+ 5000 MB/,
    parts: { next: /nothing was begun/ },
  });
});

t.test('a whole one twice what the last whole one did, and a copy of the database', async (t) => {
  const { fits } = stage(t.testdir(), some);
  const needed = reserve + 200 * MB + 300 * MB;
  t.equal(await fits(needed, true), 'yes');
  t.match(await fits(needed - 1, true), { exitCode: 22 });
});

t.test('one of changes twice what the last of changes did, and asks the host nothing', async (t) => {
  const { fits, commands } = stage(t.testdir(), some);
  const needed = reserve + 14 * MB;
  t.equal(await fits(needed), 'yes');
  t.match(await fits(needed - 1), { exitCode: 22, message: /a generation may need 269 MB \+ 14 MB/ });
  t.same(commands, []);
  const { fits: first } = stage(t.testdir(), some.slice(0, 2));
  t.equal(await first(reserve), 'yes');
});
