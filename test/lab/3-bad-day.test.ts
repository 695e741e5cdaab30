// Bad days. Each has its exit code, a message that names the next step, and what ran before goes on serving.
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import t from 'tap';
import { parse, stringify } from 'yaml';
import { RunbookError } from '../../lib/core/errors.ts';
import type { RunEvent } from '../../lib/core/event.ts';
import { lock } from '../../lib/engine/lock.ts';
import { newKeyPair } from '../../lib/host/new-key.ts';
import type { Held, Host, Reconnectable } from '../../lib/host/port.ts';
import { deploy } from '../../lib/jobs/deploy/index.ts';
import { spawnRunbook } from './rehearse.ts';
import { bring, convergedLab, giteaRole, HOST, inside, library, type RunResult, run, variant } from './suite.ts';

t.setTimeout(0);
const lab = await convergedLab();

const failed = (
  t: Tap,
  { code, json, said }: RunResult,
  wanted: { code: number; what?: RegExp; cause?: RegExp; where?: RegExp; next: RegExp },
) => {
  const { code: exit, ...error } = wanted;
  t.equal(code, exit, said);
  t.match(json.error, error);
};
const serves = async (t: Tap) => t.equal((await lab.exec(HOST, health)).code, 0, 'Gitea goes on serving');
const health = `curl -fsSk --max-time 5 --resolve ${lab.domain}:443:127.0.0.1 https://${lab.domain}/api/healthz | grep -q database:ping`;
/** Clones and pushes after all of this are the business of the last test. */
const recovers = (t: Tap) => t.resolves(bring(lab.configPath), 'the next deploy puts it right');
type Tap = Pick<typeof t, 'equal' | 'match' | 'rejects' | 'resolves'>;

t.test('the wrong SSH key', async (t) => {
  const file = path.join(lab.dir, 'variant-wrong-key');
  await writeFile(file, newKeyPair().private, { mode: 0o600 });
  failed(t, await run(lab, 'status', [], await variant(lab, 'key', { 'host.identityFile': file })), {
    code: 14,
    next: /authorized_keys/,
  });
});

t.test('a host key that is not known, and one that has changed', async (t) => {
  const empty = path.join(lab.dir, 'variant-known-hosts');
  await writeFile(empty, '');
  const config = await variant(lab, 'unknown', { 'host.knownHosts': empty });
  const unknown = await run(lab, 'plan', [], config);
  failed(t, unknown, { code: 13, what: /SHA256:/, next: /--trust-host-key SHA256:/ });
  const fingerprint = /--trust-host-key (SHA256:\S+)/.exec(unknown.json.error.next)![1]!;
  t.equal(
    (await run(lab, 'doctor', ['--trust-host-key', 'SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'], config)).code,
    13,
  );
  t.equal((await run(lab, 'doctor', ['--trust-host-key', fingerprint], config)).code, 0);
  t.equal((await run(lab, 'status', [], config)).code, 0);
  const other = newKeyPair().public;
  await writeFile(empty, `${lab.hosts[0]!.address} ${other}\n`);
  failed(t, await run(lab, 'deploy', ['--yes'], config), { code: 13, what: /changed/i, next: /./ });
});

t.test('a host that does not answer', async (t) => {
  failed(t, await run(lab, 'status', [], await variant(lab, 'port', { 'host.port': 2299 })), { code: 12, next: /./ });
});

t.test('an image that does not exist: nothing is touched', async (t) => {
  const config = await variant(lab, 'image', { 'images.nginx': 'nginx:1.30.99' });
  failed(t, await run(lab, 'deploy', ['--yes'], config), { code: 20, what: /nginx:1.30.99/, next: /images/ });
  await serves(t);
  await recovers(t);
});

