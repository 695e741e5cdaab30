import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { LeftoversSpec } from '../../../lib/core/spec.ts';
import { localHost } from '../../../lib/host/local.ts';
import { leftovers } from '../../../lib/kinds/files/leftovers.ts';

const remove = async (directory: string) => {
  const spec: LeftoversSpec = {
    ...{ kind: 'leftovers', id: 'f', phase: 'p', directory },
    ...{ stems: ['app.ini'], keep: ['app.ini.new'] },
  };
  const { stdout } = await localHost().query({ script: leftovers.snippet([spec]) });
  const observed = leftovers.parse(stdout, [spec]).get('f')!;
  const change = leftovers.diff(spec, observed)!;
  await leftovers.apply(spec, change, { host: localHost(), progress: () => {} }, observed);
};

t.test('old files go, and old folders with the files in them', async (t) => {
  const folder = t.testdir({
    'app.ini': 'x',
    'app.ini.old': { 'app.ini': 'x', '.app.ini.next': '' },
    'app.ini.new': { 'app.ini': 'y' },
  });
  await remove(folder);
  for (const gone of ['app.ini', 'app.ini.old']) t.notOk(existsSync(join(folder, gone)), gone);
  t.ok(existsSync(join(folder, 'app.ini.new/app.ini')));
});

t.test('a folder that holds another one stays with what is in that: it is not what was meant', async (t) => {
  const folder = t.testdir({ 'app.ini.old': {} });
  mkdirSync(join(folder, 'app.ini.old/data'));
  writeFileSync(join(folder, 'app.ini.old/data/precious'), '');
  await t.rejects(remove(folder), { name: 'RunbookError', exitCode: 20 });
  t.ok(existsSync(join(folder, 'app.ini.old/data/precious')));
});
