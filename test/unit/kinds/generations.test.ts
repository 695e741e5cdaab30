import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { GenerationsSpec } from '../../../lib/core/spec.ts';
import { localHost } from '../../../lib/host/local.ts';
import { generations } from '../../../lib/kinds/removal/generations.ts';

t.test('the wanted version and the newest other stay; what is torn goes, and nothing of others', async (t) => {
  const directory = t.testdir();
  const version = (name: string, when: number) => {
    mkdirSync(join(directory, name, 'bin'), { recursive: true });
    writeFileSync(join(directory, name, '.integrity'), '');
    utimesSync(join(directory, name, '.integrity'), when, when);
  };
  // The wanted one may be an older one again, and names say nothing about age.
  for (const [name, when] of [
    ['1', 400],
    ['2', 100],
    ['3', 300],
    ['4', 200],
    ['5.next', 500],
  ] as const)
    version(name, when);
  mkdirSync(join(directory, 'of others/1'), { recursive: true });
  writeFileSync(join(directory, 'notes'), '');
  writeFileSync(join(directory, '6.tgz'), '');
  const spec: GenerationsSpec = {
    ...{ kind: 'generations', id: 'g', phase: 'p', directory, mark: '.integrity', keep: '2' },
  };
  const look = async () => {
    const { stdout } = await localHost().query({ script: generations.snippet([spec]) });
    return generations.parse(stdout, [spec]).get('g')!;
  };
  const found = await look();
  const change = generations.diff(spec, found)!;
  t.match(change, { action: 'remove', impact: 'none', why: 'nobody runs 3, 4, 5.next, 6.tgz any more' });
  await generations.apply(spec, change, { host: localHost(), progress: () => {} }, found);
  t.strictSame(readdirSync(directory).sort(), ['1', '2', 'notes', 'of others']);
  t.ok(existsSync(join(directory, '1/bin')));
  t.equal(generations.diff(spec, await look()), undefined);
  t.equal(generations.diff({ ...spec, directory: join(directory, 'none') }, []), undefined);
});

t.test('which of the others is the newest is told by its mark, in whatever order they are found', async (t) => {
  const spec: GenerationsSpec = {
    ...{ kind: 'generations', id: 'g', phase: 'p', directory: '/opt/x', mark: '.integrity', keep: 'k' },
  };
  const why = (...found: readonly (readonly [name: string, when: number])[]) =>
    generations.diff(
      spec,
      found.map(([name, when]) => ({ name, when })),
    )?.why;
  t.equal(why(['a', 1], ['b', 3], ['c', 2], ['k', 0]), 'nobody runs a, c any more');
  t.equal(why(['b', 3], ['c', 2], ['a', 1], ['k', 9]), 'nobody runs a, c any more');
});
