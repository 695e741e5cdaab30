import type { Schema } from './generate.ts';

/** The schema by which an editor checks an overlay: nothing is required there, and an empty value takes a key away. */
export function overlay(schema: Schema): object {
  const { required: _required, properties, title: _title, description: _description, ...rest } = schema;
  const description =
    'What is laid over gitea.config.yaml. An empty value takes the key away, so that its default applies.';
  return { ...rest, title: 'An overlay of gitea.config.yaml', description, properties: mapped(properties) };
}

function optional(schema: Schema): object {
  const { required: _required, if: _if, else: _else, properties, additionalProperties, ...rest } = schema;
  return {
    ...rest,
    type: [rest.type, 'null'].flat(),
    ...(additionalProperties === undefined
      ? {}
      : { additionalProperties: additionalProperties && optional(additionalProperties) }),
    ...(rest.enum ? { enum: [...rest.enum, null] } : {}),
    ...(properties ? { properties: mapped(properties) } : {}),
  };
}

function mapped(properties: Schema['properties'] = {}): object {
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, optional(value)]));
}
