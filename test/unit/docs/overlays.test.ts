// The example of the page on overlays is run, so that it says what happens.
import t from 'tap';
import { parseConfig } from '../../../lib/config/load.ts';
import { blocksOf, read } from './pages.ts';

const page = read('docs/concepts/overlays.md');
const [base = '', overlay = ''] = blocksOf(page, 'yaml').map(({ text }) => text);

t.test('the table of the example names all that an overlay changes, and nothing else', async (t) => {
  const load = (...overlays: { file: string; text: string }[]) =>
    flat(parseConfig(base, '/here/gitea.config.yaml', { placeholders: 'allow', overlays }).config);
  const [plain, merged] = [load(), load({ file: '/here/staging/gitea.yaml', text: overlay })];
  const found = [...merged].filter(([key, value]) => plain.get(key) !== value);
  const row = /^\| `([\w.]+)` \| `([^`]+)` \| `([^`]+)` \|$/gm;
  const told = [...page.matchAll(row)].map(([, key, before, after]) => [key, before, after]);
  t.strictSame(told.sort(), found.map(([key, value]) => [key, plain.get(key), value]).sort());
  t.ok(told.length > 4);
});

/** Every value by its dotted path, paths below /here as they are from there. */
function flat(value: unknown, path = ''): Map<string, string> {
  if (typeof value !== 'object' || value === null) return new Map([[path, String(value).replace(/^\/here\//, '')]]);
  return new Map(Object.entries(value).flatMap(([key, child]) => [...flat(child, path ? `${path}.${key}` : key)]));
}