t.test('the registry is down: nothing is touched', async (t) => {
  await lab.stop('registry');
  try {
    await inside(lab, 'docker tag nginx:$(docker images nginx --format "{{.Tag}}" | head -n1) keep:1');
    const config = await variant(lab, 'registry', { 'images.nginx': 'nginx:1.30.98' });
    failed(t, await run(lab, 'deploy', ['--yes'], config), { code: 20, what: /could not be pulled/, next: /registry/ });
    const doctor = await run(lab, 'doctor');
    t.equal(doctor.code, 21);
    t.match(
      doctor.json.checks.find(({ id }: { id: string }) => id === 'registry'),
      { status: 'fail', next: /curl/ },
    );
  } finally {
    await lab.start('registry');
  }
  await serves(t);
  await recovers(t);
});

t.test('Gitea never becomes healthy: its own log is shown, the old one serves again', async (t) => {
  const ref = 'gitea/gitea:1.27.9-rootless';
  await inside(
    lab,
    `docker build -q -t ${ref} - <<'END'
FROM ${(parse(await readFile(lab.configPath, 'utf8')) as { images: { gitea: string } }).images.gitea}
ENTRYPOINT ["/bin/sh", "-c", "echo this build cannot start; sleep 3; exit 1"]
END`,
  );
  const config = await variant(lab, 'unhealthy', { 'images.gitea': ref, 'gitea.startTimeout': 30 });
  failed(t, await run(lab, 'deploy', ['--yes'], config), {
    code: 20,
    what: /serve/,
    cause: /this build cannot start/,
    next: /./,
  });
  await serves(t);
  await recovers(t);
});

t.test('the ACME server is down: the old certificate stays, the run and the host say so', async (t) => {
  await lab.stop('acme');
  try {
    const renew = await lab.exec(HOST, 'systemctl start gitea-runbooks-renew.service');
    t.not(renew.code, 0, 'the unit fails, so that monitoring sees it');
    await serves(t);
    await inside(lab, 'mv /srv/gitea/letsencrypt /srv/gitea/letsencrypt.away; mv /srv/gitea/tls /srv/gitea/tls.away');
    const { code, json, said } = await run(lab, 'deploy', ['--yes']);
    t.equal(code, 20, said);
    t.match(json.error, { what: /placeholder/, next: /ACME|port 80/ });
    t.match((await run(lab, 'status')).json, { healthy: false, certificate: { placeholder: true } });
    await serves(t);
  } finally {
    await lab.start('acme');
    await inside(
      lab,
      'rm -rf /srv/gitea/letsencrypt /srv/gitea/tls; mv /srv/gitea/letsencrypt.away /srv/gitea/letsencrypt; mv /srv/gitea/tls.away /srv/gitea/tls; docker restart gitea-proxy-1',
    );
  }
  await recovers(t);
  t.equal((await lab.exec(HOST, 'systemctl start gitea-runbooks-renew.service')).code, 0);
});

t.test('another SECRET_KEY or database password than the one in use is refused', async (t) => {
  const file = path.join(lab.dir, 'gitea.secrets.yaml');
  const good = path.join(lab.dir, 'variant-good-secrets');
  await copyFile(file, good);
  const secrets = parse(await readFile(file, 'utf8'));
  for (const name of ['gitea_secret_key', 'postgres_password']) {
    await writeFile(file, stringify({ ...secrets, [name]: 'x'.repeat(64) }), { mode: 0o600 });
    failed(t, await run(lab, 'deploy', ['--yes']), { code: 22, what: /destroy data/, next: /secrets/ });
  }
  await copyFile(good, file);
  await recovers(t);
});

t.test('the database knows another password: it is told the one that is kept', async (t) => {
  const role = await giteaRole(lab);
  const other = `docker exec gitea-database-1 psql -U postgres -d gitea -c "alter role ${role} password 'other'"`;
  await inside(lab, other);
  t.match((await run(lab, 'plan')).json.changes, [{ title: `database login ${role}`, why: /another password/ }]);
  await recovers(t);
  // A database that is down cannot be asked: it is started first.
  await inside(lab, `${other}; docker stop gitea-gitea-1 gitea-database-1`);
  const config = await variant(lab, 'password', { 'gitea.startTimeout': 30 });
  const down = await run(lab, 'deploy', ['--yes'], config);
  t.equal(down.code, 0, down.said);
  await recovers(t);
});

