import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { Secret } from '../../../lib/core/secret.ts';
import type { Host } from '../../../lib/host/port.ts';
import { alive, fails, until } from './support.ts';

/** What the contract needs: a host, a folder on it, and a folder that stands first in the PATH of its commands. */
export interface Subject {
  readonly host: Host;
  readonly dir: string;
  readonly fakes: string;
}

/** The promises of `query`, `run` and `hold` that every adapter keeps. */
export async function contract(t: Test, { host, dir }: Subject): Promise<void> {
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
    const command = { argv: ['sh', '-c', 'echo $$ >"$1"; echo working; sleep 30; true', 'sh', pid], timeout: 1 };
    await fails(t, host.run(command), {
      kind: 'hostUnreachable',
      message: /limit of 1 s: sh -c/,
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
    const held = await host.hold('echo mine');
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
