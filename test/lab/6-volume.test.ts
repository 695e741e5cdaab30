// The data on a volume of its own: made once, found again after a boot and under another host, and never in doubt.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import t from 'tap';
import { parse } from 'yaml';
import { quote } from '../../lib/core/quote.ts';
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

t.test('another host with the same volume is the same Gitea', async (t) => {
  const alice = await person('alice');
  const push = await alice.push();
  const before = await identity();
  await lab.wipeHost(NAME);
  t.equal(await on('command -v docker || echo bare'), 'bare');
  const { code, json, said } = await run(lab, 'deploy', ['--yes'], config);
  t.equal(code, 0, said);
  t.match(json.changes[0], { title: 'data volume /srv/gitea', why: /^not mounted\. What its ext4 holds/ });
  const titles: string[] = json.changes.map(({ title }: { title: string }) => title);
  t.same(
    titles.filter((title) => /^\/srv\/gitea|placeholder|certificate for/.test(title)),
    [],
    'nothing that is on the volume was made again',
  );
  t.same(json.delivered, [], 'nobody got a new password');
  t.same(await identity(), before, 'the same database, certificate, users and repositories');
  t.equal(await push.remoteHead(), push.head, 'what was pushed is there, and the token of then still works');
  await converged(t);
  t.match((await run(lab, 'status', [], config)).json, { healthy: true, certificate: { placeholder: false } });
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

/** What tells one instance from another that looks like it. */
async function identity() {
  const ask = (sql: string) => `docker exec gitea-database-1 psql -U postgres -d gitea -tAc ${quote(sql)}`;
  return {
    database: await on(ask('select system_identifier from pg_control_system()')),
    users: await on(ask('select id, name, created_unix from "user" order by id')),
    repositories: await on(ask('select id, name from repository order by id')),
    certificate: await on('sha256sum < /srv/gitea/tls/current/fullchain.pem'),
    secrets: parse(await readFile(`${lab.dir}/${secrets}`, 'utf8')),
  };
}

/** Somebody with a repository. */
async function person(name: string) {
  const gitea = 'docker exec gitea-gitea-1 gitea admin user';
  await on(
    `${gitea} create --username ${name} --email ${name}@lab.test --random-password --must-change-password=false`,
  );
  const scopes = '--scopes write:repository,write:user --raw --token-name t';
  const token = (await on(`${gitea} generate-access-token --username ${name} ${scopes}`)).split('\n').at(-1);
  const api = `curl -fsSk --resolve ${domain}:443:127.0.0.1 -H 'Authorization: token ${token}' https://${domain}/api/v1`;
  await on(`${api}/user/repos -H 'content-type: application/json' -d '{"name":"work"}' >/dev/null`);
  const dir = t.testdir({ 'README.md': 'still here?\n' });
  const remote = `https://${name}:${token}@${domain}/${name}/work.git`;
  const options = [
    `http.curloptResolve=${domain}:443:${address}`,
    `http.sslCAInfo=${lab.caPath}`,
    'user.name=t',
    'user.email=t@lab.test',
  ];
  const git = (...words: string[]) =>
    promisify(execFile)('git', [...options.flatMap((option) => ['-c', option]), ...words], {
      cwd: dir,
      // What the machine's own environment says about trust must not win.
      env: { ...process.env, GIT_SSL_CAINFO: lab.caPath },
    });
  return {
    async push() {
      await git('init', '-q', '-b', 'main');
      await git('add', '.');
      await git('commit', '-qm', 'one');
      await git('push', '-qf', remote, 'main');
      const head = (await git('rev-parse', 'HEAD')).stdout.trim();
      return { head, remoteHead: async () => (await git('ls-remote', remote, 'main')).stdout.split('\t')[0] };
    },
  };
}
