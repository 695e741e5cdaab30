import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';

/** A folder of its own each time: that of tap is made anew whenever it is asked for. */
export function scratch(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'tunnel-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * A folder with an `aws` that writes down its process id and its words, and then is the way to a port; or does what the
 * script says. Put first in the PATH of this process, as an operator has the real one.
 */
export function fakeAws(t: Test, port: number, script = '') {
  const bin = scratch(t);
  const log = join(bin, 'log');
  const pipe = `import net from 'node:net';
const socket = net.connect(${port}, '127.0.0.1');
process.stdin.pipe(socket);
socket.pipe(process.stdout);
socket.on('close', () => process.exit());`;
  writeFileSync(join(bin, 'pipe.mjs'), pipe);
  writeFileSync(
    join(bin, 'aws'),
    `#!/bin/sh
echo "$$ $*" >>'${log}'
${script || `exec '${process.execPath}' '${bin}/pipe.mjs'`}
`,
  );
  chmodSync(join(bin, 'aws'), 0o755);
  const before = process.env.PATH;
  process.env.PATH = `${bin}:${before}`;
  t.teardown(() => {
    process.env.PATH = before;
  });
  const lines = () => (existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : []);
  return {
    words: () => lines().map((line) => line.replace(/^\d+ /, '')),
    pids: () => lines().map((line) => Number(line.split(' ')[0])),
  };
}
