import t from 'tap';
import { lockDirectory } from '../../../lib/engine/lock-script.ts';
import { recordPath } from '../../../lib/engine/record.ts';
import { certificateSpec, tls } from '../../../lib/phases/tls.ts';
import { input } from './input.ts';

const serverOf = (more: Parameters<typeof input>[0]) => certificateSpec(input(more).config).server;

t.test('production, staging or a server of your own', async (t) => {
  t.equal(serverOf({}), 'https://acme-v02.api.letsencrypt.org/directory');
  t.equal(serverOf({ config: { tls: { staging: true } } }), 'https://acme-staging-v02.api.letsencrypt.org/directory');
  t.equal(serverOf({ config: { tls: { directory: 'https://acme.example.com/dir' } } }), 'https://acme.example.com/dir');
});

t.test('a CA bundle is copied to the host and the client told of the copy', async (t) => {
  const bundled = input({ config: { tls: { caBundle: '/home/operator/ca.pem' } }, caBundle: 'PEM' });
  t.match(tls.desired(bundled)[0], { kind: 'file', path: '/etc/gitea-runbooks/ca-bundle.pem', content: 'PEM' });
  t.match(certificateSpec(bundled.config), { caBundle: '/etc/gitea-runbooks/ca-bundle.pem' });
  t.notOk('caBundle' in certificateSpec(input().config));
  t.throws(() => tls.desired(input({ config: { tls: { caBundle: '/home/operator/ca.pem' } } })), {
    kind: 'configInvalid',
    message: /tls\.caBundle/,
  });
});

t.test('the timer is restarted for either of its files and runs with the pinned Node', async (t) => {
  const specs = tls.desired(input());
  const unit = specs.find(({ kind }) => kind === 'unit');
  t.match(unit, { name: 'gitea-runbooks-renew.timer', watches: [/renew\.service$/, /renew\.timer$/] });
  const service = specs.find(({ id }) => id.endsWith('renew.service'));
  t.ok(service?.kind === 'file' && typeof service.content === 'string');
  t.match(service, {
    content:
      /^ExecStart=\/opt\/gitea-runbooks\/node\/24[\d.]+\/bin\/node \/opt\/gitea-runbooks\/current\/gitea-runbooks\.mjs renew$/m,
  });
  t.equal(specs.at(-1)?.kind, 'certificate');
});

t.test('the sandbox of the renewal leaves open what it writes, wherever the data is', async (t) => {
  for (const dataPath of ['/srv/gitea', '/mnt/volume/git']) {
    const given = input({ config: { host: { dataPath } } });
    const service = tls.desired(given).find(({ id }) => id.endsWith('renew.service'));
    const text = service?.kind === 'file' ? String(service.content) : '';
    const words = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(text)?.[1]?.split(' ') ?? [];
    const { stateDirectory, directory } = certificateSpec(given.config);
    for (const path of [stateDirectory, directory, lockDirectory, recordPath])
      t.ok(
        words('ReadWritePaths').some((open) => path.startsWith(`${open}/`)),
        path,
      );
    t.strictSame(words('RequiresMountsFor'), [dataPath]);
    t.strictSame(words('ProtectSystem'), ['strict']);
  }
});
