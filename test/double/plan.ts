/** From configuration, variables and state to the changes of a plan, by the rules that Terraform itself goes by. */
import { evaluate, type Scope, unknown } from './expression.ts';
import type { Module } from './module.ts';
import { forceNew, joins, moduleNeeds, moduleResources, writeOnly } from './provider.ts';
import { addressOf, type Instance, type State } from './state.ts';

type Values = Record<string, unknown>;

export interface Script {
  /** Attributes that somebody changed behind Terraform's back; "gone" for a thing that was deleted. */
  readonly drift?: Readonly<Record<string, Values | 'gone'>>;
  /** Addresses that would be replaced, as if an attribute of theirs could not be changed in place. */
  readonly replace?: readonly string[];
  readonly planFails?: { readonly summary: string; readonly detail: string };
  readonly fail?: { readonly address: string; readonly summary: string; readonly detail: string };
  /** A thing that takes for ever: until an interrupt, or until this is no longer in the script. */
  readonly hang?: string;
  /** Does not heed the first interrupt, as when a provider never comes back. */
  readonly deaf?: boolean;
  /** Lines that are no events, and events of types that nobody knows yet. */
  readonly noise?: boolean;
}

export interface PlannedChange {
  readonly address: string;
  readonly target: string;
  readonly type: string;
  readonly name: string;
  readonly key?: string | number;
  readonly module?: string;
  readonly actions: readonly string[];
  readonly reason?: string;
  readonly before: Values | null;
  readonly after: Values | null;
  readonly afterUnknown: readonly string[];
  readonly replacePaths: readonly string[][];
  readonly needs: readonly string[];
}

export interface Flags {
  readonly destroy: boolean;
  readonly targets: readonly string[];
  readonly replace: readonly string[];
}

interface Wanted {
  readonly address: string;
  readonly target: string;
  readonly type: string;
  readonly name: string;
  readonly key?: string | number;
  readonly module?: string;
  readonly values: Values;
  readonly later: readonly string[];
  readonly ignored: readonly string[];
  readonly needs: readonly string[];
}

const meta = new Set(['lifecycle', 'depends_on', 'count', 'for_each', 'provider']);

export interface Plan {
  readonly changes: readonly PlannedChange[];
  readonly drift: readonly PlannedChange[];
  /** Prior instances by address, as refreshed. */
  readonly prior: ReadonlyMap<string, Values>;
}

export function planOf(module: Module, vars: Values, state: State, flags: Flags, script: Script): Plan {
  const prior = new Map<string, { values: Values; tainted: boolean; target: string; part: Instance; where: Where }>();
  const drift: PlannedChange[] = [];
  for (const resource of state.resources) {
    for (const instance of resource.instances) {
      const address = addressOf(resource, instance.index_key);
      const where = whereOf(resource, instance.index_key);
      const changed = script.drift?.[address];
      const values = changed === 'gone' ? undefined : { ...instance.attributes, ...changed };
      if (changed !== undefined)
        drift.push({
          ...where,
          actions: [values ? 'update' : 'delete'],
          before: instance.attributes,
          after: values ?? null,
          afterUnknown: [],
          replacePaths: [],
          needs: [],
        });
      if (values)
        prior.set(address, {
          values,
          tainted: instance.status === 'tainted',
          target: where.target,
          part: instance,
          where,
        });
    }
  }
  const lookup = (address: string, attribute: string) => prior.get(address)?.values[attribute];
  const scope: Scope = { vars, locals: module.locals, resource: lookup };
  const wanted = flags.destroy ? new Map<string, Wanted>() : wantedOf(module, scope);
  const changes: PlannedChange[] = [];
  const remade = new Set<string>();
  for (const one of inOrder([...wanted.values()])) {
    const was = prior.get(one.address);
    const change = compare(one, was, script, flags, remade);
    if (change.actions.length === 2) remade.add(one.target);
    changes.push(change);
  }
  for (const [address, was] of prior) {
    if (wanted.has(address)) continue;
    const reason = flags.destroy ? undefined : 'delete_because_no_resource_config';
    const needs = needsIn(module, was.where.target);
    changes.push({
      ...was.where,
      actions: ['delete'],
      ...(reason ? { reason } : {}),
      before: was.values,
      after: null,
      afterUnknown: [],
      replacePaths: [],
      needs,
    });
  }
  const priorValues = new Map([...prior].map(([address, { values }]) => [address, values]));
  return {
    changes: targeted(changes, flags).sort((a, b) => (a.address < b.address ? -1 : 1)),
    drift,
    prior: priorValues,
  };
}

type Where = Pick<PlannedChange, 'address' | 'target' | 'type' | 'name' | 'key' | 'module'>;

function whereOf(
  { module, type, name }: { module?: string; type: string; name: string },
  key?: string | number,
): Where {
  const address = addressOf({ ...(module ? { module } : {}), type, name }, key);
  return {
    address,
    target: module ?? `${type}.${name}`,
    type,
    name,
    ...(key === undefined ? {} : { key }),
    ...(module ? { module } : {}),
  };
}

