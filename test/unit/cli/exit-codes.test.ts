// Every exit code that a runbook can end with stands in its --help: what the code behind it throws, by following its imports.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { exitCodes } from '../../../lib/core/errors.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const read = (path: string) => readFileSync(path, 'utf8');

/** All modules that one is made of; types are gone at run time. */
function reach(path: string, seen = new Set<string>()): Set<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  const statements = read(path).matchAll(
    /^(?:import|export) (?!type )[^;]*? from '(\.[^']+)'|import\('(\.[^']+)'\)/gms,
  );
  for (const [, fixed, late] of statements) reach(resolve(dirname(path), (fixed ?? late)!), seen);
  return seen;
}

const kindsIn = (path: string) => [
  ...[...read(path).matchAll(/RunbookError\(\s*'(\w+)'/g)].map(([, kind]) => kind!),
  ...[...read(path).matchAll(/failure\('(\w+)'/g)].map(([, kind]) => kind!),
  ...[...read(path).matchAll(/refused \? '(\w+)' : '(\w+)'/g)].flatMap(([, one, other]) => [one!, other!]),
];

/** Where each thing that a runbook gets from the library comes from. */
const doors = new Map<string, string>();
for (const [, names, from] of read(join(root, 'lib/index.ts')).matchAll(/^export \{([^}]*)\} from '([^']+)'/gm))
  for (const name of names!.split(',').map((each) => each.trim()))
    if (name && !name.startsWith('type ')) doors.set(name, join(root, 'lib', from!));

/** Every runbook has these; `unexpected` is never promised by name. */
const always = ['done', 'unexpected', 'interrupted'];

for (const file of readdirSync(join(root, 'runbooks'))) {
  t.test(file, async (t) => {
    const text = read(join(root, 'runbooks', file));
    const listed = [...(/exitCodes: \[([^\]]*)\]/.exec(text)?.[1] ?? '').matchAll(/'(\w+)'/g)].map(([, kind]) => kind!);
    for (const kind of listed) t.ok(kind in exitCodes, kind);
    const imported = [...text.matchAll(/^import \{([^}]*)\} from 'gitea-runbooks'/gm)].flatMap(([, names]) =>
      names!.split(',').map((name) => name.trim()),
    );
    const used = imported.filter((name) => doors.has(name) && name !== 'runbook');
    const modules = new Set(used.flatMap((name) => [...reach(doors.get(name)!)]));
    // A host that can only be looked at (lib/host/wrappers.ts) has nothing changed, and so no change that fails.
    const looksOnly = used.every((name) => !['deploy', 'rotate', 'infraApply'].includes(name));
    const thrown = new Set([...modules].flatMap(kindsIn).filter((kind) => !always.includes(kind)));
    if (looksOnly) for (const kind of ['changeFailed', 'locked', 'checkFailed']) thrown.delete(kind);
    t.same(
      [...thrown].filter((kind) => !listed.includes(kind)),
      [],
      `${[...modules].length} modules throw ${[...thrown].join(', ')}`,
    );
    // What it ends with by itself: all words of the choice.
    const chosen = [...text.matchAll(/\bexit(?::| =) ([^,}\n]*)/g)].flatMap(([, choice]) => [
      ...choice!.matchAll(/'(\w+)'/g),
    ]);
    for (const [, kind] of chosen) if (kind !== 'done') t.ok(listed.includes(kind!), kind!);
  });
}
