import { spawnSync } from 'node:child_process';
import t from 'tap';
import { Secret } from '../../../lib/core/secret.ts';
import { bytesOf, describeCommand, lastLines, wrapScript } from '../../../lib/host/execute.ts';

t.test('a script that is cut off anywhere runs nothing', async (t) => {
  const script = 'echo one\nif true; then\n  echo two\nfi\ncat <<EOF\nthree\nEOF';
  const whole = wrapScript(script);
  const printed = (input: string) => spawnSync('sh', ['-s'], { input, encoding: 'utf8' }).stdout;
  t.equal(printed(whole), 'one\ntwo\nthree\n');
  const body = whole.indexOf('; exit');
  for (let length = 0; length < body; length += 3) t.equal(printed(whole.slice(0, length)), '', `cut at ${length}`);
});

t.test('a script whose first line is a comment', async (t) => {
  const run = spawnSync('sh', ['-s'], { input: wrapScript('#!/bin/sh\necho here # note'), encoding: 'utf8' });
  t.match(run, { status: 0, stdout: 'here\n', stderr: '' });
});

t.test('commands in messages are one short line', async (t) => {
  t.equal(describeCommand({ argv: ['docker', 'ps', '--format', '{{json .}}'] }), "docker ps --format '{{json .}}'");
  t.equal(describeCommand({ script: '\n# comment\nset -eu\n  apt-get   update\nx' }), 'apt-get update');
  t.equal(describeCommand({ script: '# nothing' }), 'sh');
  t.equal(describeCommand({ argv: ['echo', 'x'.repeat(200)] }).length, 70);
  t.notMatch(describeCommand({ argv: ['sh', '-c', 'a\nb'] }), '\n');
});

t.test('small things', async (t) => {
  t.equal(lastLines('a\nb\nc\n\n', 2), 'b\nc');
  t.equal(Buffer.from(bytesOf(new Secret('x', 'ä'))).toString(), 'ä');
});
