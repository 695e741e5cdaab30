import t from 'tap';
import { parse } from 'yaml';
import { Secret } from '../../../lib/core/secret.ts';
import { phases } from '../../../lib/phases/index.ts';
import type { DesiredInput } from '../../../lib/phases/phase.ts';
import { nginxConfig } from '../../../lib/phases/proxy.ts';
import { composeText as textOf } from '../../../lib/phases/stack.ts';
import { input, secretValue } from './input.ts';

const composeText = (wanted: DesiredInput) => textOf(wanted, phases);

// biome-ignore lint/suspicious/noExplicitAny: a parsed file of unknown shape is what is looked at here
type Any = any;
const services = (changes: Parameters<typeof input>[0] = {}): Record<string, Any> =>
  parse(composeText(input(changes))).services;

t.test('every container is hardened', async (t) => {
  for (const [name, service] of Object.entries(services())) {
    t.equal(service.read_only, true, `${name}: read-only root`);
    t.same(service.cap_drop, ['ALL'], `${name}: no capabilities`);
    t.equal(service.cap_add, undefined, `${name}: none added`);
    t.same(service.security_opt, ['no-new-privileges:true'], name);
    t.match(service.user, /^[1-9]\d*:[1-9]\d*$/, `${name}: not root`);
    t.match(service.mem_limit, /^\d+m$/, `${name}: memory limit`);
    t.ok(service.pids_limit > 0, `${name}: process limit`);
    t.equal(service.privileged, undefined, name);
    t.ok(service.stop_grace_period, `${name}: time to stop`);
    t.ok(service.healthcheck, `${name}: health`);
    t.equal(service.restart, 'unless-stopped', name);
    t.notMatch(service.image, /:latest$|^[^:]*$/, `${name}: image has a version`);
    for (const volume of service.volumes) {
      t.equal(
        volume.bind.create_host_path,
        false,
        `${name}: a missing ${volume.source} is an error, not an empty folder`,
      );
      t.notMatch(volume.source, /docker\.sock|^\/(etc|var|run|usr)?$/, name);
      if (volume.target.startsWith('/run/secrets/')) t.equal(volume.read_only, true, `${name}: ${volume.target}`);
    }
  }
});

t.test('the database is on the internal network only and publishes nothing', async (t) => {
  const { networks } = parse(composeText(input()));
  const { database, proxy, gitea } = services();
  t.same(database.networks, ['backend']);
  t.equal(database.ports, undefined);
  t.equal(networks.backend.internal, true);
  t.same(Object.keys(proxy.networks), ['frontend']);
  t.same(Object.keys(gitea.networks), ['frontend', 'backend']);
  t.same(proxy.ports, ['80:8080', '443:8443']);
  t.same(gitea.ports, ['2222:2222']);
});

t.test('Gitea trusts the address that the proxy has, and no other', async (t) => {
  const { gitea, proxy } = services({ config: { network: { subnet: '10.9.0.0/16' } } });
  t.equal(proxy.networks.frontend.ipv4_address, '10.9.0.2');
  t.equal(gitea.environment.GITEA__security__REVERSE_PROXY_TRUSTED_PROXIES, '10.9.0.2/32');
});

