import t from 'tap';
import { parse } from 'yaml';
import { readIni } from '../../../lib/core/ini.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { appIni } from '../../../lib/phases/app-ini.ts';
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
const setting = (section: string, key: string, of = input()) =>
  readIni(appIni(of).content.reveal()).get(section)?.get(key);

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
    // It ends when it is not well, and is started again: that it runs says it all.
    if (name === 'wal') t.ok(service.command.includes('--no-loop') && !service.healthcheck, name);
    else t.ok(service.healthcheck, `${name}: health`);
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
  t.same(proxy.ports, ['80:8080', '443:8443', '2222:2222']);
  t.equal(gitea.ports, undefined);
});

t.test('Gitea trusts the address that the proxy has, and no other', async (t) => {
  const changes = { config: { network: { subnet: '10.9.0.0/16' } } };
  t.equal(services(changes).proxy.networks.frontend.ipv4_address, '10.9.0.2');
  t.equal(setting('security', 'REVERSE_PROXY_TRUSTED_PROXIES', input(changes)), '10.9.0.2/32');
});

t.test('Nginx sends to the address that Gitea has, never to a name that a DNS server could answer', async (t) => {
  const changes = { config: { network: { subnet: '10.9.0.0/16' } } };
  const { gitea } = services(changes);
  const { text } = nginxConfig(input(changes));
  t.match(text, `server ${gitea.networks.frontend.ipv4_address}:3000 max_fails=0;`);
  t.notMatch(text, 'resolver');
  for (const [, target] of text.matchAll(/proxy_pass ([^;]*);/g))
    t.match(
      target,
      /^(http:\/\/(gitea|gitea_alone|room|events|unix:\/tmp\/gate\.sock:\/wait)|\$ssh_way|10\.9\.0\.3:2222)$/,
      'no path, and no variable but that of a way of our own',
    );
  for (const [, server] of text.matchAll(/^ *server ([^\s{]\S*?)(?: [^\n;]*)?;$/gm))
    t.match(server, /^(10\.9\.0\.3:(3000|2222)|unix:\/tmp\/\w+\.sock)$/);
});

t.test('the port of git over SSH is published and shown, inside it stays 2222', async (t) => {
  const changes = { config: { gitea: { sshPort: 22022 } } };
  t.match(services(changes).proxy.ports, ['80:8080', '443:8443', '22022:2222']);
  t.equal(setting('server', 'SSH_PORT', input(changes)), '22022');
  t.equal(setting('server', 'SSH_LISTEN_PORT', input(changes)), '2222');
});

t.test(
  'the database is given no secret at all, Gitea its app.ini read-only and nothing else of the kind, and no value is in the text',
  async (t) => {
    const text = composeText(input());
    for (const name of Object.keys(input().secrets)) t.notOk(text.includes(secretValue(name)), name);
    const { gitea, database } = services();
    t.same(
      database.volumes.map(({ target }: Any) => target),
      ['/var/lib/postgresql', '/etc/gitea-runbooks'],
    );
    t.equal(gitea.environment, undefined, 'the image would merge variables into app.ini');
    t.same(
      gitea.volumes.filter(({ target }: Any) => /^\/(etc|run)\//.test(target)).map(({ target }: Any) => target),
      ['/etc/gitea'],
    );
    const { source, read_only } = gitea.volumes.find(({ target }: Any) => target === '/etc/gitea');
    t.equal(source, appIni(input()).folder);
    t.equal(read_only, true);
  },
);

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

t.test(
  'another setting is another file, and a container that mounts it: the one before goes on with its own',
  async (t) => {
    const paths = ['Gitea', 'Code'].map((title) => {
      const changed = input({ config: { gitea: { title } } });
      const { gitea } = parse(composeText(changed)).services;
      const { source } = gitea.volumes.find(({ target }: Any) => target === '/etc/gitea');
      t.equal(source, appIni(changed).folder);
      return source;
    });
    t.not(paths[0], paths[1]);
    t.match(paths[0], /^\/srv\/gitea\/gitea\/config\/app\.ini\.[0-9a-f]{12}$/);
  },
);

t.test('Gitea logs in as the role that the password names', async (t) => {
  const before = input();
  const user = (value: string) => {
    const secrets = { ...before.secrets, postgres_password: new Secret('postgres_password', value) };
    return ['USER', 'PASSWD'].map((key) => setting('database', key, { ...before, secrets }));
  };
  t.same(user('plain'), ['gitea_a', 'plain']);
  t.same(user('gitea_b:x'), ['gitea_b', 'x']);
});

t.test('a connection whose other end is gone is noticed within ten seconds', async (t) => {
  const { proxy } = services();
  const [time, every, probes] = ['time', 'intvl', 'probes'].map(
    (name) => proxy.sysctls[`net.ipv4.tcp_keepalive_${name}`],
  );
  t.ok(time + every * probes <= 10, `${time} + ${every} * ${probes}`);
  t.match(nginxConfig(input()).text.match(/proxy_socket_keepalive on;/g)?.length, 5, 'on each way to Gitea');
});

t.test('start_interval only where the engine knows it', async (t) => {
  t.equal(services().gitea.healthcheck.start_interval, '2s');
  t.equal(Object.values(services()).filter(({ healthcheck }) => healthcheck).length, 3);
  const old = services({ facts: { release: '12' } });
  for (const service of Object.values(old).filter(({ healthcheck }) => healthcheck)) {
    t.equal(service.healthcheck.start_interval, undefined);
    t.equal(service.healthcheck.interval, '5s');
  }
});

t.test('Gitea asks for fewer connections than the database has', async (t) => {
  const { database } = services();
  const most = Number(/max_connections=(\d+)/.exec(database.command.join(' '))?.[1]);
  t.ok(Number(setting('database', 'MAX_OPEN_CONNS')) < most - 20);
});

t.test('what is limited, and what is kept from everybody', async (t) => {
  for (const [section, key, value] of [
    ['webhook', 'ALLOWED_HOST_LIST', 'external'],
    ['migrations', 'ALLOW_LOCALNETWORKS', 'false'],
    ['security', 'DISABLE_GIT_HOOKS', 'true'],
    ['security', 'IMPORT_LOCAL_PATHS', 'false'],
    ['session', 'COOKIE_SECURE', 'true'],
    ['session', 'SAME_SITE', 'lax'],
    ['other', 'SHOW_FOOTER_VERSION', 'false'],
    ['git.config', 'receive.autogc', 'false'],
    ['cron.git_gc_repos', 'ENABLED', 'true'],
    ['cron.git_gc_repos', 'SCHEDULE', '17 4 * * 0'],
  ] as const)
    t.equal(setting(section, key), value, `${section}.${key}`);
});

t.test("another upload limit is the proxy's alone: Gitea is not restarted for it", async (t) => {
  const hash = (maxUploadSize: string) => appIni(input({ config: { proxy: { maxUploadSize } } })).hash;
  t.equal(hash('300m'), hash('512m'));
});
