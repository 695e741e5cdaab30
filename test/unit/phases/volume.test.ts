import t from 'tap';
import { system } from '../../../lib/phases/system.ts';
import { mountUnit } from '../../../lib/phases/volume.ts';
import { input } from './input.ts';

const dataDevice = '/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0123456789abcdef0';

t.test('without a device of its own for the data there is nothing about it', async (t) => {
  t.notOk(system.desired(input()).some(({ kind }) => kind === 'volume'));
});

t.test('the data volume comes first, before anything can be written where it goes', async (t) => {
  const [first] = system.desired(input({ config: { host: { dataDevice, dataPath: '/data/my-gitea' } } }));
  if (first?.kind !== 'volume') return t.fail('is not first');
  const [unit, wait] = first.files;
  t.equal(first.unit, 'data-my\\x2dgitea.mount');
  t.equal(unit?.path, '/etc/systemd/system/data-my\\x2dgitea.mount');
  t.match(unit?.content, `What=${dataDevice}\nWhere=/data/my-gitea\n`);
  t.match(unit?.content, /^Options=nofail,/m, 'the host boots without it');
  t.match(wait?.path, /^\/etc\/systemd\/system\/docker\.service\.d\/.*\.conf$/);
  t.match(wait?.content, 'After=data-my\\x2dgitea.mount\nAssertPathIsMountPoint=/data/my-gitea\n');
});

t.test('the name of a mount is what systemd-escape makes of its path', async (t) => {
  for (const [path, unit] of [
    ['/srv/gitea', 'srv-gitea.mount'],
    ['/data/gitea-1', 'data-gitea\\x2d1.mount'],
    ['/x/.hid/_a', 'x-.hid-_a.mount'],
    ['/.a/b--c', '\\x2ea-b\\x2d\\x2dc.mount'],
  ] as const)
    t.equal(mountUnit(path), unit);
});