t.test('Nginx sends to the address that Gitea has, never to a name that a DNS server could answer', async (t) => {
  const changes = { config: { network: { subnet: '10.9.0.0/16' } } };
  const { gitea } = services(changes);
  const { text } = nginxConfig(input(changes));
  t.match(text, `server ${gitea.networks.frontend.ipv4_address}:3000 max_fails=0;`);
  t.notMatch(text, 'resolver');
  for (const [, target] of text.matchAll(/proxy_pass ([^;]*);/g))
    t.match(target, /^http:\/\/(gitea|gitea_alone|room|events|unix:\/tmp\/gate\.sock:\/wait)$/, 'no path, no variable');
  for (const [, server] of text.matchAll(/^ *server ([^\s{]\S*?)(?: [^\n;]*)?;$/gm))
    t.match(server, /^(10\.9\.0\.3:3000|unix:\/tmp\/\w+\.sock)$/);
});

t.test('the port of git over SSH is published and shown, inside it stays 2222', async (t) => {
  const { gitea } = services({ config: { gitea: { sshPort: 22022 } } });
  t.same(gitea.ports, ['22022:2222']);
  t.equal(gitea.environment.GITEA__server__SSH_PORT, '22022');
  t.equal(gitea.environment.GITEA__server__SSH_LISTEN_PORT, '2222');
});

t.test('a title that YAML, Compose or a shell would misread arrives as it is', async (t) => {
  const { gitea } = services({ config: { gitea: { title: `Ann's "git": $HOME # {x} \\` } } });
  t.equal(gitea.environment.GITEA____APP_NAME, `Ann's "git": $$HOME # {x} \\`);
});

t.test('secrets are mounted, each reader has all of its own, and no value is in the text', async (t) => {
  const text = composeText(input());
  for (const name of Object.keys(input().secrets)) t.notOk(text.includes(secretValue(name)), name);
  const { gitea, database } = services();
  const mounts = (service: Any) => service.volumes.map((volume: Any) => volume.target);
  const wanted = Object.entries(gitea.environment).filter(([key]) => /__FILE$|_FILE$/.test(key));
  t.ok(wanted.length > 0);
  for (const [key, path] of wanted) t.ok(mounts(gitea).includes(path), `${key} is mounted`);
  t.same(mounts(database), ['/var/lib/postgresql', '/etc/gitea-runbooks'], 'the database is given no secret at all');
  t.notOk(mounts(gitea).some((path: string) => path.includes('inputs_key')));
});

t.test('a changed secret changes Gitea and its label; the database is never made anew for one', async (t) => {
  const before = input();
  const label = (text: string) => parse(text).services.gitea.labels['gitea-runbooks.inputs'];
  const withSecret = (name: string) =>
    composeText({ ...before, secrets: { ...before.secrets, [name]: new Secret(name, 'another') } });
  const old = composeText(before);
  for (const name of ['gitea_metrics_token', 'postgres_password', 'gitea_secret_key']) {
    const changed = withSecret(name);
    t.not(label(changed), label(old), name);
    t.same(parse(changed).services.database, parse(old).services.database, name);
  }
  t.match(label(old), /^[0-9a-f]{64}$/);
});

t.test('Gitea logs in as the role that the password names', async (t) => {
  const before = input();
  const user = (value: string) => {
    const secrets = { ...before.secrets, postgres_password: new Secret('postgres_password', value) };
    const { gitea } = parse(composeText({ ...before, secrets })).services;
    const { source } = gitea.volumes.find(({ target }: Any) => target === '/run/secrets/postgres_password');
    return [gitea.environment.GITEA__database__USER, source.split('/').pop()];
  };
  t.same(user('plain'), ['gitea_a', 'postgres_password.gitea_a']);
  t.same(user('gitea_b:x'), ['gitea_b', 'postgres_password.gitea_b']);
});

t.test('a connection whose other end is gone is noticed within half a minute', async (t) => {
  const { proxy } = services();
  const [time, every, probes] = ['time', 'intvl', 'probes'].map(
    (name) => proxy.sysctls[`net.ipv4.tcp_keepalive_${name}`],
  );
  t.ok(time + every * probes <= 30, `${time} + ${every} * ${probes}`);
  t.match(nginxConfig(input()).text.match(/proxy_socket_keepalive on;/g)?.length, 3, 'on each way to Gitea');
});

t.test('start_interval only where the engine knows it', async (t) => {
  t.equal(services().gitea.healthcheck.start_interval, '2s');
  const old = services({ facts: { release: '12' } });
  for (const service of Object.values(old)) {
    t.equal(service.healthcheck.start_interval, undefined);
    t.equal(service.healthcheck.interval, '5s');
  }
});

t.test('Gitea asks for fewer connections than the database has', async (t) => {
  const { gitea, database } = services();
  const most = Number(/max_connections=(\d+)/.exec(database.command.join(' '))?.[1]);
  t.ok(Number(gitea.environment.GITEA__database__MAX_OPEN_CONNS) < most - 20);
});
