// One process at a time raises or lowers a lab of this machine: who has neighbours waits for them, everybody else is told.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import t from 'tap';

const lock = pathToFileURL(path.resolve('test/lab/lock.ts')).href;
const work = `import { locked } from '${lock}';
console.log('asking');
await locked(async () => console.log('at work')).catch((error) => console.log(error.message));`;

/** A process that would like to work under the lock; `lab` is its lab's name. */
function worker(cache: string, lab: string) {
  const args = ['--import', 'tsx', '--input-type=module', '-e', work];
  const child = spawn(process.execPath, args, { env: { ...process.env, XDG_CACHE_HOME: cache, LAB_NAME: lab } });
  let said = '';
  const asking = new Promise<void>((resolve) =>
    child.stdout.on('data', (data: Buffer) => {
      said += data;
      if (said.includes('asking\n')) resolve();
    }),
  );
  const end = new Promise<string>((resolve) => child.on('close', () => resolve(said.trim())));
  return { asking, end };
}

/** A cache whose lock somebody holds. */
function held(t: Pick<typeof import('tap').t, 'testdir' | 'teardown'>) {
  const cache = t.testdir({});
  const holder = spawn('sleep', ['60']);
  t.teardown(() => holder.kill());
  const file = path.join(cache, 'gitea-runbooks/lab/lock');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${holder.pid}\n`);
  return { cache, holder, file };
}

t.test('a lab without a name does not wait', async (t) => {
  const { cache, holder, file } = held(t);
  t.match(await worker(cache, '').end, new RegExp(`^asking\nprocess ${holder.pid} is raising or lowering a lab`));
  t.equal(readFileSync(file, 'utf8'), `${holder.pid}\n`, 'whose lock it is has it still');
});

t.test('a lab that has a name waits for its neighbours, one after the other', async (t) => {
  const { cache, holder, file } = held(t);
  const workers = [worker(cache, 'a'), worker(cache, 'b')];
  await Promise.all(workers.map(({ asking }) => asking));
  await new Promise((resolve) => setTimeout(resolve, 500));
  const ended = new Promise((resolve) => holder.on('close', resolve));
  holder.kill();
  await ended;
  t.same(await Promise.all(workers.map(({ end }) => end)), ['asking\nat work', 'asking\nat work']);
  t.notOk(existsSync(file), 'and leaves nothing behind');
});
