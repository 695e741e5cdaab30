import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { Secret } from '../../../lib/core/secret.ts';
import type { FilePut } from '../../../lib/host/port.ts';
import type { Subject } from './contract.ts';
import { fails, fakeProgram } from './support.ts';

/** The promises of `put` that every adapter keeps. */
export async function contractPut(t: Test, { host, dir, fakes }: Subject): Promise<void> {
  const own = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const file = (name: string, content: FilePut['content'], more: Partial<FilePut> = {}): FilePut => ({
    path: join(dir, name),
    content,
    mode: '0644',
    ...own,
    ...more,
  });
  const text = (name: string) => readFileSync(join(dir, name), 'utf8');
  const temporary = (folder = dir) => readdirSync(folder).filter((name) => name.includes('gitea-runbooks'));

  await t.test('put: content, mode and owner of a new and of an old file', async (t) => {
    await host.put(file('new', 'one\n', { mode: '0600' }));
    t.equal(text('new'), 'one\n');
    t.match(statSync(join(dir, 'new')), { uid: own.uid, gid: own.gid });
    t.equal(statSync(join(dir, 'new')).mode & 0o7777, 0o600);
    await host.put(file('new', new Secret('two', 'two'), { mode: '0640' }));
    t.equal(text('new'), 'two');
    t.equal(statSync(join(dir, 'new')).mode & 0o7777, 0o640);
    const restore = fakeProgram(fakes, 'chown', `echo "$2" >'${dir}/chown.log'`);
    await host.put(file('new', 'three', { uid: 1234, gid: 5678 }));
    restore();
    t.equal(text('chown.log'), '1234:5678\n');
    await host.put(file('empty', ''));
    t.equal(text('empty'), '');
    const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index % 256);
    await host.put(file('binary', bytes));
    t.ok(readFileSync(join(dir, 'binary')).equals(bytes));
  });

  await t.test('put: paths that need quoting', async (t) => {
    mkdirSync(join(dir, 'a \'b" $c\n*'));
    for (const name of ["with space and 'quote'", 'a \'b" $c\n*/-x', 'new\nline\n', '$(id)', '[ab]*?', 'ü']) {
      await host.put(file(name, name));
      t.equal(text(name), name);
    }
    t.strictSame(temporary(), []);
  });

  await t.test('put: a reader sees the old or the new, never a part', async (t) => {
    const [a, b] = ['a'.repeat(300_000), 'b'.repeat(300_000)];
    await host.put(file('atomic', a));
    let writing = true;
    let reads = 0;
    const reader = (async () => {
      while (writing) {
        const now = text('atomic');
        if (now !== a && now !== b) t.fail(`read ${now.length} bytes`);
        reads++;
        await new Promise(setImmediate);
      }
    })();
    for (const content of [b, a, b, a, b]) await host.put(file('atomic', content));
    writing = false;
    await reader;
    t.ok(reads > 5);
    t.equal(text('atomic'), b);
  });

  await t.test('put: a check that says no keeps the old file', async (t) => {
    await host.put(file('checked', 'good\n'));
    const validate = 'grep -q good "$1" || { echo "line 1: not good"; exit 3; }';
    const refused = { kind: 'changeFailed', message: /did not pass its check/, parts: { cause: 'line 1: not good' } };
    await fails(t, host.put(file('checked', 'bad\n', { validate })), refused);
    t.equal(text('checked'), 'good\n');
    await host.put(file('checked', 'good too\n', { validate }));
    t.equal(text('checked'), 'good too\n');
    t.strictSame(temporary(), []);
  });

  await t.test('put: the disk is full', async (t) => {
    await host.put(file('full', 'old'));
    const restore = fakeProgram(
      fakes,
      'cat',
      'head -c 2; echo "cat: write error: No space left on device" >&2; exit 1',
    );
    await fails(t, host.put(file('full', 'new content')), {
      kind: 'changeFailed',
      message: /cannot write .*full/,
      parts: { cause: /No space left on device/ },
    });
    restore();
    const short = fakeProgram(fakes, 'cat', 'head -c 2');
    await fails(t, host.put(file('full', 'new content')), {
      kind: 'changeFailed',
      message: /did not arrive as a whole/,
    });
    short();
    t.equal(text('full'), 'old');
    t.strictSame(temporary(), []);
  });

  await t.test('put: a file that is synced before and a folder that is synced after it takes its place', async (t) => {
    const log = join(dir, 'sync.log');
    const restoreSync = fakeProgram(fakes, 'sync', `echo "sync $2" >>"${log}"; exec /bin/sync "$@"`);
    const restoreMove = fakeProgram(fakes, 'mv', `echo "mv $2 $3 $4" >>"${log}"; exec /bin/mv "$@"`);
    await host.put(file('synced', 'content'));
    restoreSync();
    restoreMove();
    const [first, move, last] = readFileSync(log, 'utf8').trim().split('\n');
    t.match(first, /^sync .*\.synced\.gitea-runbooks\.\w{6}$/);
    t.match(move, /^mv -- .*\.synced\.gitea-runbooks\.\w{6} .*\/synced$/);
    t.equal(last, `sync ${dir}`);
  });

  await t.test('put: what an earlier, cut-off put has left goes', async (t) => {
    writeFileSync(join(dir, '.left.gitea-runbooks.abc123'), 'half');
    writeFileSync(join(dir, '.left.gitea-runbooks.keep'), 'not ours');
    await host.put(file('left', 'whole'));
    t.strictSame(temporary(), ['.left.gitea-runbooks.keep']);
    rmSync(join(dir, '.left.gitea-runbooks.keep'));
  });

  await t.test('put: a directory in the way, a link, no parent folder, a path that is none', async (t) => {
    mkdirSync(join(dir, 'folder'));
    symlinkSync('folder', join(dir, 'link'));
    for (const name of ['folder', 'link'])
      await fails(t, host.put(file(name, 'x')), { kind: 'changeFailed', message: /is a directory/ });
    t.strictSame(readdirSync(join(dir, 'folder')), []);
    await fails(t, host.put(file('missing/file', 'x')), {
      kind: 'changeFailed',
      parts: { cause: /No such file or directory/ },
    });
    t.notOk(existsSync(join(dir, 'missing')));
    await fails(t, host.put({ ...file('x', 'x'), path: 'relative' }), { name: 'TypeError' });
    await fails(t, host.put(file('mode', 'x', { mode: 'nonsense' })), {
      kind: 'changeFailed',
      parts: { cause: /nonsense/ },
    });
    t.strictSame(temporary(), []);
  });
}
