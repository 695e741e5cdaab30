import type { Priced } from '../cost.ts';

/** One instance of a managed resource, as Terraform's state has it. */
export interface StateResource extends Priced {
  /** Its making was cut off: Terraform would replace it. */
  readonly tainted: boolean;
  /** What `-target` takes: the resource without its index, a whole module as one. */
  readonly target: string;
}

interface RawInstance {
  readonly index_key?: string | number;
  readonly status?: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

interface RawResource {
  readonly module?: string;
  readonly mode?: string;
  readonly type?: string;
  readonly name?: string;
  readonly instances?: readonly RawInstance[];
}

/** The managed resources in the text of `terraform state pull` (format 4). Pure; an empty text is an empty state. */
export function readState(text: string): StateResource[] {
  const raw = (text.trim() === '' ? {} : JSON.parse(text)) as { resources?: readonly RawResource[] };
  const managed = (raw.resources ?? []).filter(({ mode }) => mode === 'managed');
  return managed.flatMap((resource) =>
    (resource.instances ?? []).map((instance) => ({
      address: addressOf(resource, instance),
      target: topModule(resource.module) ?? `${resource.type}.${resource.name}`,
      tainted: instance.status === 'tainted',
      values: instance.attributes ?? {},
    })),
  );
}

/** An attribute of a resource, where it is there and of that type. */
export function attribute<T extends 'string' | 'number'>(
  state: readonly StateResource[],
  address: string,
  name: string,
  type: T,
): (T extends 'string' ? string : number) | undefined {
  const value = state.find((one) => one.address === address)?.values[name];
  return typeof value === type ? (value as never) : undefined;
}

function addressOf({ module, type, name }: RawResource, { index_key: key }: RawInstance): string {
  const index = key === undefined ? '' : `[${JSON.stringify(key)}]`;
  return `${module === undefined ? '' : `${module}.`}${type}.${name}${index}`;
}

/** "module.vpc" of "module.vpc.module.inner[0]". */
const topModule = (module: string | undefined) =>
  module === undefined ? undefined : /^module\.[^.[]+/.exec(module)?.[0];
