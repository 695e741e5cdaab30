// Outputs that cannot be written: a full disk, a descriptor that is not open, a reader that has gone.
import { spawn } from 'node:child_process';
import t from 'tap';
import { bundleSample } from './child.ts';

t.setTimeout(120_000);
const sample = await bundleSample(t);

/** Runs the sample in a shell that first does this to the outputs; gives what arrived all the same. */
function shell(redirection: string, ...words: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const script = `exec "$@" ${redirection}`;
  const child = spawn('sh', ['-c', script, 'sh', process.execPath, sample, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    said.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said.err += chunk;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...said })));
}

t.test('a result that cannot be written: the exit code says so, and no stack trace', async (t) => {
  for (const words of [['changes'], ['big'], ['ok', '--json'], ['--help']]) {
    const { code, err } = await shell('>/dev/full', ...words);
    t.equal(code, 1, words.join(' '));
    t.match(err, /Error: the result cannot be written to standard output\n {4}.*ENOSPC/, words.join(' '));
    t.notMatch(err, /^ +at /m);
    t.match(err, /\nNext: the work itself has come to its end/);
  }
  const failed = await shell('>/dev/full', 'known', '--json');
  t.equal(failed.code, 11, 'a failure keeps its own code');
  t.match(failed.err, 'locked by alice', 'and is told where it can be');
});

t.test('progress that cannot be written does not end the work, nor does it hide how it ended', async (t) => {
  t.match(await shell('2>/dev/full', 'ok'), { code: 0, out: /config gitea/ });
  t.match(await shell('2>/dev/full', 'known'), { code: 11, out: '' });
  t.match(await shell('2>/dev/full', 'unknown'), { code: 1, out: '' });
  t.match(await shell('>/dev/full 2>&1', 'ok'), { code: 1, out: '', err: '' });
});

t.test('an output that is closed is one that nobody reads', async (t) => {
  t.match(await shell('>&-', 'ok'), { code: 0, out: '', err: /connected with/ });
  t.match(await shell('2>&-', 'ok'), { code: 0, out: /config gitea/, err: '' });
  t.match(await shell('>&- 2>&- <&-', 'known'), { code: 11, out: '', err: '' });
});
