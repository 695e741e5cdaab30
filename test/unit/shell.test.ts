import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { OwnedSpec, Spec } from '../../lib/core/spec.ts';
import { kinds } from '../../lib/kinds/index.ts';
import { desiredState } from '../../lib/phases/index.ts';
import { leaves, replaced } from './shell/leaves.ts';
import { runsCanary } from './shell/sandbox.ts';
import { skeleton } from './shell/skeleton.ts';
import { compare, firstOf, inputs, scriptsOf } from './shell/walk.ts';

const skipped = (spec: Spec, [first, ...more]: readonly string[]) =>
  // Comes from the registry of this machine, and only if it has this very checksum; no config has a part in it.
  spec.kind === 'runtime' ||
  // Words of our own, that say which way the code takes.
  first === 'kind' ||
  (spec.kind === 'login' && first === 'role') ||
  // A script of our own, in which values are words: the walk over the config looks at it.
  first === 'validate' ||
  more.at(-1) === 'impact' ||
  (spec.kind === 'owned' && isCompared(spec, [first, ...more]));

/** Ids and what stays are compared here, never on the host; and of each type one stands for all. */
function isCompared(spec: OwnedSpec, [first, index, ...more]: readonly (string | undefined)[]): boolean {
  if (first === 'stays') return true;
  if (first !== 'wanted') return false;
  return (
    firstOf(spec, spec.wanted[Number(index)]!.mark.type) !== Number(index) ||
    more.at(-1) === 'type' ||
    more.at(-1) === 'spec'
  );
}

t.test('no text of a spec is read by a shell', async (t) => {
  const folder = t.testdir();
  const seen = new Set<string>();
  const shapes = new Set<string>();
  for (const spec of inputs.flatMap((one) => desiredState(one))) {
    seen.add(spec.kind);
    const paths = leaves(spec).filter((path) => !skipped(spec, path));
    const shape = JSON.stringify([spec.kind, paths]);
    if (shapes.has(shape)) continue;
    shapes.add(shape);
    for (const some of [...paths.map((path) => [path]), paths]) {
      await compare(t, folder, some === paths, `${spec.id} ${some.join(' ')}`, (text) =>
        scriptsOf(replaced(spec, some, text)),
      );
    }
  }
  t.strictSame([...seen].sort(), Object.keys(kinds).sort(), 'every kind was looked at');
});

t.test('the sandbox and the skeleton see what they look for', async (t) => {
  const folder = t.testdir();
  t.type(runsCanary(folder, ['exit 1', 'echo $(canary)']), 'string');
  t.type(runsCanary(folder, ["sh -c 'canary'"]), 'string');
  t.equal(runsCanary(folder, ["echo '$(canary)' canary"]), undefined);
  t.equal(skeleton(`a "b 'c'" 'd' # e 'f`), skeleton(`xy "b 'c'" 'd '\\''e' # none`));
  for (const [one, other] of [
    ['a b', 'a; b'],
    ['"a"', '"b"'],
    ['a', '$(a)'],
    ["'a'", '`a`'],
    ["'a'", '*'],
  ] as const)
    t.not(skeleton(one), skeleton(other), `${one} is not ${other}`);
  t.throws(() => skeleton('cat <<X'), /here-document/);
});

t.test('no source has a here-document', async (t) => {
  const files = ['lib', 'templates', 'runbooks'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  t.ok(files.length > 200);
  const found = files.filter((file) => /<<[-~]?\s*['"\\]?[A-Za-z_]/.test(readFileSync(file, 'utf8')));
  t.strictSame(found, []);
});
