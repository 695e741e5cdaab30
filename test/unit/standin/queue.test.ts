// The queue on disk: what a client was promised survives the process, and a copy made at any moment can be taken up.
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { DiskQueue, undone } from '../../lab/standin/disk-queue.ts';
import { closedBy } from '../../lab/standin/keywords.ts';

const hour = 3_600_000;
const current = (folder: string) => path.join(folder, readFileSync(path.join(folder, 'CURRENT'), 'utf8').trim());

function queueIn(folder: string) {
  const done: string[] = [];
  const queue = new DiskQueue<string>(folder, hour, async (item) => void done.push(item));
  queue.open();
  return { queue, done };
}

t.test('a log gives what was not taken out, and a line that was cut off does not count', async (t) => {
  t.same(undone('+ 1 "a"\n+ 2 "b"\n- 1\n'), [{ id: 2, item: 'b' }]);
  t.same(undone('+ 1 "a"\n+ 2 "b'), [{ id: 1, item: 'a' }]);
  t.same(undone('+ 1 "a"\n- 1'), [{ id: 1, item: 'a' }]);
  t.same(undone(''), []);
});

t.test(
  'what waits is taken up by the next process, in order, from the folder itself and from a copy of it',
  async (t) => {
    const folder = t.testdir({ common: {}, copy: {} });
    const first = queueIn(path.join(folder, 'common'));
    first.queue.push('one');
    first.queue.push('two');
    t.same(first.done, [], 'nothing is done at once');
    cpSync(path.join(folder, 'common'), path.join(folder, 'copy'), { recursive: true });
    const log = current(path.join(folder, 'copy'));
    writeFileSync(log, `${readFileSync(log, 'utf8')}+ 3 "thr`);
    for (const name of ['common', 'copy']) {
      const next = queueIn(path.join(folder, name));
      t.equal(next.queue.size, 2);
      next.queue.push('three');
      t.equal(await next.queue.flush(hour), true);
      t.same(next.done, ['one', 'two', 'three']);
      t.equal(queueIn(path.join(folder, name)).queue.size, 0, 'and not again');
      t.equal(readdirSync(path.join(folder, name)).length, 2, 'old logs go');
    }
  },
);

t.test('without its folder the work is lost', async (t) => {
  const folder = t.testdir({});
  queueIn(path.join(folder, 'a')).queue.push('one');
  t.equal(queueIn(path.join(folder, 'b')).queue.size, 0);
});

t.test('a flush that takes longer than it may says so', async (t) => {
  const folder = t.testdir({});
  const never = new DiskQueue<string>(folder, hour, () => new Promise(() => undefined));
  never.open();
  never.push('one');
  t.equal(await never.flush(1), false);
});

t.test('commit messages close issues by a word before the number', async (t) => {
  t.same(closedBy('fixes #1'), [1]);
  t.same(closedBy('Closes: #12, resolved #3.\n\n(close #4)'), [12, 3, 4]);
  t.same(closedBy('see #1, prefix #2, fixes #x, fixes #5a, fixes #6-1, fixes#7'), []);
});
