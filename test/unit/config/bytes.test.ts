import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { loadConfig, parseConfig } from '../../../lib/config/load.ts';
import { RunbookError } from '../../../lib/core/errors.ts';
import { good, goodWith, problemsOf } from './sample.ts';

const empty =
  'f.yaml:1:1 the file is empty, allowed are at least host, domain, admin and tls - start from the gitea.config.yaml that comes with the project';
const deep = 'is nested more than 16 levels deep, allowed are sections with keys - is this the right file?';
const many = 'the file has far more entries than a configuration can have - is this the right file?';
const laughs = `a: &a [lol, lol]\nb: &b [*a, *a]\nc: &c [*b, *b]\n`;

const hostile: readonly (readonly [name: string, text: string | Uint8Array, first: string])[] = [
  ['empty', '', empty],
  ['only comments', '# nothing\n\n# here\n', empty],
  ['only a document mark', '---\n', empty],
  [
    'NUL',
    'host:\n  a: \0',
    'f.yaml:2:6 the file holds the control character U+0000, allowed is plain text - is this the right file?',
  ],
  [
    'lone carriage return',
    'a: 1\rb: 2',
    'f.yaml:1:5 the file holds the control character U+000D, allowed is plain text - is this the right file?',
  ],
  [
    'a picture',
    Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
    'f.yaml:1:1 the file holds bytes that are not UTF-8, allowed is UTF-8 text - save the file as UTF-8',
  ],
  [
    'Latin-1',
    Buffer.from('a: 1\nb: caf\xe9\n', 'latin1'),
    'f.yaml:2:7 the file holds bytes that are not UTF-8, allowed is UTF-8 text - save the file as UTF-8',
  ],
  [
    'UTF-16',
    Buffer.from(`\ufeff${good}`, 'utf16le'),
    'f.yaml:1:1 the file is UTF-16 text, allowed is UTF-8 - save the file as UTF-8',
  ],
  ['tab as indentation', 'host:\n\taddress: x\n', 'f.yaml:2:1 is not valid YAML: Tabs are not allowed as indentation'],
  [
    'too large',
    ' '.repeat(1024 * 1024 + 1),
    'f.yaml:1:1 the file is 1.0 MiB large, allowed is at most 1 MiB - is this the right file?',
  ],
  [
    'billion laughs',
    laughs,
    'f.yaml:1:4 here stands an anchor (&name), allowed are plain values - write the value out where it is used',
  ],
  ['alias', 'a: *b\n', 'f.yaml:1:4 here stands an alias (*name), allowed are plain values - write the value out'],
  ['tag', 'a: !!js/function "x"\n', 'f.yaml:1:4 here stands a tag (!name), allowed are plain values - remove the tag'],
  [
    'YAML 1.1',
    '%YAML 1.1\n---\na: 1\n',
    'f.yaml:1:1 here stands a directive (%name), allowed are plain values - remove the line',
  ],
  ['second document', `${good}---\na: 1\n`, 'f.yaml:9:1 a second document begins here, allowed is one - remove it'],
  ['text after the end', `${good}...\na: 1\n`, 'f.yaml:10:1 a second document begins here, allowed is one - remove it'],
  ['10,000 brackets', `a: ${'['.repeat(10_000)}`, `f.yaml:1:20 ${deep}`],
  ['a mebibyte of brackets', '['.repeat(1024 * 1024), `f.yaml:1:17 ${deep}`],
  ['a mebibyte of braces', '{'.repeat(1024 * 1024), `f.yaml:1:17 ${deep}`],
  [
    'half a million escapes that are none',
    `a: "${'\\q'.repeat(500_000)}"`,
    'f.yaml:1:4 a text of 1000002 characters begins here, allowed are at most 4096 - is this the right file?',
  ],
  ['nested lists on one line', '- '.repeat(200_000), `f.yaml:1:33 ${deep}`],
  ['nested keys on one line', '? '.repeat(200_000), `f.yaml:1:33 ${deep}`],
  [
    'a staircase',
    Array.from({ length: 1000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
    `f.yaml:202:1 ${deep}`,
  ],
  ['100,000 keys', Array.from({ length: 100_000 }, (_, index) => `k${index}: 1`).join('\n'), `f.yaml:7143:8 ${many}`],
  [
    'merge key',
    goodWith('<<: {a: 1}'),
    `f.yaml:9:1 "<<": is not a known key, allowed are host, aws, domain, admin, images, updates, gitea, mail, proxy, tls, docker, network, secrets, backup, verify`,
  ],
  [
    'prototype',
    goodWith('__proto__: {a: 1}'),
    'f.yaml:9:1 __proto__: is not a known key, allowed are host, aws, domain, admin, images, updates, gitea, mail, proxy, tls, docker, network, secrets, backup, verify',
  ],
  ['a list as a key', goodWith('? [a]\n: 1'), 'f.yaml:9:3 a key is missing before the colon or is not plain text'],
];

for (const [name, text, wanted] of hostile) {
  const found = problemsOf(text);
  t.ok(found.includes(wanted), `${name}: ${wanted}`, { found });
  t.notMatch(found.join('\n'), /"x+"/, `${name}: nothing is said about what was put in its place`);
}

t.test('a key of any length or sort is shown on one short line', async (t) => {
  const long = problemsOf(goodWith(`${'k'.repeat(900)}: 1`))[0]!;
  t.match(long, /^f\.yaml:9:1 "k{57}\.\.\.": is not a known key/);
  const odd = problemsOf(goodWith('"a\\nb\\e[31m": 1'))[0]!;
  t.match(odd, /^f\.yaml:9:1 "a\\nb\\u001b\[31m": is not a known key/);
});

t.test('a password in a URL is not shown', async (t) => {
  const [line = ''] = problemsOf(goodWith('docker: {registryMirror: "ftp://me:hunter2@mirror.corp.test"}'));
  t.notMatch(line, /hunter2/);
});

t.test('files', async (t) => {
  const folder = t.testdir({ 'good.yaml': good, 'bad.yaml': good.replace('domain:', 'domian:') });
  const fails = (path: string, message: RegExp) => {
    try {
      loadConfig(path);
      t.fail(`${path} should be refused`);
    } catch (error) {
      t.type(error, RunbookError);
      t.equal((error as RunbookError).exitCode, 10);
      t.match((error as Error).message, message);
    }
  };
  t.equal(loadConfig(join(folder, 'good.yaml')).config.domain, 'git.corp.test');
  fails(
    join(folder, 'bad.yaml'),
    /bad\.yaml: the configuration has an error\n {4}\S+bad\.yaml:3:1 domian: is not a known key.*\nNext: edit/,
  );
  fails(join(folder, 'none.yaml'), /none\.yaml: there is no such file\nNext: copy/);
  fails(join(folder, 'good.yaml', 'x'), /there is no such file/);
  fails('a\0b', /cannot be read/);
  mkdirSync(join(folder, 'dir.yaml'));
  fails(join(folder, 'dir.yaml'), /is a directory, not a configuration file\nNext: --config/);
  fails('/dev/zero', /is not a regular file/);
  writeFileSync(join(folder, 'big.yaml'), Buffer.alloc(50 * 1024 * 1024));
  fails(join(folder, 'big.yaml'), /is 50\.0 MiB large, allowed is at most 1 MiB/);
  if (process.getuid?.() === 0) return;
  chmodSync(join(folder, 'good.yaml'), 0);
  fails(join(folder, 'good.yaml'), /may not be read by you/);
});

t.test('at most a hundred errors are shown, and the rest counted', async (t) => {
  const folder = t.testdir({
    'many.yaml': goodWith(Array.from({ length: 150 }, (_, index) => `k${index}: 1`).join('\n')),
  });
  t.throws(() => loadConfig(join(folder, 'many.yaml')), { message: /has 150 errors\n[\s\S]*\.\.\. and 50 more\nNext/ });
  t.equal(parseConfig('x: 1', 'f.yaml').config, undefined);
});
