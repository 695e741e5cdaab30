import { readdirSync, readFileSync } from 'node:fs';
import t from 'tap';
import { runHere, testsIn, together } from './together.ts';

t.test('npm test runs every folder', (t) => {
  const here = readdirSync(new URL('.', import.meta.url), { withFileTypes: true });
  const folders = here.filter((entry) => entry.isDirectory() && testsIn(entry.name).length > 0);
  const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const alone = /unit\/\{([a-z,-]+)\}/.exec(scripts.test)?.[1]?.split(',') ?? [];
  t.same(folders.map(({ name }) => name).sort(), [...alone, ...Object.values(together).flat()].sort());
  t.end();
});

await runHere(together.values);
