import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import t from 'tap';
import { operator } from '../../../lib/engine/record.ts';

t.test('a user without a name is known by the number', async (t) => {
  const { userInfo } = os;
  t.teardown(() => {
    os.userInfo = userInfo;
    syncBuiltinESMExports();
  });
  t.equal(operator(), `${userInfo().username}@${os.hostname()}`);
  os.userInfo = () => {
    throw new Error('uv_os_get_passwd returned ENOENT (no such file or directory)');
  };
  syncBuiltinESMExports();
  t.equal(operator(), `uid-${process.getuid?.()}@${os.hostname()}`);
});
