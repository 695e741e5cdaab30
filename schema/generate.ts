/**
 * Writes everything that follows from gitea.config.schema.json: the types, the compiled validator, the reference
 * page and the schema of overlays. `node --import tsx schema/generate.ts` writes, `--check` only compares and exits 1 when a file is stale.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { compile } from 'json-schema-to-typescript';
import { overlay } from './overlay.ts';
import { reference } from './reference.ts';

export interface Schema {
  readonly $schema?: string;
  /** Several where a value may be one of them. */
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  /** False, or what every value of a map must be. */
  readonly additionalProperties?: false | Schema;
  readonly 'x-allowed'?: string;
  readonly if?: Schema;
  readonly else?: Schema;
  /** Always there once the file has been read, although the schema gives no default. */
  readonly 'x-resolved'?: boolean;
}

const banner = '// Generated from schema/gitea.config.schema.json by schema/generate.ts. Do not edit.';
const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

/** The generated files by their path in the repository. */
export async function generate(): Promise<Record<string, string>> {
  const schema = JSON.parse(read('schema/gitea.config.schema.json')) as Schema;
  return {
    'lib/config/config.types.ts': await types(schema),
    'lib/config/validate.generated.ts': validator(schema),
    'docs/reference/config.md': reference(schema),
    'schema/gitea.overlay.schema.json': `${JSON.stringify(overlay(schema), null, 2)}\n`,
  };
}

/** Generated paths whose text in the working tree is not what the schema gives. */
export async function stale(): Promise<string[]> {
  const paths = Object.entries(await generate()).filter(([path, text]) => {
    try {
      return read(path) !== text;
    } catch {
      return true;
    }
  });
  return paths.map(([path]) => path);
}

async function types(schema: Schema): Promise<string> {
  const options = {
    bannerComment: '',
    additionalProperties: false,
    style: { singleQuote: true, printWidth: 120 },
  };
  const input = await compile(plain(schema, false) as object, 'ConfigInput', options);
  const resolved = await compile(plain(schema, true) as object, 'Config', options);
  return `${banner}\n\n/** The file as a person writes it: what has a default may be left out. */\n${body(input)}\n${resolvedNote}\n${body(resolved)}`;
}

const resolvedNote = '/** What the library works with: every default filled in, every local path absolute. */';

/** json-schema-to-typescript repeats the top-level description as a comment; ours says more. */
function body(text: string): string {
  return `${text.slice(text.indexOf('export interface')).trimEnd()}\n`;
}

/** The schema without what would only clutter the types. Resolved: what has a default is always there. */
function plain(schema: Schema, resolved: boolean): Record<string, unknown> {
  const {
    $schema: _schema,
    title: _title,
    default: _default,
    examples: _examples,
    'x-resolved': _resolved,
    if: _if,
    else: _else,
    properties,
    required = [],
    items,
    ...more
  } = schema;
  const rest = items === undefined ? more : { ...more, items: plain(items, resolved) };
  if (!properties) return rest;
  const entries = Object.entries(properties);
  const always = (value: Schema) => value.default !== undefined || value['x-resolved'];
  const filled = resolved ? entries.filter(([, value]) => always(value)).map(([key]) => key) : [];
  return {
    ...rest,
    required: [...required, ...filled],
    properties: mapValues(properties, (value) => plain(value, resolved)),
  };
}

/** Compiling the schema at every start costs more than parsing the file, so the compiled form is kept. */
function validator(schema: Schema): string {
  const ajv = new Ajv2020({
    allErrors: true,
    allowUnionTypes: true,
    useDefaults: true,
    code: { source: true, esm: true, lines: true },
  });
  ajv.addVocabulary(['x-allowed', 'x-resolved']);
  const code = standaloneCode.default(ajv, ajv.compile(terse(schema)));
  if (code.includes('require(')) throw new Error('the schema uses a keyword whose validator needs ajv at run time');
  const name = /const (schema\d+) = \{"type"/.exec(code)?.[1];
  if (!name) throw new Error('the compiled validator does not hold the schema');
  const marks =
    '// @ts-nocheck\n// biome-ignore-all lint: generated\n// biome-ignore-all format: generated\n// biome-ignore-all assist: generated';
  const text = code
    .replace('"use strict";', '')
    .replace(/export default \w+;/, '')
    .trim();
  return `${banner}\n${marks}\n${text}\n\nexport { ${name} as schema };\n`;
}

/** What the messages need at run time; descriptions are for people. */
function terse(schema: Schema): Schema {
  const {
    $schema: _schema,
    title: _title,
    description: _description,
    'x-resolved': _resolved,
    properties,
    items,
    ...more
  } = schema;
  const rest = items === undefined ? more : { ...more, items: terse(items) };
  if (!properties) return rest;
  return { ...rest, properties: mapValues(properties, terse) };
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--check')) {
    const paths = await stale();
    if (paths.length > 0) {
      console.error(`stale: ${paths.join(', ')}\nNext: node --import tsx schema/generate.ts`);
      process.exitCode = 1;
    }
  } else {
    for (const [path, text] of Object.entries(await generate())) {
      writeFileSync(new URL(`../${path}`, import.meta.url), text);
    }
  }
}
