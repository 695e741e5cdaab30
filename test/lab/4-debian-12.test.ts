// The oldest Debian that is supported: its own Docker Engine, and Compose from elsewhere. As an operator who is not root, on
// the first boot of a cloud image: cloud-init is at work, another program holds the locks of the package manager, and sshd is
// started by its socket, as Ubuntu has it.
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import t from 'tap';
import { loginOf, loginValue } from '../../lib/core/database-login.ts';
import { Secret } from '../../lib/core/secret.ts';
import { fileStore } from '../../lib/secrets/file-store.ts';
import { madeIn } from '../unit/secrets/made.ts';
import { refusedByDatabase } from './sign-ins.ts';
import { giteaRole, run, theLab, variant } from './suite.ts';
import { NEVER, scheduled } from './timers.ts';

const NAME = 'bookworm-1';
const domain = 'git12.lab.test';

t.setTimeout(0);
const lab = await theLab();
const known = lab.hosts.some(({ name }) => name === NAME);
const { address } = known ? await lab.wipeHost(NAME) : await lab.addHost(NAME, { suite: 'bookworm' });
await lab.setName(domain, address);
// Secrets of its own: those of another host would be taken for the ones that its data was encrypted with.
const secrets = `variant-${NAME}-${Date.now()}.secrets.yaml`;
const values = { 'host.address': address, domain, 'secrets.file': secrets };
const store = fileStore(path.join(lab.dir, secrets));
// As they are after a rotation: the login is not the one that a new installation begins with.
await madeIn(store);
await store.save({ postgres_password: loginValue('gitea_b', randomBytes(24).toString('hex')) });
const ops = await variant(lab, NAME, { ...values, 'host.user': 'ops' });

const on = async (script: string) => (await lab.exec(NAME, script)).stdout;

/** Holds both locks until the deploy is about to install something, and then for a while, the one longer than the other. */
const holder = `use Fcntl;
sub hold { open(my $f, '>>', $_[0]) or die; my $all = pack('s s x4 q q i x4', F_WRLCK, 0, 0, 0, 0); fcntl($f, F_SETLK, $all) or die; $f }
my $dpkg = hold('/var/lib/dpkg/lock-frontend');
my $lists = hold('/var/lib/apt/lists/lock');
sleep 1 until -e '/etc/docker/daemon.json';
sleep 8; close $dpkg; sleep 8;`;

/** What a cloud image is busy with when it first answers. The fake cloud-init ends once somebody waits for it. */
async function firstBoot() {
  const cloudInit = `#!/bin/sh
[ "$1 $2" = 'status --wait' ] || exit 2
sleep 2
if [ -e /etc/docker ]; then echo changed; else echo bare; fi > /run/lab-at-the-end
echo {} > /run/cloud-init/result.json
echo 'status: done'`;
  const put = (path: string, text: string) => `echo ${Buffer.from(text).toString('base64')} | base64 -d > ${path}`;
  const { code, stderr } = await lab.exec(
    NAME,
    `set -e
mkdir -p /run/cloud-init && : > /run/cloud-init/enabled
${put('/usr/local/bin/cloud-init', cloudInit)}; chmod 755 /usr/local/bin/cloud-init
${put('/run/lab-holder.pl', holder)}; systemd-run -q --unit=lab-holder perl /run/lab-holder.pl
systemctl -q disable ssh.service; systemctl stop ssh.service; systemctl -q enable --now ssh.socket`,
  );
  if (code !== 0) throw new Error(stderr);
}

t.test('it is a bare Debian 12', async (t) => {
  t.match((await lab.exec(NAME, '. /etc/os-release; echo "$VERSION_ID"; command -v docker')).stdout, /^12\n$/);
  const { code, json } = await run(lab, 'doctor', [], ops);
  t.equal(code, 0, JSON.stringify(json.checks?.filter((check: { status: string }) => check.status === 'fail')));
  const timers = await scheduled(on);
  t.ok(timers.has('apt-daily.timer'));
  for (const [name, { next }] of timers) t.equal(next, NEVER, `${name} is not by the clock`);
});

t.test('a user with sudo deploys it on its first boot, with everything that a developer does', async (t) => {
  await firstBoot();
  t.match(
    (await run(lab, 'doctor', [], ops)).json.checks.find(({ id }: { id: string }) => id === 'first-boot'),
    { status: 'warn' },
  );
  const { code, json, said, stderr } = await run(lab, 'deploy', ['--yes', '--verify', '--verbose'], ops);
  t.equal(code, 0, said);
  t.match(stderr, /waiting for cloud-init/);
  t.equal((await on('cat /run/lab-at-the-end')).trim(), 'bare', 'nothing was changed before its end');
  t.match(stderr, /perl \(process \d+\) holds \/var\/lib\/dpkg\/lock-frontend/);
  t.match(stderr, /perl \(process \d+\) holds \/var\/lib\/apt\/lists\/lock/);
  t.equal(await on('systemctl is-active ssh.socket ssh.service'), 'active\nactive\n', 'systemd goes on listening');
  t.match(await on('sshd -T'), /^passwordauthentication no$/m);
  t.same(
    json.checks.filter(({ status }: { status: string }) => status !== 'pass'),
    [],
  );
  t.match((await run(lab, 'deploy', [], ops)).json, { outcome: 'converged', changes: [] });
});

t.test('root finds the same host; the second plan is empty', async (t) => {
  const root = await variant(lab, `${NAME}-root`, values);
  t.equal((await run(lab, 'plan', ['--exit-code'], root)).code, 0);
  const { code, json } = await run(lab, 'status', [], root);
  t.equal(code, 0);
  t.match(json, { healthy: true, pending: 0, certificate: { placeholder: false } });
});

t.test('a new host has the login that the secret names, and the next rotation takes the other one', async (t) => {
  const root = await variant(lab, `${NAME}-root`, values);
  const inForce = async (role: string) => {
    const { postgres_password: login, gitea_metrics_token: token } = await store.load();
    t.equal(loginOf(new Secret('x', login!)).role, role);
    t.equal(await giteaRole(lab, NAME), role, 'Gitea logs in as the role of the value');
    const ask = "curl -s -o /dev/null -w '%{http_code}' -H @- http://172.31.250.3:3000/metrics";
    t.equal((await lab.exec(NAME, ask, { input: `Authorization: Bearer ${token}\n` })).stdout, '200');
    const able = `select rolname from pg_authid where rolname like 'gitea%' and rolcanlogin and rolpassword is not null order by rolname`;
    const psql = `docker exec gitea-database-1 psql -U postgres -d gitea -XtAc "${able}"`;
    t.equal(await on(psql), `${role}\ngitea_backup\n`, 'and nobody else has a way in but to the log');
    t.equal((await run(lab, 'plan', ['--exit-code'], root)).code, 0);
  };
  await inForce('gitea_b');
  const { code, said } = await run(lab, 'rotate-secrets', ['--yes'], root);
  t.equal(code, 0, said);
  await inForce('gitea_a');
  t.same(await refusedByDatabase(lab, '0', NAME), []);
});
