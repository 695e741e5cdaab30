import type { Schema } from './generate.ts';

/** The reference page: one table a section, one row a key, in the order of the schema. */
export function reference(schema: Schema): string {
  const sections = Object.entries(schema.properties ?? {});
  const single = sections.filter(([, value]) => !value.properties);
  const groups = sections.filter(([, value]) => value.properties);
  return [
    '<!-- Generated from schema/gitea.config.schema.json by schema/generate.ts. Do not edit. -->',
    '# gitea.config.yaml',
    schema.description ?? '',
    'Unknown keys, wrong types, duplicate keys and values left over from the example are refused, all at once, with line and column. Other files can be [laid over this one](../concepts/overlays.md).',
    table(single.map(([key, value]) => row(key, value, schema.required?.includes(key) ?? false))),
    ...groups.flatMap(([key, value]) => section(key, value)),
  ]
    .join('\n\n')
    .concat('\n');
}

function section(name: string, schema: Schema): string[] {
  return [`## ${name}`, schema.description ?? '', table(rows(name, schema))];
}

/** A section within a section has no table of its own, nor have the items of a list. */
function rows(name: string, schema: Schema): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, value]) => {
    const path = `${name}.${key}`;
    const own = value.properties ? [] : [row(path, value, schema.required?.includes(key) ?? false)];
    return [...own, ...rows(path, value), ...rows(`${path}[]`, value.items ?? {})];
  });
}

function table(rows: readonly string[]): string {
  const head = '| Key | Type | Default | Allowed | Meaning | Example |\n|---|---|---|---|---|---|';
  return [head, ...rows].join('\n');
}

function row(key: string, schema: Schema, required: boolean): string {
  const fallback = schema.default === undefined ? (required ? '**required**' : 'none') : code(schema.default);
  const examples = (schema.examples ?? []).map(code).join(', ');
  const cells = [
    `\`${key}\``,
    [schema.type ?? ''].flat().join(', '),
    fallback,
    allowed(schema),
    schema.description ?? '',
    examples,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function allowed(schema: Schema): string {
  if (schema.enum) return schema.enum.map(code).join(', ');
  if (schema.type === 'boolean') return '`true`, `false`';
  if (schema.minimum !== undefined) return `${schema.minimum} to ${schema.maximum}`;
  return schema['x-allowed'] ?? '';
}

function code(value: unknown): string {
  return `\`${typeof value === 'object' ? JSON.stringify(value) : String(value)}\``;
}
