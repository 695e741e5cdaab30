import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import type { ClaimSpec } from '../../../lib/core/spec.ts';
import { localHost } from '../../../lib/host/local.ts';
import { claim } from '../../../lib/kinds/files/claim.ts';
import { database } from '../../../lib/phases/database.ts';
import { phases } from '../../../lib/phases/index.ts';
import { composeText } from '../../../lib/phases/stack.ts';
import { input } from '../phases/input.ts';

const wanted = database.desired(input()).find(({ kind }) => kind === 'claim') as ClaimSpec;
const host = localHost();

/** What is found of a directory with these files. */
async function look(path: string) {
  const spec = { ...wanted, path };
  const { stdout } = await host.query({ script: claim.snippet([spec]) });
  return { spec, observed: claim.parse(stdout, [spec]).get(spec.id)! };
}

t.test('a directory is ours when it was empty, or says that it is', async (t) => {
  const root = t.testdir();
  const made = (name: string, files: Readonly<Record<string, string>>) => {
    mkdirSync(join(root, name));
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name, file)), { recursive: true });
      writeFileSync(join(root, name, file), text);
    }
    return join(root, name);
  };
  const compose = composeText(input(), phases);
  const cases: [string, string, string][] = [
    ['absent', join(root, 'nothing'), 'free'],
    ['empty', made('empty', {}), 'free'],
    ['the root of a new file system', made('volume', { 'lost+found/#1': '' }), 'free'],
    ['marked', made('marked', { '.gitea-runbooks': '', other: '' }), 'marked'],
    ['made before there were marks', made('before', { 'compose.yaml': compose, 'postgres/x': '' }), 'before-marks'],
    ["somebody else's Compose project", made('compose', { 'compose.yaml': `\n${compose}` }), 'foreign'],
    ['a mark that was not put to its end', made('part', { '..gitea-runbooks.gitea-runbooks.a1B2c3': '' }), 'free'],
    ['what is only like it', made('like', { '.notes.gitea-runbooks.a1B2c3': '' }), 'foreign'],
    ['one file', made('one', { 'notes.txt': '' }), 'foreign'],
    ['a hidden file', made('hidden', { '.profile': '' }), 'foreign'],
    ['one that begins like the mark', made('almost', { '.gitea-runbooks2': '' }), 'foreign'],
    ['a file', join(made('file', { here: '' }), 'here'), 'foreign'],
  ];
  symlinkSync(join(root, 'one'), join(root, 'link'));
  cases.push(['a link to what is not ours', join(root, 'link'), 'foreign']);
  for (const [what, path, state] of cases) t.equal((await look(path)).observed.state, state, what);
});

t.test('what is not ours is refused, with what was found and a way on', async (t) => {
  const path = t.testdir({ 'tax 2025.ods': '' });
  const { spec, observed } = await look(path);
  t.throws(() => claim.diff(spec, observed), {
    exitCode: 22,
    message: new RegExp(`${path} is not empty.*it holds tax 2025\\.ods\nNext: nothing was changed.*host\\.dataPath`),
  });
});

t.test('the mark makes it ours', async (t) => {
  const path = t.testdir();
  const { spec, observed } = await look(path);
  t.match(claim.diff(spec, observed), { action: 'create', title: `${path}/.gitea-runbooks`, impact: 'none' });
  const put = async ({ path: at, content }: { path: string; content: unknown }) => writeFileSync(at, String(content));
  const change = claim.diff(spec, observed)!;
  await claim.apply(spec, change, { host: { ...host, put }, progress: () => {} }, observed);
  t.match(readFileSync(join(path, '.gitea-runbooks'), 'utf8'), /the directory is its own/);
  writeFileSync(join(path, 'data'), '');
  t.equal(claim.diff(spec, (await look(path)).observed), undefined);
});
