// What a machine gets that is to bring the backups back for once, and what must not stay on it.
import t from 'tap';
import { Secret } from '../../../lib/core/secret.ts';
import type { FileSpec } from '../../../lib/core/spec.ts';
import { layout } from '../../../lib/phases/layout.ts';
import { spareLeaves, spareNeeds, spareOf, spareSettings, spareState } from '../../../lib/phases/spare.ts';
import { input } from './input.ts';

const remote = {
  repository: 's3:https://s3.example.com/backups/gitea',
  environment: { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: { secret: 'backup_access_key' } },
};
const base = input();
const { config } = input({ config: { backup: { ...base.config.backup, remote } } });
const given = { backup_access_key: new Secret('backup_access_key', 'key-of-the-place') };

t.test('another machine in the place of the host', async (t) => {
  t.match(spareOf(config, 'root@192.0.2.20').host, { address: '192.0.2.20', user: 'root', port: 22 });
  t.match(spareOf(config, 'spare.example.com:2222').host, {
    address: 'spare.example.com',
    user: config.host.user,
    port: 2222,
  });
  t.match(spareOf(config, 'me@[2001:db8::20]:2200').host, { address: '2001:db8::20', user: 'me', port: 2200 });
  for (const at of ['', 'a b', 'root@', '2001:db8::20', '[spare]', 'spare:99999', 'spare:x'])
    t.throws(() => spareOf(config, at), { name: 'RunbookError', exitCode: 22 }, at);
  t.throws(() => spareOf(base.config, '192.0.2.20'), { exitCode: 22, message: /nothing off the host/ });
});

const own = spareOf(config, 'root@192.0.2.20');
const wanted = (over = {}) => {
  const given_ = input({ config: { backup: { ...base.config.backup, remote } } });
  return spareState({ ...given_, config: own, secrets: { ...given_.secrets, given }, ...over });
};

t.test('nobody is locked out of it, and no disk, swap or update of its own is touched', async (t) => {
  const specs = wanted();
  t.same(
    specs
      .filter(({ kind }) => ['sshd', 'swap', 'volume', 'firewall', 'compose', 'unit'].includes(kind))
      .map(({ id }) => id),
    ['unit:docker.service', 'unit:systemd-timesyncd.service'],
  );
  for (const { phase } of specs) t.ok(spareNeeds.has(phase), phase);
  const ids = specs.map(({ id }) => id);
  t.equal(new Set(ids).size, ids.length, 'each is wanted once');
});

t.test('every secret that it gets is among what it has to leave', async (t) => {
  const leaves = spareLeaves(own);
  const secret = wanted().filter((spec): spec is FileSpec => spec.kind === 'file' && spec.content instanceof Secret);
  t.same(secret.map(({ path }) => path).sort(), [
    '/etc/gitea-runbooks/backup-remote.env',
    '/etc/gitea-runbooks/secrets/backup_key',
    '/srv/gitea-drill/gitea/config/drill.ini',
  ]);
  for (const { path } of secret)
    t.ok(
      leaves.some((gone) => path === gone || path.startsWith(`${gone}/`)),
      path,
    );
  t.match(secret[0]!.content, Secret);
  t.ok(leaves.includes(layout.config), 'nor what leads to them');
  t.equal(spareSettings(config), '/srv/gitea/gitea/config/drill.ini', 'which no host in use has');
});
