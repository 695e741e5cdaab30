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
import type { FilePut, Host } from '../../../lib/host/port.ts';
import { alive, fails, fakeProgram, until } from './support.ts';

/** What the contract needs: a host, a folder on it, and a folder that stands first in the PATH of its commands. */
export interface Subject {
  readonly host: Host;
  readonly dir: string;
  readonly fakes: string;
}

/** The promises of the port that every adapter keeps. */
export async function contract(t: Test, { host, dir, fakes }: Subject): Promise<void> {
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

  await t.test('output, error and exit code of words', async (t) => {
    const output = await host.query({ argv: ['sh', '-c', 'echo out; echo err >&2; exit 3'] });
    t.strictSame(output, { code: 3, stdout: 'out\n', stderr: 'err\n' });
    t.match(await host.run({ argv: ['no-such-program-at-all'] }), { code: 127, stderr: /no-such-program-at-all/ });
  });

  await t.test('words arrive as they are', async (t) => {
    const words = ['a b', "it's", '$HOME', 'new\nline', '', '*', 'ü', '`id`', '\\', '-n'];
    t.equal((await host.query({ argv: ['printf', '%s|', ...words] })).stdout, `${words.join('|')}|`);
  });

  await t.test('the locale is C', async (t) => {
    t.equal((await host.query({ script: 'echo "$LC_ALL"' })).stdout, 'C\n');
  });

  await t.test('a script: its exit code, and programs in it that read their input', async (t) => {
    t.strictSame(await host.run({ script: '# a comment\ncat\necho after\n(exit 4)' }), {
      code: 4,
      stdout: 'after\n',
      stderr: '',
    });
    t.equal((await host.run({ script: 'set -e\nfalse\necho never' })).code, 1);
    t.equal((await host.run({ script: 'cat <<EOF\nit\'s "here"\nEOF' })).stdout, 'it\'s "here"\n');
  });

  await t.test('exactly one of words and script', async (t) => {
    await fails(t, host.run({}), { name: 'TypeError' });
    await fails(t, host.run({ argv: ['true'], script: 'true' }), { name: 'TypeError' });
  });

  await t.test('an end by a signal', async (t) => {
    t.match(await host.run({ argv: ['sh', '-c', 'kill -KILL $$'] }), { code: 137, signal: 'SIGKILL' });
  });

  await t.test('big output, and too big output', async (t) => {
    const { stdout } = await host.query({ argv: ['head', '-c', '20000000', '/dev/zero'] });
    t.equal(stdout.length, 20_000_000);
    await fails(t, host.query({ argv: ['head', '-c', '40000000', '/dev/zero'] }), {
      kind: 'unexpected',
      message: /32 MiB: head -c/,
    });
  });

  await t.test('lines are whole, whatever is torn', async (t) => {
    const lines: string[] = [];
    const tear = "printf 'a\\303'; sleep 0.05; printf '\\244b\\r\\nsec'; sleep 0.05; printf 'ond\\nlast'";
    const { stdout } = await host.run({ argv: ['sh', '-c', tear], onLine: (line) => lines.push(line) });
    t.strictSame(lines, ['aäb', 'second', 'last']);
    t.equal(stdout, 'aäb\r\nsecond\nlast');
    const both: string[] = [];
    await host.run({ argv: ['sh', '-c', 'echo out; echo err >&2'], onLine: (line) => both.push(line) });
    t.strictSame(both.sort(), ['err', 'out']);
    await fails(
      t,
      host.run({
        argv: ['echo', 'x'],
        onLine: () => {
          throw new Error('of the caller');
        },
      }),
      { message: 'of the caller' },
    );
  });

  await t.test('standard input: none, text, bytes, a secret, unread', async (t) => {
    t.equal((await host.run({ argv: ['cat'] })).stdout, '');
    t.equal((await host.run({ argv: ['cat'], stdin: 'text ä' })).stdout, 'text ä');
    t.equal((await host.run({ argv: ['wc', '-c'], stdin: new Uint8Array(5_000_000) })).stdout.trim(), '5000000');
    t.equal((await host.run({ argv: ['cat'], stdin: new Secret('token', 'hidden-value') })).stdout, 'hidden-value');
    t.equal((await host.run({ argv: ['true'], stdin: new Uint8Array(5_000_000) })).code, 0);
  });

  await t.test('a time limit: named in the message, and the program ends', async (t) => {
    const pid = join(dir, 'pid');
    const command = { argv: ['sh', '-c', 'echo $$ >"$1"; echo working; sleep 30; true', 'sh', pid], timeout: 0.3 };
    await fails(t, host.run(command), {
      kind: 'hostUnreachable',
      message: /limit of 0.3 s: sh -c/,
      parts: { cause: 'working' },
    });
    await until(() => !alive(Number(readFileSync(pid, 'utf8'))));
  });

  await t.test('many commands at once', async (t) => {
    const numbers = Array.from({ length: 20 }, (_, index) => `${index}`);
    const outputs = await Promise.all(numbers.map((number) => host.query({ argv: ['echo', number] })));
    t.strictSame(
      outputs.map((output) => output.stdout.trim()),
      numbers,
    );
  });

  await t.test('put: content, mode and owner of a new and of an old file', async (t) => {
    await host.put(file('new', 'one\n', { mode: '0600' }));
    t.equal(text('new'), 'one\n');
    t.match(statSync(join(dir, 'new')), { uid: own.uid, gid: own.gid });
    t.equal(statSync(join(dir, 'new')).mode & 0o7777, 0o600);
    await host.put(file('new', new Secret('two', 'two'), { mode: '0640' }));
    t.equal(text('new'), 'two');
    t.equal(statSync(join(dir, 'new')).mode & 0o7777, 0o640);
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

  await t.test('hold: the first line, the end after release', async (t) => {
    const log = join(dir, 'held.log');
    const held = await host.hold(
      `echo start >'${log}'\necho "held by me"\necho more\ncat >/dev/null\necho end >>'${log}'`,
    );
    t.equal(held.firstLine, 'held by me');
    let lost = false;
    void held.lost.then(() => {
      lost = true;
    });
    t.equal((await host.query({ argv: ['echo', 'beside'] })).stdout, 'beside\n');
    t.equal(readFileSync(log, 'utf8'), 'start\n');
    await held.release();
    await held.release();
    t.equal(readFileSync(log, 'utf8'), 'start\nend\n');
    t.notOk(lost);
  });

  await t.test('hold: a script that ends by itself is lost, one without a line is a failure', async (t) => {
    const held = await host.hold('echo mine; exit 0');
    t.equal(held.firstLine, 'mine');
    await held.lost;
    await held.release();
    await fails(t, host.hold('echo "cannot lock" >&2; exit 5'), {
      kind: 'changeFailed',
      message: /exit code 5/,
      parts: { cause: 'cannot lock' },
    });
  });
}
