// Options turned off and on again, and what an older version has left: what nobody wants goes, and nothing else does.
import t from 'tap';
import { loadConfig } from '../../lib/config/load.ts';
import { deploy } from '../../lib/jobs/deploy/index.ts';
import { inside, library, run, theLab, variant } from './suite.ts';
import { NEVER, scheduled } from './timers.ts';

t.setTimeout(0);
const lab = await theLab();

async function bring(config = lab.configPath): Promise<readonly string[]> {
  const { config: loaded, host } = await library(config);
  const { changes } = await deploy(loaded, host, { checks: 'none' }).finally(() => host.close());
  return changes.map(({ action, title }) => `${action} ${title}`);
}

/**
 * Every file outside of data, folders and links too; and all units and networks of ours. Of what does not run the files count:
 * systemd remembers for a while what an earlier test file has had on this host.
 */
const everything = async () =>
  (
    await inside(
      lab,
      `find /etc /opt/gitea-runbooks /var/lib/gitea-runbooks /srv/gitea -xdev ! -path '/srv/gitea/postgres/*' ! -path '/srv/gitea/gitea/data/*' ! -path '/srv/gitea/gitea/tmp/*' ! -path '*/tls/*' -printf '%y %m %U %p %l\\n' | sort
systemctl list-unit-files --no-legend 'gitea*'; systemctl list-units --plain --no-legend 'gitea*' | awk '{print $1, $2, $3}'
docker network ls --format '{{.Name}}' | sort`,
    )
  ).split('\n');
const settled = async (config?: string) => (await run(lab, 'plan', ['--exit-code'], config)).code;
const marks = async () => (await inside(lab, 'cut -f1,2 /var/lib/gitea-runbooks/marks | sort -u')).split('\n');

await bring();

t.test('security updates are switched on, and on a lab host their time does not come by itself', async (t) => {
  const timers = await scheduled((script) => inside(lab, script));
  const apt = ['apt-daily.timer', 'apt-daily-upgrade.timer'];
  for (const name of apt) t.match(timers.get(name), { state: 'enabled', active: 'active' }, name);
  t.match(timers.get('logrotate.timer'), { state: 'enabled' }, 'those of packages that a deploy has installed, too');
  // What happens at their hours: an empty /etc/apt/sources.list where there is none, apt's locks held, logs rotated.
  for (const [name, { next }] of timers) t.equal(next, NEVER, `${name}: ${next}`);
  const settings = await inside(lab, 'apt-config dump');
  t.match(settings, /^APT::Periodic::Unattended-Upgrade "1";$/m);
  t.match(settings, /^Unattended-Upgrade::Origins-Pattern:: ".*-security.*";$/m);
  t.match(settings, /^Unattended-Upgrade::Automatic-Reboot "false";$/m);
});

t.test('hardening, updates and firewall turned off and on again', async (t) => {
  const before = { files: await everything(), marks: await marks() };
  const config = await variant(lab, 'plain', {
    'host.hardenSsh': false,
    'host.unattendedUpgrades': false,
    'network.firewall': false,
    'proxy.loginRequestsPerMinute': 20,
    'docker.logMaxFiles': 4,
  });
  const seen = await run(lab, 'plan', [], config);
  const removed = seen.json.changes.filter(({ action }: { action: string }) => action === 'remove');
  t.match(removed, [
    { title: '/etc/apt/apt.conf.d/60gitea-runbooks', impact: 'none', diff: /^-Unattended-Upgrade/m },
    { title: 'sshd settings /etc/ssh/sshd_config.d/10-gitea-runbooks.conf', diff: /^-PasswordAuthentication no/m },
  ]);
  t.equal(removed.length, 2);
  t.ok((await bring(config)).some((line) => line === 'update firewall'));
  t.equal(await settled(config), 0);
  t.match(await inside(lab, 'sshd -T'), /^maxauthtries 6$/m, 'sshd goes by what it went by before');
  await inside(
    lab,
    '! ls /etc/ssh/sshd_config.d/10-gitea-runbooks.conf /etc/apt/apt.conf.d/60gitea-runbooks /etc/gitea-runbooks/firewall.nft 2>/dev/null',
  );
  t.equal(
    (await inside(lab, 'ls /var/lib/gitea-runbooks')).includes('unconfirmed'),
    before.files.some((line) => line.includes('unconfirmed')),
  );
  await bring();
  t.equal(await settled(), 0);
  t.strictSame(await everything(), before.files, 'as it was, and nothing more');
  t.strictSame(await marks(), before.marks);
});