t.test('port 80 is taken', async (t) => {
  await inside(
    lab,
    "docker rm -f gitea-proxy-1; systemd-run --quiet --unit=squatter python3 -m http.server 80 || systemd-run --quiet --unit=squatter perl -MIO::Socket::INET -e '$s=IO::Socket::INET->new(LocalPort=>80,Listen=>5,ReuseAddr=>1) or die; sleep 600'; sleep 1",
  );
  t.match(
    (await run(lab, 'doctor')).json.checks.find(({ id }: { id: string }) => id === 'port:80'),
    { status: 'fail', detail: /pid/, next: /ss -ltnp/ },
  );
  failed(t, await run(lab, 'deploy', ['--yes']), { code: 20, next: /port/ });
  await inside(lab, 'systemctl stop squatter');
  await recovers(t);
});

t.test('the disk is full while a file is written: the old file stays', async (t) => {
  await inside(
    lab,
    `cp -a /srv/gitea/nginx /root/nginx.copy && mount -t tmpfs -o size=64k,mode=755 tmpfs /srv/gitea/nginx && cp -a /root/nginx.copy/. /srv/gitea/nginx/ && { dd if=/dev/zero of=/srv/gitea/nginx/filler bs=1k 2>/dev/null; true; }`,
  );
  const before = await inside(lab, 'sha256sum /srv/gitea/nginx/nginx.conf');
  const config = await variant(lab, 'full', { 'proxy.maxUploadSize': '299m' });
  failed(t, await run(lab, 'deploy', ['--yes'], config), { code: 20, cause: /No space left on device/, next: /./ });
  t.equal(await inside(lab, 'sha256sum /srv/gitea/nginx/nginx.conf'), before);
  await inside(lab, 'umount /srv/gitea/nginx; rm -rf /root/nginx.copy');
  await serves(t);
  await recovers(t);
});

t.test('the operator is killed in the middle; the next one goes on at once', async (t) => {
  const there = await variant(lab, 'killed', { 'gitea.title': 'Killed', 'proxy.maxUploadSize': '277m' });
  // There and back: both ways write the file and make the container anew.
  for (const [at, config] of [
    ['/srv/gitea/nginx/nginx.conf', there],
    ['container', lab.configPath],
  ] as const) {
    const child = spawnRunbook('deploy', ['--config', config, '--json', '--yes']);
    let seen = '';
    await new Promise<void>((resolve) => {
      child.on('close', () => resolve());
      child.stderr!.on('data', (data: Buffer) => {
        seen += data;
        if (seen.includes('"change.start"') && seen.slice(seen.lastIndexOf('"change.start"')).includes(at))
          child.kill('SIGKILL');
      });
    });
    t.ok(child.killed, `killed at ${at}`);
    const { code, said } = await run(lab, 'deploy', ['--yes'], config);
    t.equal(code, 0, said);
    t.equal((await run(lab, 'plan', ['--exit-code'], config)).code, 0);
  }
  await recovers(t);
});

t.test('what a run leaves at work when its connection goes is waited for, and told', async (t) => {
  const { host } = await library(lab.configPath);
  const held = await lock(host, { who: 'alice@laptop', what: 'deploy', mode: 'exclusive' });
  const script = 'touch /run/begun; until [ -e /run/go ]; do sleep 0.1; done; echo ended > /run/ended';
  const cut = held.host.run({ script, timeout: 120 }).catch((error: RunbookError) => error.kind);
  while ((await lab.exec(HOST, 'test -e /run/begun')).code !== 0);
  host.abort();
  t.equal(await cut, 'hostUnreachable');
  const next = spawnRunbook('deploy', ['--config', lab.configPath, '--json', '--yes']);
  let seen = '';
  next.stderr!.on('data', (data: Buffer) => {
    seen += data;
    if (/still finishing/.test(seen)) void inside(lab, 'touch /run/go');
  });
  t.equal(await new Promise((resolve) => next.on('close', resolve)), 0);
  t.match(seen, /still finishing: \S/);
  t.equal(await inside(lab, 'cat /run/ended; rm /run/ended /run/go /run/begun'), 'ended\n');
});

