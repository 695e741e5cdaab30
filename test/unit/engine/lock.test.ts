import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { type LockOptions, lock } from '../../../lib/engine/lock.ts';
import { holdersScript } from '../../../lib/engine/lock-script.ts';
import { localHost } from '../../../lib/host/local.ts';
import type { Held, Host } from '../../../lib/host/port.ts';
import { until } from '../host/support.ts';

// The real lock on this machine, with real kernel locks, in a directory of its own.
const scratch = (test: Pick<typeof t, 'teardown'>) => {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'lock-')));
  test.teardown(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
};
const patience = { door: 0, work: 0, waits: 1 };
const take = (directory: string, what: string, more: Partial<LockOptions> = {}, host: Host = localHost()) =>
  lock(host, { who: "o'brien@laptop", what, mode: 'exclusive', directory, patience, ...more });

/** A host whose lock can be taken from it: `kill` ends the process that holds it, as a lost connection does. */
function mortal({ noticed = true } = {}) {
  let held: Held | undefined;
  const host: Host = {
    ...localHost(),
    async hold(script) {
      held = await localHost().hold(script);
      return noticed ? held : { ...held, lost: new Promise(() => {}) };
    },
  };
  // Killed and not released: the file beside the lock stays, as it does when a host's process is killed.
  const kill = async (directory: string) => {
    for (const pid of holdersOf(join(directory, 'lock'))) process.kill(pid, 'SIGKILL');
    await held?.lost;
  };
  return { host, kill };
}

function holdersOf(path: string): number[] {
  const found = execFileSync('sh', ['-c', 'find /proc/[0-9]*/fd -lname "$1" 2>/dev/null; true', 'sh', path]);
  return [
    ...new Set(
      found
        .toString()
        .split('\n')
        .filter(Boolean)
        .map((line) => Number(line.split('/')[2])),
    ),
  ];
}

t.test('one at a time; the second is told who holds it, and gets it afterwards', async (t) => {
  const directory = scratch(t);
  const first = await take(directory, 'deploy');
  await t.rejects(take(directory, 'update', { who: 'bob@desk' }), {
    kind: 'locked',
    exitCode: 11,
    message: /deploy by o'brien@laptop since 20/,
    parts: { next: /./ },
  });
  await first.release();
  await first.release();
  await (await take(directory, 'update')).release();
  t.same(
    readdirSync(directory).filter((name) => name.startsWith('holder')),
    [],
  );
});

t.test('what is asked along is answered when the lock is held', async (t) => {
  const directory = scratch(t);
  const ask = `ls ${directory}; printf 'two\\tü\\n'; exit 3`;
  const held = await take(directory, 'deploy', { ask });
  t.match(held.answer, /^holder\.exclusive\..*\nlock\n(.*\n)*two\tü\n$/);
  await t.rejects(take(directory, 'update', { ask }), { kind: 'locked', message: /deploy by/ });
  await held.release();
  const again = await take(directory, 'update');
  t.equal(again.answer, '', 'nothing was asked');
  await again.release();
});

t.test('nobody else can enter the directory or read the lock', async (t) => {
  const directory = join(scratch(t), 'new');
  const held = await take(directory, 'deploy');
  await held.host.run({ argv: ['true'] });
  t.equal(statSync(directory).mode & 0o777, 0o700);
  for (const name of readdirSync(directory)) t.equal(statSync(join(directory, name)).mode & 0o777, 0o600, name);
  await held.release();
});

t.test('shared runs go beside each other, never beside an exclusive one, and never twice', async (t) => {
  const directory = scratch(t);
  const shared = { mode: 'shared' } as const;
  const backup = await take(directory, 'backup', shared);
  const renewal = await take(directory, 'renew', shared);
  await t.rejects(take(directory, 'deploy'), {
    kind: 'locked',
    message: /backup by .* since 20.* \(shared\); renew by .* since 20/,
  });
  await t.rejects(take(directory, 'backup', shared), { kind: 'locked', message: /backup by/ });
  const { stdout } = await localHost().query({ script: `${holdersScript(directory)}\ntrue` });
  t.equal(stdout.trim().split('\n').length, 2, 'doctor sees both');
  await backup.release();
  await t.rejects(take(directory, 'deploy'), { message: /in use: renew by/ });
  await renewal.release();
  const deploy = await take(directory, 'deploy');
  await t.rejects(take(directory, 'renew', shared), { kind: 'locked', message: /deploy by/ });
  await deploy.release();
});

t.test(
  'who wants the host alone waits for a job of a timer, which is done in a moment, and for nobody else',
  async (t) => {
    const directory = scratch(t);
    const told: string[] = [];
    const patient = { tell: (text: string) => told.push(text), patience: { ...patience, jobs: 200 } };
    const backup = await take(directory, 'backup', { mode: 'shared' });
    const waiting = take(directory, 'deploy', patient);
    await until(() => told.length > 0);
    t.match(told, [/^waiting for backup by .* since 20.* \(shared\)$/]);
    await backup.release();
    const deploy = await waiting;
    t.equal(told.length, 1);
    await t.rejects(take(directory, 'rotate', patient), { kind: 'locked', message: /deploy by/ });
    await deploy.release();
  },
);

