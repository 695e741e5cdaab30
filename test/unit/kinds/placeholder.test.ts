import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { PlaceholderSpec } from '../../../lib/core/spec.ts';
import { localHost } from '../../../lib/host/local.ts';
import type { Host } from '../../../lib/host/port.ts';
import { isPlaceholder } from '../../../lib/kinds/tls/certificate.ts';
import { placeholder } from '../../../lib/kinds/tls/placeholder.ts';

function sandbox(t: Test, domain = 'git.example.com') {
  const folder = t.testdir({ tls: {} });
  const spec: PlaceholderSpec = {
    ...{ kind: 'placeholder', id: 'p', phase: 'tls', domain, directory: join(folder, 'tls') },
    uid: process.getuid!(),
  };
  const look = async (host: Host) =>
    placeholder.parse((await host.query({ script: placeholder.snippet([spec]) })).stdout, [spec]).get('p')!;
  return {
    at: (path: string) => join(folder, 'tls', path),
    diff: async () => placeholder.diff(spec, await look(localHost())),
    make: () =>
      placeholder.apply(spec, placeholder.diff(spec, false)!, { host: localHost(), progress: () => {} }, false),
  };
}

t.test('the placeholder: a pair of its owner alone, for the name, known as what it is', async (t) => {
  const domain = `${'a'.repeat(63)}.${'b'.repeat(63)}.example.com`;
  for (const name of ['git.example.com', domain]) {
    const { at, diff, make } = sandbox(t, name);
    t.match(await diff(), { action: 'create', title: `placeholder certificate for ${name}` });
    await make();
    t.equal(await diff(), undefined);
    t.equal(readlinkSync(at('current')), 'placeholder');
    t.equal(statSync(at('placeholder')).mode & 0o777, 0o700);
    t.equal(statSync(at('current/privkey.pem')).mode & 0o777, 0o600);
    const made = new X509Certificate(readFileSync(at('current/fullchain.pem')));
    t.ok(isPlaceholder(made));
    t.equal(made.checkHost(name), name);
    t.notOk(existsSync(at('current.next')));
  }
});

t.test('the placeholder: half a pair, an empty file or a link that leads nowhere is none', async (t) => {
  const { at, diff, make } = sandbox(t);
  const breaks = [
    () => rmSync(at('current/privkey.pem')),
    () => truncateSync(at('current/fullchain.pem')),
    () => {
      rmSync(at('current'));
      symlinkSync('gone', at('current'));
    },
  ];
  for (const [index, spoil] of breaks.entries()) {
    await make();
    spoil();
    t.match(await diff(), { action: 'create' }, `${index}`);
    await make();
    t.equal(await diff(), undefined);
  }
});
