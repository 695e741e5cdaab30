// Labs side by side. One process at a time raises or lowers a lab of this machine: who has neighbours waits for them, everybody
// else is told. And what takes longest begins first.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import t from 'tap';
import { offeredAs, roleOf } from '../lab/archives.ts';
import { inOrder, labs, seconds } from '../lab/order.ts';

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

t.test('what makes a lab of its own comes first, then the longest, and what takes a lab down at the end', (t) => {
  const names = readdirSync('test/lab').filter((name) => name.endsWith('.test.ts'));
  const files = names.map((name) => `test/lab/${name}`);
  const { queue, last } = inOrder(files);
  t.same([...queue, ...last].sort(), files.sort(), 'none is lost');
  t.same(last, ['test/lab/9-down.test.ts']);
  const known = (file: string) => seconds[path.basename(file, '.test.ts')];
  t.same(
    queue.filter((file) => known(file) === undefined),
    [],
    'how long each takes is known',
  );
  t.same(
    Object.keys(seconds).filter((name) => !names.includes(`${name}.test.ts`)),
    [],
    'and of none that is not there',
  );
  const [own, others] = [
    queue.filter((file) => /lab\/[01]/.test(file)),
    queue.filter((file) => !/lab\/[01]/.test(file)),
  ];
  t.same(queue, [...own, ...others]);
  for (const some of [own, others])
    t.same(
      some.map(known),
      [...some.map(known)].sort((one, other) => other! - one!),
      'the longest first',
    );
  t.same(
    inOrder(['x/2-mail.test.ts', 'x/2-new.test.ts']).queue,
    ['x/2-new.test.ts', 'x/2-mail.test.ts'],
    'unknown: early',
  );
  t.match(readFileSync('.ci/run', 'utf8'), `for lab in ${labs.join(' ')} ""; do`, 'CI takes all labs down');
  t.end();
});

t.test('an image that somebody brings along is offered under the name that a config gives it', async (t) => {
  const offered = (name: string, tag: string) => offeredAs(roleOf(name)!, tag);
  t.equal(offered('docker.io/restic/restic', '0.18.1'), 'restic/restic:0.18.1');
  t.equal(offered('certbot/certbot', 'v5.9.0'), 'certbot/certbot:v5.9.0');
  t.equal(offered('library/nginx', '1.30.4-alpine'), 'nginx:1.30.4-alpine');
  t.equal(offered('gitea/gitea', '1.25.4'), 'gitea/gitea:1.25.4-rootless');
  t.equal(roleOf('restic/rest-server'), undefined);
});
