import t from 'tap';
import type { Spec } from '../../../lib/core/spec.ts';
import { system } from '../../../lib/phases/system.ts';
import { input } from './input.ts';

const specs = (changes: Parameters<typeof input>[0] = {}) => system.desired(input(changes));
const ids = (changes: Parameters<typeof input>[0] = {}) => specs(changes).map(({ id }) => id);
const text = (list: readonly Spec[], path: string) => {
  const found = list.find((spec) => spec.kind === 'file' && spec.path === path);
  return found?.kind === 'file' && typeof found.content === 'string' ? found.content : '';
};

t.test('the registry mirror is written only where there is one', async (t) => {
  const path = '/etc/docker/daemon.json';
  t.notOk('registry-mirrors' in JSON.parse(text(specs(), path)));
  const mirrored = specs({ config: { docker: { registryMirror: 'http://mirror.example.com:5000' } } });
  t.same(JSON.parse(text(mirrored, path)), {
    'live-restore': true,
    'log-driver': 'json-file',
    'log-opts': { 'max-file': '5', 'max-size': '10m' },
    'registry-mirrors': ['http://mirror.example.com:5000'],
  });
});

t.test('after updates nobody but their own package restarts the container engine', async (t) => {
  const conf = text(specs(), '/etc/needrestart/conf.d/60-gitea-runbooks.conf');
  const [, never] = /override_rc\}\{q\((.*)\)\} = 0;/.exec(conf)!;
  const restarted = ['docker.service', 'docker.socket', 'containerd.service', 'ssh.service', 'docker-x.service'];
  t.same(
    restarted.filter((name) => !new RegExp(never!).test(name)),
    ['ssh.service', 'docker-x.service'],
  );
});

t.test('swap and its sysctl on small hosts only, and only when wanted', async (t) => {
  t.notOk(ids().includes('swap:/swapfile'));
  t.ok(ids({ facts: { memoryMiB: 3900 } }).includes('swap:/swapfile'));
  t.notOk(ids({ facts: { memoryMiB: 3900 }, config: { host: { swap: 'off' } } }).some((id) => /swap|sysctl/.test(id)));
  // What is there already does not change the wish: the second run must want the same as the first.
  t.same(ids({ facts: { memoryMiB: 3900, swapMiB: 2048 } }), ids({ facts: { memoryMiB: 3900 } }));
});

t.test('what is switched off is not there', async (t) => {
  const off = ids({ config: { host: { hardenSsh: false, unattendedUpgrades: false } } });
  t.notOk(off.some((id) => /sshd|apt\.conf/.test(id)));
  const packages = specs({ config: { host: { unattendedUpgrades: false } } }).find(({ kind }) => kind === 'packages');
  t.ok(packages?.kind === 'packages' && !packages.names.includes('unattended-upgrades'));
});

t.test('Debian 12 takes Compose, and nothing else, from Debian 13; the pin is there first', async (t) => {
  const list = ids({ facts: { release: '12' } });
  const [pin, source] = ['preferences.d/gitea-runbooks.pref', 'sources.list.d/gitea-runbooks.sources'].map((name) =>
    list.indexOf(`file:/etc/apt/${name}`),
  );
  t.ok(
    pin !== undefined && source !== undefined && pin >= 0 && pin < source && source < list.indexOf('packages:system'),
  );
  const packages = specs({ facts: { release: '12' } }).find(({ kind }) => kind === 'packages');
  t.match(packages, { minimum: { 'docker-compose': '2' } });
  t.notOk(
    ids().some((id) => id.includes('sources.list')),
    'Debian 13 needs no source',
  );
});

t.test('sshd keeps keys and root by key, and nothing that asks for a password', async (t) => {
  const sshd = specs().find(({ kind }) => kind === 'sshd');
  const content = sshd?.kind === 'sshd' ? sshd.content : '';
  t.match(content, /^PasswordAuthentication no$/m);
  t.match(content, /^KbdInteractiveAuthentication no$/m);
  t.match(content, /^PermitRootLogin prohibit-password$/m);
  t.notMatch(content, /^PubkeyAuthentication no|^AllowUsers|^AuthenticationMethods/m);
  t.equal(specs().at(-1)?.kind, 'sshd', 'last');
});

t.test('an unsupported host is refused', async (t) => {
  t.throws(() => specs({ facts: { release: '11' } }), { kind: 'refused', message: /not supported/ });
});