for (const mode of ['exclusive', 'shared'] as const) {
  t.test(`what a dead ${mode} run has left at work is waited for`, async (t) => {
    const [directory, { host, kill }] = [scratch(t), mortal()];
    const [begun, go, done] = ['begun', 'go', 'done'].map((name) => join(directory, name)) as [string, string, string];
    const first = await take(directory, 'backup', { mode }, host);
    // A child of a child, which nothing but its descriptor ties to the run.
    const script = `(sh -c 'touch "$1"; until [ -e "$2" ]; do sleep 0.02; done; touch "$3"' long-work "$@"); true`;
    const working = first.host.run({ argv: ['sh', '-c', script, 'sh', begun, go, done] });
    await until(() => existsSync(begun));
    await kill(directory);
    await t.rejects(take(directory, 'deploy'), { kind: 'locked', message: /left something at work: \S/ });
    if (mode === 'exclusive')
      await t.rejects(
        take(directory, 'renew', { mode: 'shared' }),
        { message: /left something at work: \S/ },
        'either way',
      );
    const told: string[] = [];
    const tell = (text: string) => {
      told.push(text);
      writeFileSync(go, '');
    };
    const second = await take(directory, 'deploy', { tell, patience: { door: 0, work: 1, waits: 100 } });
    t.ok(existsSync(done), 'it had ended');
    t.match(told[0], /still finishing: /);
    await working;
    await second.release();
  });
}

t.test('a shared run does not wait for what other shared ones do', async (t) => {
  const directory = scratch(t);
  const backup = await take(directory, 'backup', { mode: 'shared' });
  const [begun, go] = [join(directory, 'begun'), join(directory, 'go')];
  const script = 'touch "$1"; until [ -e "$2" ]; do sleep 0.02; done';
  const working = backup.host.run({ argv: ['sh', '-c', script, 'sh', begun, go] });
  await until(() => existsSync(begun));
  const renewal = await take(directory, 'renew', { mode: 'shared' });
  writeFileSync(go, '');
  await working;
  await renewal.release();
  await backup.release();
});

t.test('once the lock is lost nothing is changed any more', async (t) => {
  const [directory, { host, kill }] = [scratch(t), mortal()];
  const path = join(directory, 'changed');
  const held = await take(directory, 'deploy', {}, host);
  await kill(directory);
  await new Promise((resolve) => setImmediate(resolve));
  const lost = { kind: 'locked', message: /lost the lock/ };
  await t.rejects(held.host.run({ argv: ['touch', path] }), lost);
  await t.rejects(
    held.host.put({ path, content: '', mode: '0600', uid: process.getuid!(), gid: process.getgid!() }),
    lost,
  );
  await t.rejects(held.host.query({ argv: ['true'] }), lost);
  await t.rejects(held.confirm(), lost);
  t.notOk(existsSync(path));
  await held.release();
});

t.test('a run that has not noticed yet is refused by the host, once another one is there', async (t) => {
  for (const mode of ['exclusive', 'shared'] as const) {
    const [directory, { host, kill }] = [scratch(t), mortal({ noticed: false })];
    const path = join(directory, 'changed');
    const held = await take(directory, 'backup', { mode }, host);
    await held.host.run({ argv: ['true'] });
    await kill(directory);
    await until(() => holdersOf(join(directory, 'lock')).length === 0);
    const other = await take(directory, 'deploy');
    const marks = readdirSync(directory).filter((name) => name.startsWith('holder.'));
    t.match(marks, [/^holder\.exclusive\./], 'the mark of the killed one is gone');
    t.equal(marks.length, 1);
    const lost = { kind: 'locked', message: /lost the lock/ };
    await t.rejects(held.host.run({ script: `touch '${path}'` }), lost);
    await t.rejects(held.host.run({ argv: ['touch', path] }), lost);
    const file = { path, content: '', mode: '0600', uid: process.getuid!(), gid: process.getgid!() };
    await t.rejects(held.host.put(file), lost);
    t.notOk(existsSync(path), mode);
    await other.release();
  }
});

t.test('a command goes through as it is: words, script, input, exit code', async (t) => {
  const held = await take(scratch(t), 'deploy');
  t.match(await held.host.run({ argv: ['sh', '-c', 'cat; exit 3'], stdin: 'text' }), { code: 3, stdout: 'text' });
  t.match(await held.host.run({ argv: ['printf', '%s|', 'a b', '$HOME', ''] }), { stdout: 'a b|$HOME||' });
  t.match(await held.host.run({ script: 'echo $((1 + 1))\nexit 76' }), { code: 76, stdout: '2\n' });
  t.match(await held.host.run({ argv: ['no-such-program'] }), { code: 127 });
  await held.release();
});

t.test('given back while a person thinks: others may work, and afterwards it is ours again', async (t) => {
  const directory = scratch(t);
  const held = await take(directory, 'deploy');
  await held.without(async () => {
    await t.rejects(held.host.run({ argv: ['true'] }), { kind: 'locked', message: /lost the lock/ }, 'not without it');
    await (await take(directory, 'update')).release();
  });
  await held.host.run({ argv: ['true'] });
  await t.rejects(take(directory, 'update'), { kind: 'locked', message: /deploy by/ });
  const other = { current: undefined as Awaited<ReturnType<typeof take>> | undefined };
  await t.rejects(
    held.without(async () => {
      other.current = await take(directory, 'update');
    }),
    { kind: 'locked', message: /update by/ },
  );
  await held.release();
  await other.current?.release();
});
