import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';

/** The part of JSON Schema that the schema of the config uses. */
interface Node {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Node | boolean;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly minimum?: number;
  readonly oneOf?: readonly Node[];
  readonly anyOf?: readonly Node[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Node>>;
}

/** A key of the config with one value more than its default. */
export interface Turned {
  readonly key: string;
  readonly value: unknown;
}

export const schema = JSON.parse(
  readFileSync(new URL('../../schema/gitea.config.schema.json', import.meta.url), 'utf8'),
) as Node;

/**
 * Every key of a schema, each with every value worth turning it to: both of a switch, all of a choice, otherwise an example
 * that is not the default. `others` has values for keys whose examples are their default. A key without any value is
 * given without: somebody has to think of one.
 */
export function turnedKeys(
  others: Readonly<Record<string, unknown>>,
  node: Node = schema,
  path: readonly string[] = [],
): (Turned | { readonly key: string; readonly value?: undefined })[] {
  const key = path.join('.');
  const own = valuesOf(node).filter((value) => !isDeepStrictEqual(value, node.default));
  const values = key in others ? [others[key]] : own;
  const below = Object.entries(node.properties ?? {}).flatMap(([name, child]) =>
    turnedKeys(others, resolved(child), [...path, name]),
  );
  if (path.length === 0) return below;
  // An object is turned by its keys; one that has to be there with some of them at once, by an example as well.
  if (node.properties && values.length === 0) return below;
  if (values.length === 0) return [{ key }];
  return [...values.map((value) => ({ key, value })), ...below];
}

function valuesOf(node: Node): readonly unknown[] {
  if (node.type === 'boolean') return [true, false];
  if (node.enum) return node.enum;
  if (node.examples?.some((value) => !isDeepStrictEqual(value, node.default))) return node.examples;
  if (node.type === 'integer' && typeof node.default === 'number') return [node.default + 1];
  return [];
}

function resolved(node: Node): Node {
  const name = node.$ref?.replace('#/$defs/', '');
  return name === undefined ? node : { ...schema.$defs?.[name], ...node };
}
