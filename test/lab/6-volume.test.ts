// The data on a volume of its own: made once, found again after a boot, and never in doubt. Under another host: 8-aws-host.
import t from 'tap';
import { run, theLab, variant } from './suite.ts';

const NAME = 'volume-1';
const domain = 'git-volume.lab.test';

t.setTimeout(0);
const lab = await theLab();
const disk = 'data-1';
await lab.removeDisk(disk);
const known = lab.hosts.some(({ name }) => name === NAME);
const { address } = known ? await lab.wipeHost(NAME) : await lab.addHost(NAME);
await lab.setName(domain, address);
const device = await lab.addDisk(NAME, disk, 3072);
const secrets = `variant-${NAME}-${Date.now()}.secrets.yaml`;
const values = { 'host.address': address, domain, 'secrets.file': secrets, 'host.dataDevice': device };
const config = await variant(lab, NAME, values);

/** Script in this file's host that must succeed; gives its output without the last line end. */
const on = async (script: string): Promise<string> => {
  const { code, stdout, stderr } = await lab.exec(NAME, script);
  if (code !== 0) throw new Error(`in the host: ${script}\n${stdout}${stderr}`);
  return stdout.trim();
};
const converged = async (t: Tap) =>
  t.match((await run(lab, 'deploy', [], config)).json, { outcome: 'converged', changes: [] }, 'nothing is left to do');
type Tap = Pick<typeof t, 'match'>;

t.test('the first deploy makes the file system before anything else, and the data goes onto it', async (t) => {
  t.match(await findings(), { volume: { status: 'pass', detail: /the device is blank/ } });
  const { code, json, said } = await run(lab, 'deploy', ['--yes'], config);
  t.equal(code, 0, said);
  t.match(json.changes[0], { title: 'data volume /srv/gitea', action: 'create', why: 'the device is blank' });
  t.match(
    await on('findmnt -no FSTYPE,OPTIONS /srv/gitea; ls /srv/gitea; blkid -s LABEL -o value /dev/disk/by-id/data-1'),
    /^ext4 +rw,nosuid,nodev,relatime\n(.*\n)*postgres\n(.*\n)*gitea-data$/,
  );
  t.equal(await on('head -c 512 /dev/disk/by-id/data-1 | tr -d "\\0"'), '', 'the mark of the making is gone');
  await converged(t);
  t.match(await findings(), { volume: { status: 'pass', detail: /^mounted at \/srv\/gitea, 3\.0 GiB$/ } });
});

t.test('a boot mounts it before Docker starts', async (t) => {
  await lab.reboot(NAME);
  t.match(await on('findmnt -no TARGET /srv/gitea'), '/srv/gitea');
  await converged(t);
});

t.test('a boot without the volume: no Docker, no empty Gitea, a way in, and everybody says why', async (t) => {
  await lab.unplugDisk(disk);
  await lab.reboot(NAME);
  t.match(await lab.exec(NAME, 'docker ps'), { code: 1 }, 'Docker does not start, and does not keep one waiting');
  t.equal(
    await on('ls -A /srv/gitea; pgrep -l containerd-shim || true'),
    '',
    'nothing runs, nothing was written in its place',
  );
  const said = {
    code: 22,
    json: { error: { kind: 'refused', what: /data volume \S+data-1 is not attached/, next: /attach it/ } },
  };
  t.match(await run(lab, 'plan', [], config), said);
  t.match(await run(lab, 'deploy', ['--yes'], config), said);
  const status = await run(lab, 'status', [], config);
  t.match(status, { code: 21, json: { healthy: false, pendingTitles: [/data volume \S+ is not attached/] } });
  t.match(await findings(), { volume: { status: 'fail', detail: /is not attached/ } });
  t.equal(await on('ls -A /srv/gitea'), '');

  await lab.plugDisk(disk);
  t.match(await findings(), { volume: { status: 'fail', detail: /is not mounted at \/srv\/gitea, so Docker/ } });
  const back = await run(lab, 'deploy', ['--yes'], config);
  t.equal(back.code, 0, back.said);
  t.match(back.json.changes[0], { title: 'data volume /srv/gitea', why: /^not mounted/ });
  t.notOk(
    back.json.changes.some(({ title }: { title: string }) => /^\/srv\/gitea|placeholder|certificate/.test(title)),
  );
  await converged(t);
});

t.test('a larger device: the file system grows while Gitea runs', async (t) => {
  const before = await on('docker inspect -f "{{.State.StartedAt}}" gitea-gitea-1');
  await lab.growDisk(disk, 4096);
  const { json } = await run(lab, 'plan', [], config);
  t.match(json.changes, [
    {
      title: 'data volume /srv/gitea',
      action: 'update',
      impact: 'none',
      why: 'the device has 4.0 GiB, its file system only 3.0 GiB',
    },
  ]);
  const able = await on('echo $(( 0x$(sed -n "s/^CapEff:[[:space:]]*//p" /proc/1/status) >> 24 & 1 ))');
  const { code, said } = await run(lab, 'deploy', ['--yes'], config);
  if (able === '1') {
    t.equal(code, 0, said);
    await converged(t);
  } else {
    t.comment(
      'the kernel grows an ext4 that is in use only for one with CAP_SYS_RESOURCE, which a host has not here: XFS below stands for it',
    );
    t.match({ code, said }, { code: 20, said: /could not be grown/ }, 'told, and nothing is worse than before');
    await on(
      'docker stop $(docker ps -q) >/dev/null; systemctl stop docker.socket docker.service srv-gitea.mount; e2fsck -fp /dev/disk/by-id/data-1 >/dev/null; resize2fs -f /dev/disk/by-id/data-1',
    );
    const again = await run(lab, 'deploy', ['--yes'], config);
    t.equal(again.code, 0, again.said);
    await converged(t);
    return;
  }
  t.equal(await on('docker inspect -f "{{.State.StartedAt}}" gitea-gitea-1'), before, 'nothing was restarted');
});

/** The findings of the doctor by their id. */
async function findings() {
  const { json } = await run(lab, 'doctor', [], config);
  return Object.fromEntries(json.checks.map((check: { id: string }) => [check.id, check]));
}
