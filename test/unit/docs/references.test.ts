// What the documentation points at must be there: links, headings, files, runbooks, flags, exit codes, names.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import t from 'tap';
import { commonFlags } from '../../../lib/cli/flags.ts';
import { exitCodes } from '../../../lib/core/errors.ts';
import { secretNames } from '../../../lib/core/secrets.ts';
import { phases } from '../../../lib/phases/index.ts';
import { anchorsOf, blocksOf, exists, pages, proseOf, read, root } from './pages.ts';

const runbooks = readdirSync(join(root, 'runbooks')).map((file) => file.replace(/\.mjs$/, ''));
const pageOf = (path: string) => pages.find((page) => page.path === path)?.text ?? '';

t.test('relative links lead to a file, and to a heading of it', async (t) => {
  for (const { path, text } of pages) {
    for (const [, target = ''] of proseOf(text).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^(https?|mailto):/.test(target)) continue;
      const [file = '', anchor] = target.split('#');
      const found = file === '' ? path : normalize(join(dirname(path), file));
      t.ok(exists(found), `${path}: ${target}`);
      if (anchor !== undefined && found.endsWith('.md'))
        t.ok(anchorsOf(read(found)).includes(anchor), `${path}: ${target}`);
    }
  }
});

t.test('paths of the repository in backticks exist', async (t) => {
  const top = /^(lib|runbooks|templates|schema|test|docs|\.ci)\/|^[\w.-]+\.(json|cjs)$|^(README|CHANGELOG)\.md$/;
  for (const { path, text } of pages) {
    for (const [, word = ''] of proseOf(text).matchAll(/`([^`\n]+)`/g)) {
      if (
        !top.test(word) ||
        /[\s*<…]|NAME|NNNN/.test(word) ||
        ['daemon.json', 'config.json', 'gitea.inventory.json'].includes(word)
      )
        continue;
      t.ok(exists(word.replace(/:\d+$/, '')), `${path}: ${word}`);
    }
  }
});

t.test('runbooks and flags in the docs exist, and each runbook has its page', async (t) => {
  for (const { path, text } of pages) {
    for (const [line, name = ''] of text.matchAll(/runbooks\/([a-z-]+)\.mjs[^\n`]*/g)) {
      t.ok(runbooks.includes(name), `${path}: ${line}`);
      if (!runbooks.includes(name)) continue;
      const source = read(`runbooks/${name}.mjs`);
      for (const [, flag = ''] of line.replace(/ [|#;&].*/, '').matchAll(/ --([a-z-]+)/g)) {
        const known = flag in commonFlags || source.includes(`'${flag}'`) || source.includes(`${flag}: {`);
        t.ok(known, `${path}: --${flag} of ${name}`);
      }
    }
  }
  for (const name of runbooks) {
    t.ok(exists(`docs/runbooks/${name}.md`), `docs/runbooks/${name}.md`);
    t.match(pageOf('README.md'), `docs/runbooks/${name}.md`, `the README names ${name}`);
  }
});

t.test('the exit codes of the README are those of the code', async (t) => {
  const rows = [...pageOf('README.md').matchAll(/^\| (\d+) \| `(\w+)` \|/gm)].map(([, code, name]) => [
    name,
    Number(code),
  ]);
  t.strictSame(Object.fromEntries(rows), exitCodes);
  t.equal(rows.length, Object.keys(exitCodes).length);
});

t.test('a page names the exit codes of its own runbook and no others', async (t) => {
  const always = ['done', 'unexpected', 'interrupted'];
  for (const name of runbooks) {
    const list = /exitCodes: \[([^\]]*)\]/.exec(read(`runbooks/${name}.mjs`))?.[1] ?? '';
    const wanted = [...always, ...[...list.matchAll(/'(\w+)'/g)].map(([, word]) => word)];
    const codes = wanted.map((word) => exitCodes[word as keyof typeof exitCodes]).sort((a, b) => a - b);
    const said = /^Exit codes: ([\d, ]+)\.?/m.exec(pageOf(`docs/runbooks/${name}.md`))?.[1];
    t.equal(said?.trim(), codes.join(', '), name);
  }
});

t.test('pages that messages name are there, with the heading that they name', async (t) => {
  for (const file of readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    for (const [, path = '', heading] of read(`lib/${file}`).matchAll(
      /(docs\/(?:runbooks|adr|reference|concepts)\/[\w-]+\.md)(?:, "([^"]+)")?/g,
    )) {
      t.ok(exists(path), `lib/${file}: ${path}`);
      if (heading) t.match(read(path), `# ${heading}\n`, `lib/${file}: ${heading}`);
    }
  }
});

t.test('every secret and every phase is explained where one looks for it', async (t) => {
  for (const name of secretNames) t.match(pageOf('docs/runbooks/deploy.md'), name);
  for (const { name } of phases) t.match(pageOf('docs/runbooks/deploy.md'), `\`${name}\``);
});

t.test('scripts in the README parse and import what there is', async (t) => {
  const door = read('lib/index.ts');
  for (const { text } of blocksOf(pageOf('README.md'), 'js')) {
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--check'], {
      input: text,
      encoding: 'utf8',
    });
    t.equal(status, 0, stderr || 'parses');
    const names = /import \{([^}]+)\} from 'gitea-runbooks'/.exec(text)?.[1]?.split(',') ?? [];
    t.ok(names.length > 0, 'imports something');
    for (const name of names.map((word) => word.trim()).filter(Boolean))
      t.match(door, new RegExp(`\\b${name}\\b`), name);
  }
});

t.test('the messages that the deploy page explains are messages of the code', async (t) => {
  const files = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const code = files.map((file) => read(`lib/${file}`).replace(/\$\{[^}]*\}/g, '…')).join('\n');
  const rows = [...pageOf('docs/runbooks/deploy.md').matchAll(/^\| \d+ \| (.+?) \| .* \|$/gm)];
  t.ok(rows.length > 20, 'the table is there');
  for (const [, cell = ''] of rows) {
    for (const [, message = ''] of cell.matchAll(/`([^`]+)`/g)) {
      // Names and numbers stand for themselves in the page and for an expression in the code.
      const parts = message.split(/…|\d+|gitea-proxy-1|root$/).map((part) => part.trim());
      for (const part of parts.filter((word) => word.includes(' '))) t.ok(code.includes(part), `${message}: "${part}"`);
    }
  }
});