t.test(
  'what an older version has left goes: units stopped first, files, folders, network, image, versions',
  async (t) => {
    const before = await everything();
    await inside(
      lab,
      `cd /etc/systemd/system
printf '[Service]\\nExecStart=/bin/sleep 1000\\n[Install]\\nWantedBy=multi-user.target\\n' > gitea-old.service
printf '[Timer]\\nOnCalendar=daily\\nPersistent=true\\n[Install]\\nWantedBy=timers.target\\n' > gitea-old.timer
mkdir docker.service.d.old ssh.service.d; printf '[Service]\\nNice=0\\n' > ssh.service.d/old.conf
systemctl daemon-reload; systemctl enable -q --now gitea-old.service gitea-old.timer
mkdir -p /etc/gitea-old /srv/gitea/old-data; echo ours > /etc/gitea-old/ours; echo precious > /srv/gitea/old-data/precious
echo 'by hand' > /etc/gitea-old.conf
docker network create gitea_old >/dev/null
image=$(docker inspect -f '{{.Config.Image}}' gitea-gitea-1); docker tag "$image" old.example.com/exporter:1
file() { printf 'file\\t%s\\t%s\\t-\\n' "$1" "$(sha256sum < "$1" | cut -d' ' -f1)"; }
{ file "$PWD/gitea-old.service"; file "$PWD/gitea-old.timer"; file "$PWD/ssh.service.d/old.conf"; file /etc/gitea-old/ours
printf 'file\\t/etc/gitea-old.conf\\tanother\\t-\\n'
for each in "$PWD/docker.service.d.old" "$PWD/ssh.service.d" /etc/gitea-old /srv/gitea/old-data; do printf 'directory\\t%s\\t-\\t-\\n' "$each"; done
printf 'network\\tgitea_old\\t-\\t-\\nimage\\told.example.com/exporter:1\\t-\\t-\\n'; } >> /var/lib/gitea-runbooks/marks
cd /opt/gitea-runbooks
for each in 1 2; do mkdir releases/old$each; touch -d 2020-01-0$each releases/old$each/gitea-runbooks.mjs; done
for each in node/1.0.0 node/2.0.0; do mkdir $each; touch $each/.integrity; done; touch -d 2020-01-01 node/1.0.0/.integrity`,
    );
    const changes = await bring();
    t.strictSame(changes.slice(0, 4), [
      'remove old versions in /opt/gitea-runbooks/releases',
      'remove old versions in /opt/gitea-runbooks/node',
      'remove /etc/systemd/system/gitea-old.timer',
      'remove /etc/systemd/system/gitea-old.service',
    ]);
    t.equal(changes.length, 13, changes.join('; '));
    t.equal(await settled(), 0);
    const kept = '/var/lib/gitea-runbooks/kept/etc/gitea-old.conf';
    t.equal((await inside(lab, `cat ${kept} /srv/gitea/old-data/precious`)).trim(), 'by hand\nprecious', 'never lost');
    const left = (await inside(lab, 'ls /opt/gitea-runbooks/releases /opt/gitea-runbooks/node')).split('\n');
    t.ok(left.includes('2.0.0') && !left.includes('1.0.0') && !left.includes('old1'));
    t.equal(await inside(lab, 'docker image ls -q old.example.com/exporter'), '');
    t.equal(
      (
        await inside(
          lab,
          'systemctl list-units --all --plain --no-legend gitea-old*; pgrep -fx "/bin/sleep 1000" || true',
        )
      ).trim(),
      '',
    );
    await inside(
      lab,
      `rm -r /var/lib/gitea-runbooks/kept /srv/gitea/old-data /opt/gitea-runbooks/releases/old2 /opt/gitea-runbooks/node/2.0.0`,
    );
    t.strictSame(await everything(), before);
  },
);

t.test(
  'a host that was deployed before there were marks: what is ours is marked, what it left by our header goes',
  async (t) => {
    const before = { files: await everything(), marks: await marks() };
    await inside(
      lab,
      `rm /var/lib/gitea-runbooks/marks
echo '// Managed by gitea-runbooks: changes made here are overwritten by the next deploy.' > /etc/apt/apt.conf.d/61gitea-runbooks
echo '# of others' > /etc/gitea-foreign`,
    );
    t.strictSame(await bring(), ['update marks of what is ours', 'remove /etc/apt/apt.conf.d/61gitea-runbooks']);
    t.equal(await settled(), 0);
    await inside(lab, 'rm /etc/gitea-foreign; rm -r /var/lib/gitea-runbooks/kept');
    t.strictSame(await everything(), before.files);
    // Of images that an earlier test file has used on this host nobody knows any more whose they are.
    const wanted = Object.values(loadConfig(lab.configPath).config.images).map((ref) => `image\t${ref}`);
    const unknown = (line: string) =>
      /^(directory|swap)\t/.test(line) || (line.startsWith('image\t') && !wanted.includes(line));
    t.strictSame(
      await marks(),
      before.marks.filter((line) => !unknown(line)),
      'all but folders, which may be of others',
    );
  },
);
