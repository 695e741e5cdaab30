import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import t from 'tap';
import { parseConfig } from '../../../lib/config/load.ts';
import { stale } from '../../../schema/generate.ts';

const root = new URL('../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const schema = JSON.parse(read('schema/gitea.config.schema.json'));

interface Node {
  description?: string;
  examples?: unknown[];
  default?: unknown;
  required?: string[];
  additionalProperties?: boolean;
  properties?: Record<string, Node>;
}

t.test('types, validator and reference page follow from the schema', async (t) => {
  t.strictSame(await stale(), [], 'run: node --import tsx schema/generate.ts');
});

t.test('the schema is closed, and every key is described', async (t) => {
  const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
  ajv.addVocabulary(['x-allowed', 'x-resolved']);
  const walk = (node: Node, path: string) => {
    if (node.properties) t.equal(node.additionalProperties, false, `${path || 'top'} is closed`);
    for (const [key, child] of Object.entries(node.properties ?? {})) {
      const here = `${path}.${key}`;
      t.ok(child.description, `${here} has a description`);
      t.notOk(child.default !== undefined && node.required?.includes(key), `${here} is not required and defaulted`);
      if (!child.properties) {
        t.ok(child.examples?.length, `${here} has an example`);
        const valid = ajv.compile(child);
        for (const value of [...(child.examples ?? []), ...(child.default === undefined ? [] : [child.default])]) {
          t.ok(valid(value), `${here} takes its own example ${String(value)}`);
        }
      }
      walk(child, here);
    }
  };
  walk(schema, '');
});

t.test('the example file', async (t) => {
  const text = read('gitea.config.yaml');
  t.equal(text.split('\n')[0], '# yaml-language-server: $schema=./schema/gitea.config.schema.json');
  const left = parseConfig(text, 'gitea.config.yaml').problems.map(
    ({ path, message }) => `${path} ${message.split(':')[0]}`,
  );
  t.strictSame(
    left,
    ['host.address', 'domain', 'admin.email', 'tls.email'].map((path) => `${path} placeholder value left in`),
    'holds placeholders and nothing else that is wrong',
  );
  const filled = text.replaceAll('203.0.113.10', '10.1.2.3').replaceAll('example.com', 'corp.test');
  t.strictSame(parseConfig(filled, 'gitea.config.yaml').problems, []);
  const uncommented = filled.replaceAll(/^(\s*)# ( *(?:(?:- )?\w+:|#).*)$/gm, '$1$2');
  const { config, problems } = parseConfig(
    uncommented.replaceAll('198.51.100.', '10.0.0.').replaceAll('123456789012', '210987654321'),
    '/c/gitea.config.yaml',
    { home: '/h' },
  );
  t.strictSame(problems, [], 'every commented-out line is valid too');
  t.equal(config?.tls.directory, 'https://acme.corp.test/dir');
  const keys = Object.entries(schema.properties as Record<string, Node>).flatMap(([name, node]) =>
    Object.keys(node.properties ?? { [name]: 1 }),
  );
  const missing = keys.filter((key) => !new RegExp(`^[# ]*${key}:`, 'm').test(text));
  t.strictSame(missing, ['provider'], 'shows every key that there is a choice for');
});
