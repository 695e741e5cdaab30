// Who reaches what: from this machine, from a neighbour, from a container. And nobody is locked out.
import { connect as dial } from 'node:net';
import t from 'tap';
import { RunbookError } from '../../lib/core/errors.ts';
import type { RunEvent } from '../../lib/core/event.ts';
import type { Reconnectable } from '../../lib/host/port.ts';
import { deploy } from '../../lib/jobs/deploy/index.ts';
import { connectDocker } from './docker.ts';
import { containerName } from './names.ts';
import { bring as bringWith, convergedLab, HOST, inside, library, run, variant } from './suite.ts';

t.setTimeout(0);
const lab = await convergedLab();
const { address } = lab.hosts[0]!;

const bring = (config = lab.configPath) => bringWith(config, 'none');

/** Whether a TCP connection from this machine is taken. */
const reach = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = dial({ host: address, port, timeout: 1500 });
    const end = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket
      .on('connect', () => end(true))
      .on('timeout', () => end(false))
      .on('error', () => end(false));
  });

const pause = () => new Promise((resolve) => setTimeout(resolve, 500));

const attempt = (host: string, port: number) => `import socket; socket.create_connection(('${host}', ${port}), 1.5)`;

/** The same from another machine of the network. */
const neighbour = async (port: number) =>
  (await connectDocker(lab.engine).attempt(['exec', containerName('dns'), 'python3', '-c', attempt(address, port)]))
    .code === 0;

const fromHost = async (host: string, port: number) =>
  (await lab.exec(HOST, `python3 -c "${attempt(host, port)}" 2>/dev/null`)).code === 0;

const fromContainer = async (host: string, port: number) =>
  (await lab.exec(HOST, `docker exec gitea-proxy-1 timeout 2 bash -c '</dev/tcp/${host}/${port}' 2>/dev/null`)).code ===
  0;

const metadata = '169.254.169.254';

// Something that a container publishes, something that the host itself serves, and a metadata service behind the host.
await inside(
  lab,
  `docker rm -f byhand >/dev/null 2>&1; docker run -d --name byhand --restart unless-stopped -p 9999:80 "$(docker inspect -f '{{.Config.Image}}' gitea-proxy-1)" >/dev/null
cat > /etc/systemd/system/lab-own.service <<'END'
[Service]
ExecStart=/usr/bin/python3 -m http.server 7777
[Install]
WantedBy=multi-user.target
END
systemctl daemon-reload; systemctl enable -q --now lab-own
ip netns add metadata; ip link add metadata type veth peer name uplink netns metadata
ip addr add 192.0.2.1/30 dev metadata; ip link set metadata up; ip route add ${metadata} dev metadata
ip -n metadata addr add ${metadata}/32 dev uplink; ip -n metadata link set uplink up; ip -n metadata route add default dev uplink
systemd-run --quiet --unit=lab-metadata ip netns exec metadata python3 -m http.server 80
systemd-run --quiet --unit=lab-names ip netns exec metadata python3 -m http.server 53
for i in $(seq 20); do curl -s -o /dev/null --max-time 1 http://${metadata}/ && curl -s -o /dev/null http://127.0.0.1:9999/ && break; sleep 0.5; done`,
);
t.teardown(() =>
  inside(
    lab,
    'docker rm -f byhand; systemctl disable -q --now lab-own; rm -f /etc/systemd/system/lab-own.service; systemctl stop lab-metadata lab-names; ip netns del metadata; true',
  ),
);

/** What nobody outside sees although it is there, and what containers do not see. */
async function closed(t: Tap, when: string) {
  t.same([await reach(443), await reach(2222), await reach(22), await reach(80)], [true, true, true, true], when);
  t.equal(await fromHost('127.0.0.1', 9999), true, `${when}: the container is there`);
  t.equal(await reach(9999), false, `${when}: what the config does not name is closed`);
}
async function containersKept(t: Tap, when: string) {
  t.equal(await fromHost(metadata, 80), true, `${when}: the host speaks to the metadata service`);
  t.equal(await fromContainer(metadata, 80), false, `${when}: containers do not`);
  t.equal(await fromContainer(metadata, 53), true, `${when}: they ask for names there`);
}
type Tap = Pick<typeof t, 'equal' | 'same'>;

t.test(
  'by default: what Docker publishes and the config does not name is closed, so is the metadata service',
  async (t) => {
    await closed(t, 'deployed');
    await containersKept(t, 'deployed');
    t.equal(await reach(7777), true, "the host's other services are its own business");
    t.equal(await fromContainer(address, 443), true, 'containers reach the instance by its public address');
  },
);

t.test(
  'without the table all that is open: it is this that closes it, and the next deploy brings it back',
  async (t) => {
    await inside(lab, 'nft delete table inet gitea_runbooks');
    t.equal(await reach(9999), true);
    t.equal(await fromContainer(metadata, 80), true);
    const { json } = await run(lab, 'plan');
    t.match(json.changes, [{ title: 'firewall', why: /is not in force/ }]);
    await bring();
    await closed(t, 'back');
  },
);

t.test('a rule that somebody puts in or takes out is seen', async (t) => {
  await inside(lab, 'nft insert rule inet gitea_runbooks published accept');
  t.equal(await reach(9999), true);
  t.match(await bring(), ['firewall: other rules are in force']);
  await closed(t, 'repaired');
});

