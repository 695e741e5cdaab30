import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { NotAFileError, readRegularFile } from '../../../lib/core/read-regular-file.ts';

const mebibyte = 1024 * 1024;

t.test('a file is read whole, up to a mebibyte and not a byte more', (t) => {
  const root = t.testdir({ small: 'text\n', empty: '' });
  t.equal(readRegularFile(join(root, 'small')).toString(), 'text\n');
  t.equal(readRegularFile(join(root, 'empty')).length, 0);
  writeFileSync(join(root, 'full'), Buffer.alloc(mebibyte, 'x'));
  t.equal(readRegularFile(join(root, 'full')).length, mebibyte);
  writeFileSync(join(root, 'more'), Buffer.alloc(mebibyte + 1));
  t.throws(() => readRegularFile(join(root, 'more')), {
    type: 'large',
    size: mebibyte + 1,
    message: /is 1\.0 MiB large/,
  });
  writeFileSync(join(root, 'much'), Buffer.alloc(2.5 * mebibyte));
  t.throws(() => readRegularFile(join(root, 'much')), { message: 'it is 2.5 MiB large, allowed is at most 1 MiB' });
  symlinkSync('small', join(root, 'link'));
  t.equal(readRegularFile(join(root, 'link')).toString(), 'text\n');
  t.ok(readRegularFile('/proc/self/status').length > 0, 'one whose size the kernel gives as 0');
  t.end();
});

t.test('nothing else is read or waited for', (t) => {
  const root = t.testdir();
  execFileSync('mkfifo', [join(root, 'pipe')]);
  t.throws(() => readRegularFile(root), {
    name: 'NotAFileError',
    type: 'directory',
    size: 0,
    message: 'it is a directory',
  });
  for (const path of [join(root, 'pipe'), '/dev/zero', '/dev/null']) {
    t.throws(() => readRegularFile(path), { type: 'special', message: /not a regular file \(a pipe/ });
  }
  t.throws(() => readRegularFile(join(root, 'none')), { code: 'ENOENT' });
  t.ok(new NotAFileError('large', 5) instanceof Error);
  t.end();
});
