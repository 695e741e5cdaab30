// The rules of the Terraform module, read from its text alone: they hold where there is neither Terraform nor AWS. Each rule
// is shown to find something: once for every mistake in the list, and twice for every plain fact.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { brokenBackups } from './broken-backups.ts';
import { brokenHost } from './broken-host.ts';
import { readModule } from './module.ts';
import { findings, rules } from './policy.ts';
import { type Fact, facts, idOf } from './rules/facts.ts';

const folder = new URL('../../../terraform', import.meta.url).pathname;
const texts: Readonly<Record<string, string>> = Object.fromEntries(
  readdirSync(folder)
    .filter((name) => /\.(tf|tftpl)$/.test(name))
    .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
);

const found = async (files: Readonly<Record<string, string>>) => findings(await readModule(files));
const idsIn = async (files: Readonly<Record<string, string>>) => new Set((await found(files)).map(({ rule }) => rule));

/** Mistakes as people make them. Every rule that is no plain fact has one at least. */
const broken = [...brokenHost, ...brokenBackups];

t.test('the module keeps every rule', async (t) => {
  t.strictSame(await found(texts), []);
});

t.test('its files are the ones that are known', async (t) => {
  const names = 'compute dns iam main outputs secrets security storage variables versions vpc'.split(' ');
  t.strictSame(readdirSync(folder).sort(), [...names.map((name) => `${name}.tf`), 'user-data.sh.tftpl'].sort());
});

t.test('every mistake is found', async (t) => {
  for (const { rule, file, from, to } of broken) {
    const text = texts[file]!;
    const name = `${rule}: ${JSON.stringify(to || from).slice(0, 80)}`;
    if (from !== undefined) t.equal(text.split(from).length, 2, `${name}: the text is there once`);
    const changed = from === undefined ? `${text}\n${to}\n` : text.replace(from, () => to);
    const ids = await idsIn({ ...texts, [file]: changed });
    t.ok(ids.has(rule), `${name}: found ${[...ids].join(', ') || 'nothing'}`);
  }
});

t.test('every fact is missed when its line is gone, and when it says something else', async (t) => {
  for (const fact of facts) {
    const [file, block, line] = lineOf(fact);
    for (const to of ['', line.replace(/=.*/, () => `= ${other(fact.is)}`)]) {
      t.not(to, line);
      const changed = block.replace(line, () => to);
      const ids = await idsIn({ ...texts, [file]: texts[file]!.replace(block, () => changed) });
      t.ok(ids.has(idOf(fact)), `${idOf(fact)}: ${to.trim() || 'gone'}`);
    }
  }
});

t.test('no rule is there that was never seen to find something', async (t) => {
  const seen = new Set([...broken.map(({ rule }) => rule), ...facts.map(idOf)]);
  t.strictSame(
    rules.map(({ id }) => id).filter((id) => !seen.has(id)),
    [],
  );
  t.equal(new Set(rules.map(({ id }) => id)).size, rules.length, 'no two have one name');
});

t.test('what is no Terraform is an error, not an empty module', async (t) => {
  await t.rejects(found({ 'main.tf': 'resource "aws_instance" {' }));
  await t.rejects(found({ 'a.tf': 'locals {\n  a = 1\n}', 'b.tf': 'locals {\n  a = 2\n}' }), /a is there twice/);
});

/** The file, the block within it and the line of the block that states the fact. */
function lineOf({ where, path }: Fact): [file: string, block: string, line: string] {
  const names = where.split('.');
  const kind = /^(module|data)\./.test(where) ? names.shift() : 'resource';
  const head = `${kind} ${names.map((name) => `"${name}"`).join(' ')} {\n`;
  for (const [file, text] of Object.entries(texts)) {
    if (!text.includes(head)) continue;
    const start = text.indexOf(head);
    const block = text.slice(start, text.indexOf('\n}\n', start) + 3);
    const line = new RegExp(`^ +${path.split('.').at(-1)} +=.*\\n`, 'm').exec(block)?.[0];
    if (line !== undefined) return [file, block, line];
  }
  throw new Error(`no line for ${where} ${path}`);
}

function other(value: unknown): string {
  if (typeof value === 'boolean') return String(!value);
  return typeof value === 'number' ? String(value + 1) : '"other"';
}