t.test('once its lock is lost a deploy changes nothing more', async (t) => {
  const { config, host } = await library(await variant(lab, 'lost', { 'proxy.maxUploadSize': '266m' }));
  let held: Held | undefined;
  const robbed: Host = {
    label: host.label,
    query: (command) => host.query(command),
    async run(command) {
      await inside(lab, `find /proc/[0-9]*/fd -lname /run/gitea-runbooks/lock | cut -d/ -f3 | sort -u | xargs -r kill`);
      await held?.lost;
      return host.run(command);
    },
    put: (file) => host.put(file),
    hold: async (script) => {
      held = await host.hold(script);
      return held;
    },
    close: () => host.close(),
  };
  const before = await inside(lab, 'sha256sum /srv/gitea/nginx/nginx.conf /etc/gitea-runbooks/config.json');
  await t.rejects(deploy(config, robbed), { name: 'RunbookError', exitCode: 11, message: /lost the lock/ });
  t.equal(await inside(lab, 'sha256sum /srv/gitea/nginx/nginx.conf /etc/gitea-runbooks/config.json'), before);
  await host.close();
});

t.test('a plan that changes while somebody reads it is refused', async (t) => {
  const { config, host } = await library(await variant(lab, 'read', { 'proxy.maxUploadSize': '255m' }));
  const approve = async () => {
    t.equal((await run(lab, 'deploy', [])).code, 0, 'others may work meanwhile');
    await inside(lab, "echo '# by hand' >> /srv/gitea/nginx/nginx.conf");
  };
  await t.rejects(deploy(config, host, { approve }), {
    name: 'RunbookError',
    exitCode: 22,
    message: /plan has changed since it was approved[\s\S]*now: ~ \/srv\/gitea\/nginx\/nginx\.conf/,
  });
  await host.close();
  t.match(await inside(lab, 'tail -n 1 /srv/gitea/nginx/nginx.conf'), /by hand/);
  await recovers(t);
});

t.test('the host reboots in the middle of a deploy', async (t) => {
  const config = await variant(lab, 'reboot', { 'gitea.title': 'Reboot' });
  const running = run(lab, 'deploy', ['--yes'], config);
  await new Promise((resolve) => setTimeout(resolve, 2500));
  await lab.crash(HOST);
  const { code, json } = await running;
  t.equal(code, 12, JSON.stringify(json));
  t.match(json.error, { next: /./ });
  const again = await run(lab, 'deploy', ['--yes'], config);
  t.equal(again.code, 0, again.said);
  await recovers(t);
});

t.test('the domain leads elsewhere, or nowhere', async (t) => {
  const dns = async () =>
    (await run(lab, 'doctor')).json.checks.find((check: { id: string }) => check.id === 'outside.dns');
  try {
    // A private one, as the host's: a public one could be a router's that forwards, and is a warning only.
    await lab.setName(lab.domain, '10.99.0.7');
    t.match(await dns(), { status: 'fail', detail: /10\.99\.0\.7/, next: /record/ });
    await lab.setName(lab.domain, undefined);
    t.match(await dns(), { status: 'fail', next: /record/ });
  } finally {
    await lab.setName(lab.domain, lab.hosts[0]!.address);
  }
  t.match(await dns(), { status: 'pass' });
});

t.test('the data path in the config is not the one in use: refused, and nothing starts empty', async (t) => {
  const config = await variant(lab, 'moved', { 'host.dataPath': '/srv/elsewhere' });
  failed(t, await run(lab, 'deploy', ['--yes'], config), {
    code: 22,
    what: /data lies in \/srv\/gitea/,
    next: /nothing was changed/,
  });
  await serves(t);
});

