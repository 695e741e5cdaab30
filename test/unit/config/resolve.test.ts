import t from 'tap';
import { parseConfig } from '../../../lib/config/load.ts';
import { good, goodWith } from './sample.ts';

const options = { home: '/home/me' };

const signIn = {
  ...{ twoFactor: 'optional', passwordForm: true, autoRegister: false, accountLinking: 'login', username: 'nickname' },
  sources: [],
};

t.test('defaults and paths', async (t) => {
  const { config } = parseConfig(good, '/home/team/gitea.config.yaml', options);
  t.strictSame(config, {
    host: {
      address: 'git-host.corp.test',
      provider: 'existing',
      port: 22,
      user: 'root',
      knownHosts: '/home/team/gitea.known_hosts',
      dataPath: '/srv/gitea',
      swap: 'auto',
      hardenSsh: true,
      unattendedUpgrades: true,
    },
    domain: 'git.corp.test',
    admin: { username: 'gitadmin', email: 'ops@corp.test' },
    tls: { email: 'ops@corp.test', profile: 'classic', staging: false, renewCalendar: '*-*-* 03,15:27:00' },
    images: {
      gitea: 'gitea/gitea:1.27.3-rootless',
      postgres: 'postgres:18.6',
      nginx: 'nginx:1.30.4-alpine',
      certbot: 'certbot/certbot:v5.9.0',
      restic: 'restic/restic:0.19.1',
    },
    gitea: { title: 'Gitea', sshPort: 2222, requireSignIn: false, startTimeout: 300, signIn, settings: {} },
    proxy: { maxUploadSize: '512m', loginRequestsPerMinute: 10, restartPatience: 120 },
    docker: { logMaxSize: '10m', logMaxFiles: 5 },
    network: { subnet: '172.31.250.0/24', firewall: true, allow: {} },
    secrets: { source: 'file', file: '/home/team/gitea.secrets.yaml' },
    backup: {
      enabled: true,
      local: { path: '/var/backups/gitea' },
      objectives: { database: '60s', repositories: '5m', restore: '30m' },
      calendar: '*-*-* 02:10:00',
      verifyCalendar: '*-*-* 05:20:00',
      drill: { calendar: 'Sun *-*-* 04:40:00', maxAge: '8d' },
      retention: { hours: 48, days: 14, weeks: 8, months: 12, years: 3 },
    },
    updates: {
      policy: { gitea: 'patch', postgres: 'patch', nginx: 'patch', certbot: 'minor', restic: 'patch' },
      ...{ holdBack: '3d', pinned: [], registries: {} },
    },
    verify: { pushSizeMiB: 100 },
  });
  t.equal(Object.getPrototypeOf(config?.images), Object.prototype);
});

t.test('~ and ..', async (t) => {
  const text = good
    .replace('domain:', '  identityFile: ~/.ssh/id\n  knownHosts: ../pins\n  dataPath: /data/gitea/\ndomain:')
    .concat('  caBundle: ca.pem\nsecrets: {file: ./~user/x}\n');
  const { config } = parseConfig(text, '/home/team/f.yaml', options);
  t.equal(config?.host.identityFile, '/home/me/.ssh/id');
  t.equal(config?.host.knownHosts, '/home/pins');
  t.equal(config?.host.dataPath, '/data/gitea');
  t.equal(config?.tls.caBundle, '/home/team/ca.pem');
  t.equal(config?.secrets.file, '/home/team/~user/x', 'the home of somebody else is not looked up');
});

t.test('a resolved configuration is a valid file and resolves to itself', async (t) => {
  const text = goodWith('images: {gitea: "gitea/gitea:28.1.0-rootless"}\nverify: {dnsServer: "[fd00::1]:53"}');
  const { config } = parseConfig(text, '/home/team/f.yaml', options);
  const again = parseConfig(JSON.stringify(config), '/etc/elsewhere/config.json', options);
  t.strictSame(again, { config, problems: [] });
});

t.test('placeholders pass only where they are asked for', async (t) => {
  const text = good.replaceAll('corp.test', 'example.com');
  t.equal(parseConfig(text, 'f.yaml').problems.length, 4);
  t.equal(parseConfig(text, 'f.yaml', { placeholders: 'allow' }).config?.domain, 'git.example.com');
});
