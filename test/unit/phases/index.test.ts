import t from 'tap';
import { desiredState, phaseNeeds, phases } from '../../../lib/phases/index.ts';
import { inOrder } from '../../../lib/phases/order.ts';
import type { Phase } from '../../../lib/phases/phase.ts';
import { input } from './input.ts';

const phase = (name: string, needs: string[] = []): Phase => ({ name, needs, desired: () => [] });

t.test('each phase comes behind those that it needs', async (t) => {
  const order = inOrder([phase('c', ['b']), phase('a'), phase('b', ['a'])], 'phase').map(({ name }) => name);
  t.same(order, ['a', 'b', 'c']);
  t.same(inOrder(phases, 'phase'), phases, 'the list is in order as it stands');
});

t.test('a circle and an unknown need are errors', async (t) => {
  t.throws(() => inOrder([phase('a', ['b']), phase('b', ['a'])], 'phase'), /a -> b -> a/);
  t.throws(() => inOrder([phase('a', ['x'])], 'phase'), /phase a needs x/);
});

t.test('ids are unique and of one word, every spec names its phase, the same input gives the same specs', async (t) => {
  const specs = desiredState(input());
  t.equal(new Set(specs.map(({ id }) => id)).size, specs.length);
  for (const { id } of specs) t.match(id, /^[\w:/.@-]+$/);
  const names = new Set(phaseNeeds.keys());
  t.ok(specs.every((spec) => names.has(spec.phase)));
  t.same(desiredState(input()), specs);
});

t.test('what must come first comes first', async (t) => {
  const ids = desiredState(input()).map(({ id }) => id);
  const order = [
    'file:/etc/docker/daemon.json',
    'packages:system',
    'unit:docker.service',
    'placeholder:git.example.com',
    'images:stack',
    'compose:gitea',
    'reload:gitea-proxy-1',
    'account:alice',
    'certificate:git.example.com',
  ];
  const positions = order.map((id) => ids.indexOf(id));
  t.notOk(positions.includes(-1));
  t.same(
    positions,
    [...positions].sort((a, b) => a - b),
  );
});

t.test('every file and folder lies in a folder that a bare host has or that comes before it', async (t) => {
  const known = new Set([
    '/',
    '/etc',
    '/opt',
    '/srv',
    '/var/lib',
    '/var/backups',
    '/etc/sysctl.d',
    '/etc/apt/apt.conf.d',
    '/etc/logrotate.d',
  ]);
  // Belongs to a package of the distribution, and to its user once that is there: made on the way, and nobody's concern.
  known.add('/var/lib/prometheus');
  for (const folder of ['/etc/systemd/system', '/etc/apt/preferences.d', '/etc/apt/sources.list.d']) known.add(folder);
  const all = input({
    facts: { release: '12', memoryMiB: 1960 },
    config: { tls: { caBundle: '/x.pem' } },
    caBundle: 'pem',
  });
  for (const spec of desiredState(all)) {
    if (spec.kind !== 'file' && spec.kind !== 'directory' && spec.kind !== 'symlink') continue;
    t.ok(known.has(spec.path.slice(0, spec.path.lastIndexOf('/')) || '/'), spec.path);
    if (spec.kind === 'directory') known.add(spec.path);
  }
});