t.test('a data path where somebody else keeps files: refused before anything is changed', async (t) => {
  await inside(lab, 'mkdir -p /srv/backups && echo old > /srv/backups/2019.tar');
  const config = await variant(lab, 'foreign', { 'host.dataPath': '/srv/backups' });
  const wanted = {
    code: 22,
    what: /\/srv\/backups is not empty.*2019\.tar/,
    next: /nothing was changed.*host\.dataPath/,
  };
  failed(t, await run(lab, 'plan', [], config), wanted);
  failed(t, await run(lab, 'deploy', ['--yes'], config), wanted);
  t.equal(await inside(lab, 'ls -A /srv/backups'), '2019.tar\n');
  await inside(lab, 'rm -r /srv/backups');
  await serves(t);
});

const sshdFile = '/etc/ssh/sshd_config.d/10-gitea-runbooks.conf';
const sshdText = () => inside(lab, `cat ${sshdFile}`);

t.test('sshd settings that would lock the operator out are taken back at once', async (t) => {
  await inside(lab, `echo '# as it was' > ${sshdFile}; systemctl restart ssh`);
  const { config, host } = await library(lab.configPath);
  const refused = new RunbookError('credentialsRefused', { what: 'permission denied', next: 'x' });
  const lockedOut: Reconnectable = {
    label: host.label,
    query: (command) => host.query(command),
    run: (command) => host.run(command),
    put: (file) => host.put(file),
    hold: (script) => host.hold(script),
    close: () => host.close(),
    reconnect: () => Promise.reject(refused),
  };
  await t.rejects(deploy(config, lockedOut, { checks: 'none' }), {
    name: 'RunbookError',
    exitCode: 20,
    message: /second connection.*refused; the old ones are in force again/,
  });
  await host.close();
  t.equal(await sshdText(), '# as it was\n');
});

/** A deploy that dies between putting the settings into force and confirming them. */
async function leavesUnconfirmed(t: Tap) {
  const { config, host } = await library(lab.configPath);
  const dies = (event: RunEvent) => {
    if (event.type === 'change.output' && event.line.includes('second connection')) host.abort();
  };
  // The second connection still works here, but the first, over which it would be confirmed, is gone.
  await t.rejects(deploy(config, host, { checks: 'none', onEvent: dies }), { name: 'RunbookError', exitCode: 12 });
  t.match(await sshdText(), /PasswordAuthentication no/, 'in force for the time being');
}

t.test('when nobody is left to confirm the sshd settings, the host takes them back by itself', async (t) => {
  await leavesUnconfirmed(t);
  t.match((await run(lab, 'plan')).json.changes, [{ title: /sshd settings/, why: 'nobody has confirmed them yet' }]);
  // The settings are back before sshd is started with them, and all else comes after that.
  const left = () => inside(lab, 'ls /var/lib/gitea-runbooks/unconfirmed');
  for (let second = 0; second < 90 && (await left()).trim() !== ''; second++) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  t.equal(await sshdText(), '# as it was\n');
});

t.test('a host that boots before that has the old settings from the first moment on', async (t) => {
  await leavesUnconfirmed(t);
  await lab.reboot(HOST);
  t.equal(await sshdText(), '# as it was\n');
  const journal = (await inside(lab, 'journalctl --no-pager -o cat')).split('\n');
  const last = (line: RegExp) => journal.findLastIndex((each) => line.test(each));
  const [back, ssh] = [last(/^Finished .*Take back sshd settings/), last(/^Starting .*Secure Shell server\.\.\./)];
  t.ok(back > 0 && back < ssh, `sshd (${ssh}) starts after that (${back})`);
  t.equal(
    (await inside(lab, 'ls /var/lib/gitea-runbooks/unconfirmed; ls /etc/systemd/system | grep revert || true')).trim(),
    '',
  );
  await recovers(t);
  t.match(await sshdText(), /PasswordAuthentication no/);
});

t.test('after all that, everything that a developer does works', async (t) => {
  const { code, json, said } = await run(lab, 'deploy', ['--verify']);
  t.equal(code, 0, said);
  t.match(json, { outcome: 'converged', changes: [] });
  t.same(
    json.checks.filter(({ status }: { status: string }) => status !== 'pass'),
    [],
  );
});