t.test('neither Docker nor a flush of all tables undoes it', async (t) => {
  const before = await table();
  await inside(lab, 'systemctl restart docker');
  await closed(t, 'Docker restarted');
  await inside(
    lab,
    'systemctl start nftables; systemctl start gitea-runbooks-firewall; nft -f /etc/gitea-runbooks/firewall.nft',
  );
  for (const word of ['reload', 'restart']) {
    // systemctl waits for the unit that it was asked for, not for ours, which comes right behind it.
    await inside(
      lab,
      `systemctl ${word} nftables; for i in $(seq 20); do nft list table inet gitea_runbooks >/dev/null 2>&1 && break; sleep 0.2; done`,
    );
    t.equal(await table(), before, `after a ${word} of the distribution's service, which flushes all tables`);
  }
  // It has flushed Docker's as well: that is between the two.
  await inside(lab, 'systemctl stop nftables; systemctl reset-failed docker; systemctl restart docker');
  t.match(await bring(), ['firewall: is not in force, its unit is enabled inactive']);
  await closed(t, 'after all that');
});

t.test('a reboot within the minute: what was in force before is in force', async (t) => {
  const config = await mine('cut', {});
  await dies(t, config);
  t.equal(await neighbour(443), false, 'in force for the time being');
  await lab.reboot(HOST);
  t.equal(await fromHost('127.0.0.1', 22), true);
  t.notMatch(await inside(lab, 'nft list table inet gitea_runbooks'), /chain ssh/);
  t.equal(await neighbour(22), true);
});

t.test('with network.allow: who is named gets in, who is not does not, also after a reboot', async (t) => {
  const config = await mine('allow', { other: [] });
  await bring(config);
  const seen = async (when: string) => {
    t.same([await reach(22), await reach(443), await reach(2222)], [true, true, true], `${when}: the operator`);
    t.same([await neighbour(22), await neighbour(443), await neighbour(2222)], [false, false, false], when);
    t.same([await reach(7777), await reach(9999)], [false, false], `${when}: everything else`);
    t.equal(await fromContainer(address, 443), true, `${when}: Gitea and the proxy get at the instance`);
    t.equal(await fromContainer(address, 7777), false, `${when}: a webhook gets at nothing else of the host`);
  };
  await seen('deployed');
  await lab.reboot(HOST);
  for (let tries = 0; tries < 240 && !((await reach(443)) && (await reach(2222))); tries++) await pause();
  await seen('after a reboot');
  t.equal((await run(lab, 'plan', ['--exit-code'], config)).code, 0);
});

t.test('an operator who would lock himself out is told before anything is changed', async (t) => {
  const before = await table();
  const config = await variant(lab, 'lockout', { 'network.allow': { ssh: ['10.99.99.0/24'] } });
  for (const [name, ...words] of [['plan'], ['deploy', '--yes']] as const) {
    const { code, json } = await run(lab, name, words, config);
    t.equal(code, 22);
    t.match(json.error, { what: new RegExp(`you come from ${await operator()},`), next: /nothing was changed/ });
  }
  t.equal(await table(), before);
});

t.test('when the second connection is refused, the old rules are back at once', async (t) => {
  const before = await table();
  const { config, host } = await library(lab.configPath);
  const refused = new RunbookError('hostUnreachable', { what: 'timed out', next: 'x' });
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
    exitCode: 20,
    message: /second connection.*refused; the old ones are in force again/,
  });
  await host.close();
  t.equal(await table(), before);
});

t.test('when nobody is left to confirm it, the host takes the old rules back by itself', async (t) => {
  const before = await table();
  await dies(t, lab.configPath);
  t.not(await table(), before, 'in force for the time being');
  t.equal((await inside(lab, `systemctl is-active ${revert}.timer`)).trim(), 'active');
  t.match(await inside(lab, `systemctl show -p TimersMonotonic ${revert}.timer`), /OnActiveUSec=50s/);
  // What the timer would do.
  await inside(lab, `systemctl start ${revert}.service`);
  t.equal(await table(), before);
});

t.test('turned off, nothing of it is left; turned on again, all of it is there', async (t) => {
  const config = await variant(lab, 'no-firewall', { 'network.firewall': false });
  t.match(await bring(config), ['firewall: is not wanted any more: everything is open', /config.json/]);
  await inside(
    lab,
    '! nft list table inet gitea_runbooks 2>/dev/null && ! ls /etc/gitea-runbooks/firewall.nft /etc/systemd/system/gitea-runbooks-firewall.service /etc/systemd/system/sysinit.target.wants/gitea-runbooks-firewall.service 2>/dev/null',
  );
  t.equal(await reach(9999), true);
  t.equal((await run(lab, 'plan', ['--exit-code'], config)).code, 0);
  t.match(await bring(), [/firewall: does not exist \(closes.*byhand: .*9999/, /config.json/]);
  await closed(t, 'on again');
  t.equal((await run(lab, 'plan', ['--exit-code'])).code, 0);
});

const table = () => inside(lab, 'nft -s list table inet gitea_runbooks');
const revert = 'gitea-runbooks-firewall-revert';

/** A deploy whose connection is cut when the new rules are in force and nobody has confirmed them. */
async function dies(t: Pick<typeof import('tap').t, 'rejects'>, file: string) {
  const { config, host } = await library(file);
  const onEvent = (event: RunEvent) => {
    if (event.type === 'change.output' && event.line.includes('second connection')) host.abort();
  };
  await t.rejects(deploy(config, host, { checks: 'none', onEvent }), { name: 'RunbookError', exitCode: 12 });
}

/** Where the host sees this machine. */
async function operator(): Promise<string> {
  const { host } = await library(lab.configPath);
  const { stdout } = await host.query({ script: 'echo "$SSH_CONNECTION"' }).finally(() => host.close());
  return stdout.split(' ')[0]!;
}

/** A config that lets this machine in, and nobody else. */
async function mine(name: string, more: Readonly<Record<string, readonly string[]>>): Promise<string> {
  const me = [`${await operator()}/32`];
  return variant(lab, name, { 'network.allow': { ssh: me, web: me, ...more } });
}