const needsIn = (module: Module, target: string): readonly string[] =>
  module.resources.get(target)?.needs ?? moduleNeeds[target] ?? [];

function wantedOf(module: Module, scope: Scope): Map<string, Wanted> {
  const found: Wanted[] = [];
  for (const { type, name, body, ignored, needs } of module.resources.values()) {
    for (const key of keysOf(body, scope, `${type}.${name}`)) {
      const own = Object.entries(body).filter(([attribute]) => !meta.has(attribute) && !writeOnly.has(attribute));
      const inner = typeof key === 'string' ? { ...scope, each: key } : scope;
      const values = own.map(([attribute, value]) => [attribute, evaluate(value, inner)] as const);
      found.push({
        ...whereOf({ type, name }, key),
        values: Object.fromEntries(values.filter(([, value]) => value !== unknown)),
        later: values.filter(([, value]) => value === unknown).map(([attribute]) => attribute),
        ignored,
        needs,
      });
    }
  }
  for (const called of module.modules) {
    for (const address of moduleResources(called, scope.vars as Values)) {
      const [, type = '', name = '', key] = /^module\.\w+\.(\w+)\.(\w+)\[(\d+)\]$/.exec(address) ?? [];
      const where = whereOf({ module: called, type, name }, Number(key));
      found.push({ ...where, values: {}, later: [], ignored: [], needs: moduleNeeds[called] ?? [] });
    }
  }
  return new Map(found.map((one) => [one.address, one]));
}

function keysOf(body: Values, scope: Scope, address: string): readonly (string | number | undefined)[] {
  if (body.for_each !== undefined) {
    const keys = evaluate(body.for_each, scope);
    if (!Array.isArray(keys)) throw new Error(`the double cannot evaluate for_each of ${address}`);
    return keys as string[];
  }
  if (body.count === undefined) return [undefined];
  const count = evaluate(body.count, scope);
  if (typeof count !== 'number') throw new Error(`the double cannot evaluate count of ${address}`);
  return Array.from({ length: count }, (_, index) => index);
}

function compare(
  one: Wanted,
  was: { values: Values; tainted: boolean } | undefined,
  script: Script,
  flags: Flags,
  remade: ReadonlySet<string>,
): PlannedChange {
  const { values, later, ignored, ...where } = one;
  const common = { ...where, replacePaths: [] as string[][] };
  const made = [...later, 'id', ...(one.type === 'aws_eip' ? ['public_ip'] : [])];
  if (!was) return { ...common, actions: ['create'], before: null, after: values, afterUnknown: made };
  const kept = Object.fromEntries(Object.entries(values).filter(([attribute]) => !ignored.includes(attribute)));
  const after = { ...was.values, ...kept };
  const differing = Object.keys(kept).filter((attribute) => !same(was.values[attribute], kept[attribute]));
  const fixed = forceNew[one.type] ?? [];
  const paths = differing.filter((attribute) => fixed.includes(attribute)).map((attribute) => [attribute]);
  if (joins.has(one.type) && one.needs.some((need) => remade.has(need))) paths.push(['instance_id']);
  const asked = flags.replace.includes(one.address);
  const reason = was.tainted
    ? 'replace_because_tainted'
    : asked
      ? 'replace_by_request'
      : paths.length > 0 || script.replace?.includes(one.address)
        ? 'replace_because_cannot_update'
        : undefined;
  if (reason !== undefined) {
    const fresh = { ...values };
    return {
      ...common,
      actions: ['delete', 'create'],
      reason,
      before: was.values,
      after: fresh,
      afterUnknown: made,
      replacePaths: paths,
    };
  }
  if (differing.length > 0) return { ...common, actions: ['update'], before: was.values, after, afterUnknown: [] };
  return { ...common, actions: ['no-op'], before: was.values, after: was.values, afterUnknown: [] };
}

const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** Dependencies first. */
export function inOrder<T extends { readonly target: string; readonly needs: readonly string[] }>(
  all: readonly T[],
): T[] {
  const done: T[] = [];
  const seen = new Set<string>();
  const visit = (target: string) => {
    if (seen.has(target)) return;
    seen.add(target);
    const here = all.filter((one) => one.target === target);
    for (const one of here) for (const need of one.needs) visit(need);
    done.push(...here);
  };
  for (const one of all) visit(one.target);
  return done;
}

/** With -target only these, with what they need; in a destroy with what needs them. */
function targeted(changes: readonly PlannedChange[], { targets, destroy }: Flags): PlannedChange[] {
  if (targets.length === 0) return [...changes];
  const chosen = new Set(
    changes
      .filter(({ address, target }) => targets.includes(address) || targets.includes(target))
      .map(({ target }) => target),
  );
  for (let before = -1; before !== chosen.size; ) {
    before = chosen.size;
    for (const { target, needs } of changes) {
      if (destroy && needs.some((need) => chosen.has(need))) chosen.add(target);
      if (!destroy && chosen.has(target)) for (const need of needs) chosen.add(need);
    }
  }
  return changes.filter(({ target }) => chosen.has(target));
}
