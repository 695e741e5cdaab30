// An account that has no home directory: a number alone, as in containers, with no HOME set.

import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import t from 'tap';
import { parseConfig } from '../../../lib/config/load.ts';
import { formatProblem } from '../../../lib/config/problem.ts';
import { home } from '../../../lib/core/home.ts';
import { good } from './sample.ts';

const { homedir } = os;
const without = (t: { teardown(undo: () => void): void }) => {
  os.homedir = () => {
    throw new Error('A system error occurred: uv_os_homedir returned ENOENT');
  };
  syncBuiltinESMExports();
  t.teardown(() => {
    os.homedir = homedir;
    syncBuiltinESMExports();
  });
};

t.test('without one, a configuration without ~ is as good as ever, and ~ is refused where it stands', async (t) => {
  const named = good.replace('host:\n', 'host:\n  identityFile: ~/.ssh/id_ed25519\n');
  t.not(named, good);
  t.same(parseConfig(named, 'f.yaml').problems, []);
  without(t);
  t.equal(home(), undefined);
  t.ok(parseConfig(good, '/team/f.yaml').config);
  t.same(parseConfig(named, 'f.yaml').problems.map(formatProblem), [
    'f.yaml:2:17 host.identityFile: is the text "~/.ssh/id_ed25519", and this account has no home directory (HOME is not set), allowed is a whole path',
  ]);
  t.same(parseConfig(named.replace('~/.ssh', '/keys/~'), 'f.yaml').problems, []);
});
