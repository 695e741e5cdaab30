/** Values of the few kinds of expression that decide what a plan is: literals, variables, locals, and simple choices. */

/** What is known only after the apply. */
export const unknown = Symbol('known after apply');

export interface Scope {
  readonly vars: Readonly<Record<string, unknown>>;
  readonly locals: Readonly<Record<string, unknown>>;
  readonly each?: string;
  /** Value of a reference to a resource, for example "aws_eip.host.public_ip". */
  readonly resource?: (address: string, attribute: string) => unknown;
}

/** A value out of HCL. What cannot be evaluated here is `unknown`, as an attribute that a provider computes. */
export function evaluate(value: unknown, scope: Scope): unknown {
  if (typeof value === 'string') return text(value, scope);
  if (Array.isArray(value)) {
    const items = value.map((item) => evaluate(item, scope));
    return items.includes(unknown) ? unknown : items;
  }
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).map(([key, inner]) => [key, evaluate(inner, scope)] as const);
    return Object.fromEntries(entries.filter(([, inner]) => inner !== unknown));
  }
  return value;
}

function text(value: string, scope: Scope): unknown {
  const whole = /^\$\{([\s\S]*)\}$/.exec(value);
  if (whole && !/\}[\s\S]*\$\{/.test(whole[1] ?? '')) return expression((whole[1] ?? '').trim(), scope);
  let known = true;
  const replaced = value.replace(/\$\{([^}]*)\}/g, (_, inner: string) => {
    const found = expression(inner.trim(), scope);
    if (found === unknown) known = false;
    return String(found);
  });
  return known ? replaced : unknown;
}

function expression(source: string, scope: Scope): unknown {
  const choice = /^(.+?) \? (.+?) : (.+)$/s.exec(source);
  if (choice) {
    const [, condition = '', yes = '', no = ''] = choice;
    const held = truth(condition, scope);
    return held === unknown ? unknown : expression(held ? yes : no, scope);
  }
  if (/^"[^"$]*"$/.test(source)) return source.slice(1, -1);
  if (/^"[^"]*"$/.test(source)) return text(source.slice(1, -1), scope);
  if (/^-?\d+$/.test(source)) return Number(source);
  if (source === 'null') return null;
  if (source === 'true' || source === 'false') return source === 'true';
  if (source === '[]') return [];
  if (source === 'each.key' && scope.each !== undefined) return scope.each;
  const variable = /^var\.(\w+)$/.exec(source)?.[1];
  if (variable !== undefined) return variable in scope.vars ? scope.vars[variable] : unknown;
  const local = /^local\.(\w+)$/.exec(source)?.[1];
  if (local !== undefined) return evaluate(scope.locals[local], scope);
  const inner = /^(?:toset|one)\((.*)\)$/.exec(source)?.[1];
  if (inner !== undefined) {
    const found = expression(inner, scope);
    return source.startsWith('one') && Array.isArray(found) ? (found[0] ?? null) : found;
  }
  const reference = /^(aws_\w+\.\w+)\.(\w+)$/.exec(source);
  if (reference) return scope.resource?.(reference[1] ?? '', reference[2] ?? '') ?? unknown;
  return unknown;
}

function truth(source: string, scope: Scope): boolean | typeof unknown {
  const both = source.split(' && ');
  if (both.length > 1) {
    const held = both.map((part) => truth(part, scope));
    return held.includes(unknown) ? unknown : held.every((one) => one === true);
  }
  const compared = /^(.+) (==|!=) (.+)$/.exec(source);
  if (!compared) return expression(source, scope) as boolean;
  const [left, right] = [expression(compared[1] ?? '', scope), expression(compared[3] ?? '', scope)];
  if (left === unknown || right === unknown) return unknown;
  return (left === right) === (compared[2] === '==');
}
