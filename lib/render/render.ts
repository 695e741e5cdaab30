import { Eta } from 'eta';

/** What a template may see. Functions are called by it, plain objects are looked into. */
export type Values = Readonly<Record<string, unknown>>;

/** A mistake in a template or in what it was given: a bug of this project, never of a user's config. */
export class TemplateError extends Error {
  constructor(template: string, cause: unknown) {
    super(`template ${template}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'TemplateError';
  }
}

const eta = new Eta({
  varName: 'it',
  useWith: false,
  autoEscape: false,
  // By default every tag would eat the line break behind it.
  autoTrim: false,
  autoFilter: true,
  filterFunction: (value: unknown) => {
    if (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) return String(value);
    throw new TypeError(
      `<%= %> needs a text, a number or a boolean, not ${typeof value === 'object' ? 'an object or null' : String(value)}`,
    );
  },
});

/**
 * Fills a template: `<%= it.name %>` puts a value in as it is, `<% … -%>` is a line of JavaScript.
 * Unknown names at any depth, and values that are not text, numbers or booleans, throw a TemplateError.
 * @param name - for messages
 */
export function render(name: string, template: string, values: Values): string {
  try {
    return eta.renderString(template, strict(values, 'it') as object);
  } catch (error) {
    throw new TemplateError(name, rootCause(error));
  }
}

/** The same object, except that a name that it does not have is an error. Arrays and values stay as they are. */
function strict(value: unknown, path: string): unknown {
  if (Array.isArray(value)) return value.map((item, index) => strict(item, `${path}[${index}]`));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return new Proxy(value, {
    get: (target, key) => {
      if (typeof key === 'symbol') return Reflect.get(target, key);
      if (!Object.hasOwn(target, key)) throw new ReferenceError(`unknown name ${path}.${key}`);
      return strict(Reflect.get(target, key), `${path}.${key}`);
    },
  });
}

function rootCause(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? rootCause(error.cause) : error;
}
