import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { lock } from '../../../lib/engine/lock.ts';
import { localHost } from '../../../lib/host/local.ts';

t.test('one at a time; the second is told who holds it, and gets it afterwards', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'lock-'));
  t.teardown(() => rmSync(directory, { recursive: true, force: true }));
  const first = await lock(localHost(), { who: "o'brien@laptop", what: 'deploy' }, directory);
  const second = lock(localHost(), { who: 'bob@desk', what: 'update' }, directory);
  await t.rejects(second, {
    kind: 'locked',
    exitCode: 11,
    message: /deploy by o'brien@laptop since 20/,
    parts: { next: /./ },
  });
  await first.release();
  const third = await lock(localHost(), { who: 'bob@desk', what: 'update' }, directory);
  await third.release();
});
