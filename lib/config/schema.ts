import { schema } from './validate.generated.ts';

/** What the messages read of the schema. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: false | Schema;
  readonly 'x-allowed'?: string;
}

const root = schema as Schema;

const longestExample = 120;

/** What may stand at a place, in words. */
export function allowed(schema: Schema): string {
  if (schema.enum) return schema.enum.length === 1 ? schema.enum[0]! : `one of ${schema.enum.join(', ')}`;
  if (schema.type === 'object' && schema.properties)
    return `a section with ${Object.keys(schema.properties).join(', ')}`;
  if (schema.type === 'boolean') return 'true or false';
  if (schema.type === 'integer') return `a whole number from ${schema.minimum} to ${schema.maximum}`;
  const example = schema.examples?.[0];
  const text = typeof example === 'object' ? JSON.stringify(example) : example;
  // A whole section would bury what is said.
  const shown = typeof text === 'string' && text.length > longestExample ? undefined : text;
  return `${schema['x-allowed'] ?? 'text'}${shown === undefined ? '' : `, for example ${shown}`}`;
}

export function knownAt(pointer: string): string[] {
  return Object.keys(schemaAt(pointer)?.properties ?? {});
}

export function schemaAt(pointer: string): Schema | undefined {
  return pointer
    .split('/')
    .slice(1)
    .reduce<Schema | undefined>((schema, name) => schema && within(schema, name), root);
}

/** The schema of a section's key, of an item of a list, or of a value of a map. */
function within({ properties, items, additionalProperties }: Schema, name: string): Schema | undefined {
  if (properties) return Object.hasOwn(properties, name) ? properties[name] : undefined;
  return items ?? (additionalProperties || undefined);
}

/** Every place in the schema where a key of this name is known, dotted. */
export function pathsOf(name: string, schema = root, path = ''): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, child]) => {
    const here = path ? `${path}.${key}` : key;
    return [...(key.toLowerCase() === name.toLowerCase() ? [here] : []), ...pathsOf(name, child, here)];
  });
}
